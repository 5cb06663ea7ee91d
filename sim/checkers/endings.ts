/** No purchase hangs: with money in question it is settled, ended or declared unknown in time (design 9). */
import type { WorldRecord } from '../world-record.ts';
import { all, type Circumstances, type Findings } from './facts.ts';

export const LIMIT_MS = 90_000;
const IN_QUESTION: readonly string[] = ['requesting', 'confirming', 'settling'];

/**
 * How long a purchase may stand where money is in question.
 * @param faultsStoppedAt epoch milliseconds; time before does not count.
 * @param now the end of the run.
 */
export function purchasesEnd(
  record: WorldRecord,
  about: Circumstances,
  faultsStoppedAt: number,
  now: number,
): Findings {
  const since = new Map<string, number>();
  const findings: string[] = [];
  const check = (intent: string, at: number) => {
    const began = since.get(intent);
    if (began !== undefined && at - Math.max(began, faultsStoppedAt) > LIMIT_MS)
      findings.push('a payment was in question for more than 90 seconds');
  };
  for (const { at, purchases, party } of record.steps) {
    if (party !== about.device) continue;
    const open = new Set(
      all(purchases)
        .filter((purchase) => IN_QUESTION.includes(purchase.at))
        .map((purchase) => intentOf(purchase)),
    );
    for (const intent of since.keys()) {
      check(intent, at);
      if (!open.has(intent)) since.delete(intent);
    }
    for (const intent of open) if (!since.has(intent)) since.set(intent, at);
  }
  for (const intent of since.keys()) check(intent, now);
  return [...new Set(findings)];
}

function intentOf(purchase: ReturnType<typeof all>[number]): string {
  if ('payment' in purchase) return purchase.payment.intent.intentId;
  return 'intent' in purchase ? purchase.intent.intentId : purchase.at;
}

/** Once everything is over: no purchase still waits for an answer about money. */
export function nothingIsOpen(record: WorldRecord, about: Circumstances): Findings {
  const last = record.steps.findLast(({ party }) => party === about.device);
  if (!last) return ['the device never took a step'];
  return all(last.purchases)
    .filter(({ at }) => [...IN_QUESTION, 'unknown'].includes(at))
    .map(({ at }) => `a purchase is still ${at}`);
}
