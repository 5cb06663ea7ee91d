/**
 * The ledger in PostgreSQL, for gateways on many machines. A transaction holds the one lock of these books, so that all of them
 * come one after another. Rules are synchronous and the client is not, so the client runs on a thread of its own and each
 * call waits for its answer.
 */
import { extname } from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { DeviceError, StoreError } from '../../device/errors.ts';
import { booksOver, type Kept } from '../ledger/books.ts';
import { type LedgerStore, LedgerUnavailable } from '../ledger/store.ts';
import type { Answer, Call, WorkerSettings } from './postgres-ledger-worker.ts';

/** Above every time limit of the server's, so that it is the server that speaks first. */
const ANSWER_TIMEOUT_MS = 20_000;
/** How often a transaction that the server refused for a conflict is made again. */
const ATTEMPTS = 5;

/** The client on its thread; `ask` waits. */
interface Line {
  ask(call: Call): Answer;
  end(): void;
}

/**
 * @param url `postgres://…` as libpq takes it. The table is made when it is not there.
 * @throws StoreError `store-failed` where the package or the server is not there, DeviceError `config-invalid` for another URL.
 */
export function postgresLedger(url: string): LedgerStore {
  if (!/^postgres(?:ql)?:\/\//.test(url))
    throw new DeviceError(
      'config-invalid',
      'the ledger is at no PostgreSQL URL',
      'write postgres://user@host/database',
    );
  let line: Line | undefined = openLine(url);
  const first = line.ask({ kind: 'prepare' });
  if (first.kind !== 'done') {
    line.end();
    const hint = first.code === 'MODULE_NOT_FOUND' ? 'npm install pg, and start again' : 'is the server running?';
    throw new StoreError('store-failed', `no ledger could be opened in PostgreSQL (${first.code})`, hint);
  }
  let busy = false;

  /** Every answer but `done` ends the transaction; a thread that does not answer is given up, and its connection with it. */
  function ask(call: Call): unknown {
    line ??= openLine(url);
    const answer = line.ask(call);
    if (answer.kind === 'done') return answer.value;
    if (answer.kind === 'silent') {
      line.end();
      line = undefined;
    }
    throw answer.kind === 'conflict' ? new Conflict() : new LedgerUnavailable(`PostgreSQL: ${answer.code}`);
  }

  const kept: Kept = {
    get: (key) => ask({ kind: 'get', key }) as string | undefined,
    list: (prefix) => ask({ kind: 'list', prefix }) as readonly string[],
  };

  function once<T>(work: (books: ReturnType<typeof booksOver>) => T): T {
    ask({ kind: 'begin' });
    let result: T;
    const written = new Map<string, string>();
    try {
      result = work(booksOver(kept, written));
    } catch (error) {
      if (!(error instanceof LedgerUnavailable) && !(error instanceof Conflict)) ask({ kind: 'roll-back' });
      throw error;
    }
    ask({ kind: 'commit', keys: [...written.keys()], values: [...written.values()] });
    return result;
  }

  return {
    transact(work) {
      if (busy) throw new Error('a transaction inside a transaction');
      busy = true;
      try {
        return repeatedly(() => once(work));
      } finally {
        busy = false;
      }
    },
    close() {
      line?.ask({ kind: 'end' });
      line?.end();
    },
  };
}

/** The server has undone the transaction because of another one. */
class Conflict extends Error {}

function repeatedly<T>(attempt: () => T): T {
  for (let left = ATTEMPTS; left > 0; left--) {
    try {
      return attempt();
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }
  throw new LedgerUnavailable('PostgreSQL: conflicts without end');
}

function openLine(url: string): Line {
  const { port1: ours, port2: theirs } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: WorkerSettings = { url, port: theirs, signal };
  // Beside this file, compiled like it.
  const file = new URL(`./postgres-ledger-worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, { workerData, transferList: [theirs] });
  worker.on('error', () => {});
  worker.unref();
  return {
    ask: (call) => answerTo(ours, signal, call),
    end() {
      ours.close();
      void worker.terminate();
    },
  };
}

function answerTo(port: MessagePort, signal: Int32Array, call: Call): Answer {
  Atomics.store(signal, 0, 0);
  port.postMessage(call);
  if (Atomics.wait(signal, 0, 0, ANSWER_TIMEOUT_MS) === 'timed-out') return { kind: 'silent', code: 'no answer' };
  return (receiveMessageOnPort(port)?.message as Answer | undefined) ?? { kind: 'silent', code: 'no answer' };
}
