/**
 * The ledger in one SQLite file, for one machine; any number of processes may open it. WAL with `synchronous=FULL`: a
 * transaction that has returned survives the death of the process and of the machine.
 */
import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { StoreError } from '../../device/errors.ts';
import { booksOver, type Kept } from '../ledger/books.ts';
import { type LedgerStore, LedgerUnavailable } from '../ledger/store.ts';

/** How long a gateway waits for others to finish before it says that it does not know. */
const BUSY_TIMEOUT_MS = 10_000;

/** Of the optional package `libsql`, which brings SQLite for each platform as a package and downloads nothing. */
interface Statement {
  run(...values: readonly string[]): unknown;
  /** With `raw`, a row is the list of its columns. */
  get(...values: readonly string[]): readonly string[] | undefined;
  all(...values: readonly string[]): readonly (readonly string[])[];
  raw(): Statement;
}
interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  readonly inTransaction: boolean;
  close(): unknown;
}
type Libsql = new (file: string, options: { readonly timeout: number }) => Database;

/**
 * Opens the file, or makes it, readable by its owner only.
 * @throws StoreError `store-failed` where SQLite is not installed or the file is none of it.
 */
export function sqliteLedger(
  file: string,
  require: (name: string) => unknown = createRequire(import.meta.url),
): LedgerStore {
  const database = openDatabase(file, require);
  const statements = {
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    read: database.prepare('SELECT value FROM books WHERE key = ?').raw(),
    list: database.prepare('SELECT key FROM books WHERE key >= ? AND key < ? ORDER BY key').raw(),
    write: database.prepare('INSERT INTO books VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value'),
  };
  const kept: Kept = {
    get: (key) => attempt(() => statements.read.get(key))?.[0],
    // Keys are ASCII, so DEL ends every key that begins so.
    list: (prefix) => attempt(() => statements.list.all(prefix, `${prefix}\x7f`)).map(([key = '']) => key),
  };

  let busy = false;

  /** Also what a roll-back that failed has left. */
  function rollBack(): void {
    if (database.inTransaction) attempt(() => database.exec('ROLLBACK'));
  }

  return {
    transact(work) {
      if (busy) throw new Error('a transaction inside a transaction');
      busy = true;
      try {
        rollBack();
        // IMMEDIATE takes the one write lock at once: nobody changes what is read before it is written.
        attempt(() => statements.begin.run());
        const written = new Map<string, string>();
        const result = work(booksOver(kept, written));
        attempt(() => {
          for (const [key, text] of written) statements.write.run(key, text);
          statements.commit.run();
        });
        return result;
      } finally {
        busy = false;
        rollBack();
      }
    },
    close: () => void database.close(),
  };
}

/** The package's errors hold SQL and paths; only their code is told. */
function attempt<T>(effect: () => T): T {
  try {
    return effect();
  } catch (error) {
    throw new LedgerUnavailable(`SQLite: ${(error as { code?: string }).code ?? 'failed'}`);
  }
}

/**
 * SQLite gives its other files the rights of this one. One that is there is not touched: to close it here would take away the locks
 * that another ledger of this process has on it.
 */
function makeFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
  }
}

function openDatabase(file: string, require: (name: string) => unknown): Database {
  let made: Database | undefined;
  try {
    const Libsql = require('libsql') as Libsql;
    makeFile(file);
    made = new Libsql(file, { timeout: BUSY_TIMEOUT_MS });
    made.exec('PRAGMA journal_mode = WAL');
    made.exec('PRAGMA synchronous = FULL');
    made.exec('CREATE TABLE IF NOT EXISTS books (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID');
    return made;
  } catch (error) {
    made?.close();
    const { code = 'failed' } = error as { code?: string };
    const hint =
      code === 'MODULE_NOT_FOUND'
        ? 'npm install libsql, or write ledger: { kind: journal } into cloud.yaml'
        : `look at ${file}`;
    throw new StoreError('store-failed', `no ledger could be opened in SQLite (${code})`, hint);
  }
}
