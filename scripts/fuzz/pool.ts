/**
 * Plays seeds on all cores: each process asks for the next few as soon as it is done with the last. Processes, because module hooks of
 * several threads of one process wait for each other for ever on Node 20.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../../sim/fuzz/plan.ts';
import type { SeedReport, Shrunk } from '../../sim/fuzz/seed-report.ts';
import type { Answer, Job, WorkerSettings } from './worker.ts';

/**
 * Room in megabytes for what is new: a world is garbage as a whole once it was played, and nothing of it is worth moving before.
 * Refusals are errors, and nobody reads where they came from. Node from 26 on warns of `module.register`; what is to take its
 * place is not in Node 20.
 */
export const ENGINE: readonly string[] = [
  '--max-semi-space-size=64',
  '--stack-trace-limit=0',
  '--disable-warning=DEP0205',
];
/** Few enough that the processes finish together, many enough that handing over costs nothing. */
const BATCH = 4;

export interface PoolOptions extends WorkerSettings {
  readonly processes: number;
  /** The n-th seed from 0; nothing when there are no more, and nothing ever after. */
  readonly seedAt: (n: number) => string | undefined;
  /** Called with the reports in the order of their seeds. @returns whether to go on. */
  readonly onReport: (report: SeedReport) => boolean;
}

/** Plays until seeds or patience run out. @returns the number of seeds reported. */
export async function playSeeds({ processes, seedAt, onReport, ...settings }: PoolOptions): Promise<number> {
  const early = new Map<number, SeedReport>();
  let [handedOut, reported, goesOn] = [0, 0, true];
  const next = (): { readonly first: number; readonly seeds: readonly string[] } | undefined => {
    const first = handedOut;
    const seeds: string[] = [];
    for (let seed = seedAt(handedOut); goesOn && seed !== undefined && seeds.length < BATCH; seed = seedAt(handedOut)) {
      seeds.push(seed);
      handedOut += 1;
    }
    return seeds.length > 0 ? { first, seeds } : undefined;
  };
  const take = (first: number, reports: readonly SeedReport[]) => {
    for (const [i, report] of reports.entries()) early.set(first + i, report);
    for (let report = early.get(reported); goesOn && report; report = early.get(reported)) {
      early.delete(reported);
      reported += 1;
      goesOn = onReport(report);
    }
  };
  const drive = async () => {
    const player = new Player(settings);
    try {
      for (let batch = next(); batch; batch = next()) {
        const answer = await player.ask({ play: batch.seeds });
        if ('played' in answer) take(batch.first, answer.played);
      }
    } finally {
      // Without this, whoever is still playing after another has died would play all the rest.
      goesOn &&= !player.hasDied;
      player.end();
    }
  };
  await Promise.all(Array.from({ length: processes }, drive));
  return reported;
}

/** Makes a broken world small, in a process with the same crypto as it was found with. */
export async function shrinkSeed(seed: string, settings: WorkerSettings): Promise<Shrunk> {
  const answer = await asked({ shrink: seed }, settings);
  if ('shrunk' in answer) return answer.shrunk;
  throw new Error('the process answered another question');
}

/** Plays the world of a plan and takes it down, or says with which error it cannot be played. */
export async function recordPlan(
  plan: Plan,
  crypto: WorkerSettings['crypto'],
): Promise<Extract<Answer, { readonly recorded: unknown } | { readonly thrown: unknown }>> {
  const answer = await asked({ record: plan }, { crypto, devices: 1 });
  if ('recorded' in answer || 'thrown' in answer) return answer;
  throw new Error('the process answered another question');
}

async function asked(job: Job, settings: WorkerSettings): Promise<Answer> {
  const player = new Player(settings);
  try {
    return await player.ask(job);
  } finally {
    player.end();
  }
}

class Player {
  readonly #child: ChildProcess;
  hasDied = false;

  constructor(settings: WorkerSettings) {
    const program = fileURLToPath(new URL('./worker.js', import.meta.url));
    this.#child = fork(program, [JSON.stringify(settings)], { serialization: 'advanced', execArgv: [...ENGINE] });
  }

  /** @throws Error when the process has died of it. */
  ask(job: Job): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const child = this.#child;
      const settle = (act: () => void) => {
        child.removeAllListeners();
        act();
      };
      child.once('message', (answer) => settle(() => resolve(answer as Answer)));
      const die = (error: Error) => {
        this.hasDied = true;
        settle(() => reject(error));
      };
      child.once('error', die);
      child.once('exit', (code) => die(new Error(`a playing process has ended with ${code}`)));
      child.send(job);
    });
  }

  end(): void {
    this.#child.removeAllListeners();
    this.#child.kill();
  }
}
