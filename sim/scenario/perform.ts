/** Steps of a scenario, taken one by one from a test that looks at the world in between. */
import { takeStep } from './run.ts';
import { SHORT, type Step } from './schema.ts';
import type { Stage } from './stage.ts';

/** As in a scenario file: `{ say: 'yes' }`, `'hold'`. */
export type Performed = Step | keyof typeof SHORT;

/** @throws Error with what a step waited for in vain. */
export function perform(stage: Stage, ...steps: readonly Performed[]): void {
  for (const one of steps) {
    const step: Step = typeof one === 'string' ? SHORT[one] : one;
    const problem = takeStep(stage, step);
    if (problem !== undefined) throw new Error(`${JSON.stringify(step)}: ${problem}`);
  }
}
