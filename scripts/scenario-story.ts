/** Scenario results as lines of a terminal. */
import type { ScenarioResult, StepResult } from '../sim/scenario/index.ts';
import { tellEntry } from './demo-story.ts';

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2).padStart(8)} s`;

export function tellStep({ line, text, atMs, problem }: StepResult): string {
  const head = `  ${problem === undefined ? '✓' : '✗'} ${seconds(atMs)}  line ${String(line).padStart(3)}  ${text}\n`;
  return problem === undefined ? head : `${head}        ${problem}\n`;
}

/** One scenario after its steps: what it came to and what does not hold. */
export function tellResult({ ok, ending, debits, paidMinor, refusals, failures, traceHash }: ScenarioResult): string {
  const refused = refusals.length > 0 ? `, refusals ${refusals.join(', ')}` : '';
  const sum = `${ending}, ${debits} debit${debits === 1 ? '' : 's'} of CNY ${(paidMinor / 100).toFixed(2)}${refused}`;
  const wrong = failures.map((failure) => `  ✗ ${failure}\n`).join('');
  return `${wrong}  ${ok ? '=' : '✗'} ${sum}, trace ${traceHash.slice(0, 16)}\n`;
}

export function tellStory({ story }: ScenarioResult): string {
  return story.map(tellEntry).join('');
}

/** The last line of all. */
export function tellSum(results: readonly ScenarioResult[]): string {
  const failed = results.filter(({ ok }) => !ok);
  const virtualMs = results.reduce((sum, one) => sum + one.virtualMs, 0);
  const names = failed.map(({ file, name }) => `  ✗ ${file}: ${name}\n`).join('');
  return `\n${names}${results.length - failed.length} held, ${failed.length} fell short, ${Math.round(virtualMs / 1000)} s of virtual time\n`;
}
