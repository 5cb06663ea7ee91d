/** No purchase hangs: with money in question it is settled, ended or declared unknown in time (design 9). */
import { all, type Findings } from './facts.ts';
import type { Reading } from './reading.ts';

const LIMIT_MS = 90_000;
const IN_QUESTION: readonly string[] = ['requesting', 'confirming', 'settling'];

/**
 * How long a purchase may stand where money is in question.
 * @param faultsStoppedAt epoch milliseconds; time before does not count.
 * @param now the end of the run.
 */
export function purchasesEnd({ record, devices }: Reading, faultsStoppedAt: number, now: number): Findings {
  /** Since when each open purchase of each device is in question. */
  const since = new Map<string, Map<string, number>>([...devices].map((device) => [device, new Map()]));
  const isTooLong = (began: number, at: number) => at - Math.max(began, faultsStoppedAt) > LIMIT_MS;
  let tooLong = false;
  for (const { at, purchases, party } of record.steps) {
    const open = since.get(party);
    if (!open) continue;
    const intents = new Set(
      all(purchases)
        .filter((purchase) => IN_QUESTION.includes(purchase.at))
        .map((purchase) => intentOf(purchase)),
    );
    for (const [intent, began] of open) {
      tooLong ||= isTooLong(began, at);
      if (!intents.has(intent)) open.delete(intent);
    }
    for (const intent of intents) if (!open.has(intent)) open.set(intent, at);
  }
  tooLong ||= [...since.values()].some((open) => [...open.values()].some((began) => isTooLong(began, now)));
  return tooLong ? ['a payment was in question for more than 90 seconds'] : [];
}

function intentOf(purchase: ReturnType<typeof all>[number]): string {
  if ('payment' in purchase) return purchase.payment.intent.intentId;
  return 'intent' in purchase ? purchase.intent.intentId : purchase.at;
}

/** Once everything is over: no purchase still waits for an answer about money. */
export function nothingIsOpen({ record, devices }: Reading): Findings {
  const last = new Map(record.steps.map((step) => [step.party, step]));
  return [...devices].flatMap((device) => {
    const step = last.get(device);
    if (!step) return ['the device never took a step'];
    return all(step.purchases)
      .filter(({ at }) => [...IN_QUESTION, 'unknown'].includes(at))
      .map(({ at }) => `a purchase is still ${at}`);
  });
}
