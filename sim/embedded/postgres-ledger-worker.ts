/** The thread of {@link postgresLedger} that speaks with the server: one connection, one call after another. */
import { createRequire } from 'node:module';
import { type MessagePort, workerData } from 'node:worker_threads';

export interface WorkerSettings {
  readonly url: string;
  readonly port: MessagePort;
  /** Set to 1 and notified once the answer is in the port. */
  readonly signal: Int32Array;
}

export type Call =
  | { readonly kind: 'prepare' | 'begin' | 'roll-back' | 'end' }
  | { readonly kind: 'get'; readonly key: string }
  | { readonly kind: 'list'; readonly prefix: string }
  | { readonly kind: 'commit'; readonly keys: readonly string[]; readonly values: readonly string[] };

/** `conflict`: undone by the server because of another transaction. `failed`, `silent`: nobody knows. `code`: nothing secret. */
export type Answer =
  | { readonly kind: 'done'; readonly value?: unknown }
  | { readonly kind: 'conflict' | 'failed' | 'silent'; readonly code: string };

/** Of the optional package `pg`. */
interface Result {
  readonly command: string;
  readonly rows: readonly Record<string, string>[];
}
interface Client {
  connect(): Promise<void>;
  query(sql: string, values?: readonly unknown[]): Promise<Result>;
  end(): Promise<void>;
  on(event: 'error', listener: () => void): unknown;
}
type Pg = { readonly Client: new (settings: Readonly<Record<string, unknown>>) => Client };

/** A server that does not answer within this is one that cannot be reached; a lock is waited for longer than a call takes. */
const LIMITS = {
  connectionTimeoutMillis: 3_000,
  lock_timeout: 4_000,
  statement_timeout: 5_000,
  // A gateway that stopped in the middle does not hold up the others.
  idle_in_transaction_session_timeout: 6_000,
  query_timeout: 8_000,
} as const;

const TABLE = `CREATE TABLE IF NOT EXISTS act_edge_books (key text COLLATE "C" PRIMARY KEY, value text NOT NULL)`;
// One lock for all who write these books; no lock of the table itself, which would keep the server from vacuuming it. READ
// COMMITTED, so that what is read once the lock is granted is what the transaction before has left.
const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED;
  SELECT pg_advisory_xact_lock('act_edge_books'::regclass::oid::bigint)`;
const GET = 'SELECT value FROM act_edge_books WHERE key = $1';
const LIST = 'SELECT key FROM act_edge_books WHERE key >= $1 AND key < $2 ORDER BY key';
const WRITE = `INSERT INTO act_edge_books SELECT * FROM unnest($1::text[], $2::text[])
  ON CONFLICT (key) DO UPDATE SET value = excluded.value`;
/** serialization_failure, deadlock_detected. */
const CONFLICTS: readonly string[] = ['40001', '40P01'];

const { url, port, signal } = workerData as WorkerSettings;
let client: Client | undefined;

async function connected(): Promise<Client> {
  if (client !== undefined) return client;
  const { Client } = createRequire(import.meta.url)('pg') as Pg;
  const fresh = new Client({
    connectionString: url,
    application_name: 'act-edge ledger',
    // A commit that was answered is on the disk, whatever the server's own setting.
    options: '-c synchronous_commit=on',
    keepAlive: true,
    ...LIMITS,
  });
  fresh.on('error', () => {
    if (client === fresh) client = undefined;
  });
  await fresh.connect();
  client = fresh;
  return fresh;
}

async function begin(): Promise<void> {
  const held = client;
  try {
    await (await connected()).query(BEGIN);
  } catch (error) {
    // A connection from before may have died unheard; nothing was asked on it yet, so another one may be tried.
    if (held === undefined || isAnswer(error)) throw error;
    await drop();
    await (await connected()).query(BEGIN);
  }
}

async function drop(): Promise<void> {
  const old = client;
  client = undefined;
  await old?.end().catch(() => {});
}

/** On the connection that began the transaction and on no other: there the lock is not held. */
async function inTransaction(sql: string, values?: readonly unknown[]): Promise<Result> {
  if (client === undefined) throw new Error('the connection broke');
  return client.query(sql, values);
}

const CALLS: { readonly [K in Call['kind']]: (call: Extract<Call, { kind: K }>) => Promise<unknown> } = {
  prepare: async () => void (await (await connected()).query(TABLE)),
  begin,
  get: async ({ key }) => (await inTransaction(GET, [key])).rows[0]?.value,
  // Keys are ASCII, so DEL ends every key that begins so.
  list: async ({ prefix }) => (await inTransaction(LIST, [prefix, `${prefix}\x7f`])).rows.map((row) => row.key),
  commit: async ({ keys, values }) => {
    if (keys.length > 0) await inTransaction(WRITE, [keys, values]);
    // A server that has undone the transaction answers COMMIT with what it did.
    if ((await inTransaction('COMMIT')).command !== 'COMMIT') throw new Error('the transaction was undone');
  },
  'roll-back': async () => void (await inTransaction('ROLLBACK')),
  end: drop,
};

/** Whether the server itself said so; otherwise the connection broke, or time ran out. */
function isAnswer(error: unknown): boolean {
  return /^[0-9A-Z]{5}$/.test((error as { code?: string }).code ?? '') && 'severity' in (error as object);
}

async function answer(call: Call): Promise<Answer> {
  try {
    const carryOut = CALLS[call.kind] as (call: Call) => Promise<unknown>;
    return { kind: 'done', value: await carryOut(call) };
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'failed';
    // Dropping the connection ends the transaction at the server, whatever became of it.
    await drop();
    return { kind: isAnswer(error) && CONFLICTS.includes(code) ? 'conflict' : 'failed', code };
  }
}

port.on('message', (call: Call) => {
  void answer(call).then((reply) => {
    port.postMessage(reply);
    Atomics.store(signal, 0, 1);
    Atomics.notify(signal, 0);
  });
});
