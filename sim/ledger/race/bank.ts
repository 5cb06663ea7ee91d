/** Where payments are executed: once for each request, with an outcome that may come late, or only when it is asked for. */
import type { SeededRandom } from '../../seeded-random.ts';
import type { Agenda } from './agenda.ts';

export type Outcome = 'succeeded' | 'failed';

export class Bank {
  readonly #agenda: Agenda;
  readonly #random: SeededRandom;
  readonly #executions = new Map<string, { readonly outcome: Outcome; readonly knownAtMs: number }>();

  constructor(agenda: Agenda, random: SeededRandom) {
    this.#agenda = agenda;
    this.#random = random;
  }

  /** `tell` hears the outcome, soon, late or never. */
  execute(requestId: string, tell: (outcome: Outcome) => void): void {
    const random = this.#random;
    const known = this.#executions.get(requestId);
    const isLate = random.chance(0.2);
    const delayMs = isLate ? 100 + random.below(40_000) : 1 + random.below(40);
    const execution = known ?? {
      outcome: random.chance(0.85) ? 'succeeded' : 'failed',
      knownAtMs: this.#agenda.now + delayMs,
    };
    this.#executions.set(requestId, execution);
    if (!random.chance(0.15)) this.#agenda.at(execution.knownAtMs, () => tell(execution.outcome));
  }

  /** The outcome, `undefined` while it is open. */
  query(requestId: string): Outcome | undefined {
    const execution = this.#executions.get(requestId);
    return execution !== undefined && execution.knownAtMs <= this.#agenda.now ? execution.outcome : undefined;
  }
}
