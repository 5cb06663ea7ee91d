import { existsSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openLedger } from '../../../sim/embedded/open-ledger.ts';
import { sqliteLedger } from '../../../sim/embedded/sqlite-ledger.ts';
import { LedgerUnavailable } from '../../../sim/ledger/store.ts';
import { hasLibsql } from '../../helpers/libsql.ts';
import { temporaryDirectory } from '../../helpers/temporary.ts';
import { storeContract } from './store-contract.ts';

const directory = temporaryDirectory();
afterAll(directory.remove);

storeContract('memory', () => openLedger('memory:'), false);

describe.skipIf(!hasLibsql)('in a file', () => {
  const file = join(directory.path, 'books: of the PSP.sqlite');
  storeContract('SQLite', () => openLedger(`sqlite:${file}`), true);

  it('T19: nobody but the owner reads them', () => {
    openLedger(`sqlite:${file}`).close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('open for no file that is none of SQLite’s, and say which', () => {
    const other = join(directory.path, 'other');
    writeFileSync(other, 'not a database, and long enough to be looked at'.repeat(100));
    expect(() => sqliteLedger(other)).toThrow(
      expect.objectContaining({ code: 'store-failed', hint: `look at ${other}` }),
    );
    expect(() => sqliteLedger(join(directory.path, 'nowhere', 'x'))).toThrow(/ENOENT/);
  });

  it('claim nothing when the file fails in the middle, and go on when it works again', () => {
    const failing = failingLibsql();
    const store = sqliteLedger(join(directory.path, 'failing'), failing.require);
    for (const sql of ['BEGIN IMMEDIATE', 'COMMIT', 'INSERT']) {
      failing.failAt(sql);
      expect(() => store.transact((books) => books.put('key', sql))).toThrow(LedgerUnavailable);
      failing.failAt(undefined);
      expect(store.transact((books) => books.get('key'))).toBeUndefined();
    }
    failing.failAt('SELECT');
    expect(() => store.transact((books) => books.get('secret'))).toThrow(/^SQLite: SQLITE_IOERR$/);
    failing.failAt('ROLLBACK');
    expect(() =>
      store.transact(() => {
        throw new Error('broken');
      }),
    ).toThrow(LedgerUnavailable);
    failing.failAt(undefined);
    store.transact((books) => books.put('key', 'works'));
    expect(store.transact((books) => books.get('key'))).toBe('works');
    store.close();
  });
});

it('without the package SQLite says what to install', () => {
  const require = () => {
    throw Object.assign(new Error('no'), { code: 'MODULE_NOT_FOUND' });
  };
  const file = join(directory.path, 'never');
  expect(() => sqliteLedger(file, require)).toThrow(
    expect.objectContaining({ code: 'store-failed', hint: expect.stringContaining('npm install libsql') }),
  );
  expect(existsSync(file)).toBe(false);
});

it.each(['', 'memory', 'sqlite:', 'mysql://user:secret@host/db', 'file'])('no ledger is set by %j', (setting) => {
  expect(() => openLedger(setting)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  expect(() => openLedger(setting)).not.toThrow(/secret/);
});

/** The real package, whose statements that begin so fail as a disk does. */
function failingLibsql() {
  let failing: string | undefined;
  const check = (sql: string) => {
    if (failing !== undefined && sql.startsWith(failing)) throw Object.assign(new Error(sql), { code: 'SQLITE_IOERR' });
  };
  const Real = createRequire(import.meta.url)('libsql') as new (
    file: string,
    options: object,
  ) => Record<string, unknown>;
  type Call = (...values: unknown[]) => unknown;
  const guarded = (target: object, sql: string): object =>
    new Proxy(target, {
      get(object, key) {
        const value: unknown = Reflect.get(object, key);
        if (typeof value !== 'function') return value;
        return (...values: unknown[]) => {
          const text = key === 'exec' ? String(values[0]) : sql;
          if (key === 'exec' || key === 'run' || key === 'get' || key === 'all') check(text);
          const result = (value as Call).apply(object, values);
          if (key === 'prepare') return guarded(result as object, String(values[0]));
          return key === 'raw' ? guarded(result as object, sql) : result;
        };
      },
    });
  const Failing = new Proxy(Real, {
    construct: (real, [file, options]: [string, object]) => guarded(new real(file, options), ''),
  });
  return {
    require: () => Failing,
    failAt(sql: string | undefined) {
      failing = sql;
    },
  };
}
