/** How many purchases a second the simulator plays on one core, from worlds of one device to such of a thousand. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ENGINE } from '../fuzz/pool.ts';
import type { CryptoKind } from '../fuzz/swap-crypto.ts';
import { median } from './measure.ts';
import type { Bound, SimAnswer, SimJob, SimWorkerSettings, Timed } from './sim-worker.ts';

/** What is measured of one kind of world. */
export interface SimRow {
  readonly crypto: CryptoKind;
  /** Whether frames are sealed as well as signed. */
  readonly sealed: boolean;
  readonly devices: number;
  /** Median over the rounds, of purchases for each second that the processor worked. */
  readonly perSecond: number;
  /** Of each round. */
  readonly rounds: readonly number[];
  readonly eventsPerPurchase: number;
  /** With real cryptography: what it alone would allow. */
  readonly bound?: Bound;
}

export interface SimEffort {
  readonly rounds: number;
  /** In each round, at least; worlds are played to their end. */
  readonly purchases: number;
  readonly warmUp: number;
}

export type SimKind = Pick<SimRow, 'crypto' | 'sealed' | 'devices'>;

/** One process for each kind, one after the other: a core to itself, and nobody else's compiled code. */
export async function measureSim(kinds: readonly SimKind[], effort: SimEffort): Promise<readonly SimRow[]> {
  const rows: SimRow[] = [];
  for (const kind of kinds) rows.push(await measureKind(kind, effort));
  return rows;
}

async function measureKind(kind: SimKind, { rounds, purchases, warmUp }: SimEffort): Promise<SimRow> {
  const settings: SimWorkerSettings = { ...kind, warmUp };
  const program = fileURLToPath(new URL('./sim-worker.js', import.meta.url));
  const child = fork(program, [JSON.stringify(settings)], { serialization: 'advanced', execArgv: [...ENGINE] });
  try {
    const timed: Timed[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const answer = await ask(child, { time: purchases });
      if ('timed' in answer) timed.push(answer.timed);
    }
    const answer = kind.crypto === 'real' ? await ask(child, { bound: true }) : undefined;
    return rowOf(kind, timed, answer && 'bound' in answer ? answer.bound : undefined);
  } finally {
    child.removeAllListeners();
    child.kill();
  }
}

/** @throws Error when the process has died of it. */
function ask(child: ChildProcess, job: SimJob): Promise<SimAnswer> {
  return new Promise((resolve, reject) => {
    child.removeAllListeners();
    child.once('message', (answer) => resolve(answer as SimAnswer));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the measured process has ended with ${code}`)));
    child.send(job);
  });
}

/** What the rounds of one kind come to. */
export function rowOf(kind: SimKind, timed: readonly Timed[], bound?: Bound): SimRow {
  const rounds = timed.map(({ purchases, computedMs }) => (1000 * purchases) / computedMs);
  const sum = (of: (one: Timed) => number) => timed.reduce((total, one) => total + of(one), 0);
  const eventsPerPurchase = sum(({ events }) => events) / sum(({ purchases }) => purchases);
  return { ...kind, perSecond: median(rounds), rounds, eventsPerPurchase, ...(bound && { bound }) };
}

/** How near the simulator comes to what the cryptography alone would allow, 0 to 1; nothing where signatures are fake. */
export function shareOf({ perSecond, bound }: SimRow): number | undefined {
  return bound && perSecond / bound.perSecond;
}
