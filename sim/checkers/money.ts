/** Money moves only for a confirmation of exactly that, once, and the device has the receipt (design 9). */
import type { Debit } from '../cloud/index.ts';
import { isDelegated } from './delegated-facts.ts';
import { all, type Findings, genuine } from './facts.ts';
import type { Reading, Watching } from './reading.ts';

/** Debit → receipt → confirmation → challenge → cart, and a device's key made that very signature. */
export const debitsAreConfirmed: Watching = (reading) => {
  const judged = new Set<string>();
  return () => {
    const { record } = reading;
    if (judged.size === record.debits.size) return [];
    const receipts = new Map([...reading.objects('receipt').values()].map((one) => [one.value.tradeNo, one]));
    return [...record.debits.values()].flatMap((debit) => {
      // The PSP may have died between debit and receipt; that a receipt comes is another checker's business.
      const receipt = receipts.get(debit.tradeNo);
      if (!receipt || judged.has(debit.tradeNo)) return [];
      judged.add(debit.tradeNo);
      return chainFaults(reading, debit, receipt.value);
    });
  };
};

function chainFaults(
  reading: Reading,
  { tradeNo, amountMinor, currency }: Debit,
  receipt: { readonly confirmationDigest: string; readonly payee: string },
): Findings {
  const confirmation = reading.objects('confirmation').get(receipt.confirmationDigest);
  const challenge = confirmation && reading.objects('challenge').get(confirmation.value.challengeDigest);
  const cart = challenge && reading.objects('cart').get(challenge.value.cartDigest);
  if (!confirmation || !challenge || !cart) return [`trade ${tradeNo} was debited without a chain of evidence`];
  const by = confirmation.signer.party;
  const isSigned = (made: (typeof reading.signed)[number]) =>
    made.type === 'confirmation' &&
    made.party === by &&
    made.value.challengeDigest === confirmation.value.challengeDigest;
  const broken: readonly (readonly [string, boolean])[] = [
    ['was confirmed by another key', reading.devices.has(by)],
    ['was confirmed by nobody', reading.signed.some(isSigned)],
    ['moved another amount than the challenge says', challenge.value.amountMinor === amountMinor],
    ['moved another amount than the cart says', cart.value.totalMinor === amountMinor],
    ['moved another currency', [cart.value.currency, challenge.value.currency].every((one) => one === currency)],
    ['went to another payee', [challenge.value.payee, receipt.payee].every((one) => one === cart.value.merchant)],
    ['has a cart that its payee did not sign', cart.signer.party === cart.value.merchant],
  ];
  return broken.filter(([, holds]) => !holds).map(([what]) => `trade ${tradeNo} ${what}`);
}

/** One order is debited once, one confirmation moves money once, and a ledger does not forget. */
export const debitsAreSingle: Watching = (reading) => {
  const byOrder = new Map<string, string>();
  const byConfirmation = new Map<string, string>();
  const seen = new Set<string>();
  let faults = 0;
  const isOther = (known: Map<string, string>, key: string, tradeNo: string) => {
    const first = known.get(key) ?? tradeNo;
    known.set(key, first);
    return first !== tradeNo;
  };
  return () => {
    const findings = reading.record.ledgerFaults.slice(faults);
    faults = reading.record.ledgerFaults.length;
    const receipts = reading.objects('receipt');
    // A PSP that dies while it starts may have sent the receipt of a debit that nobody has seen yet.
    if (seen.size === receipts.size || !reading.record.isLedgerSeen) return findings;
    for (const [digest, { value }] of receipts) {
      if (seen.has(digest)) continue;
      seen.add(digest);
      // What an agent has asked for is no debit of an instant payment: sim/checkers/delegated-money.ts.
      if (isDelegated(reading, value)) continue;
      const { tradeNo, orderNo, payee, confirmationDigest } = value;
      if (isOther(byOrder, `${payee} ${orderNo}`, tradeNo))
        findings.push(`order ${orderNo} was debited more than once`);
      if (isOther(byConfirmation, confirmationDigest, tradeNo))
        findings.push(`one confirmation was debited as trade ${tradeNo} and as another`);
      if (!reading.record.debits.has(tradeNo)) findings.push(`the receipt of trade ${tradeNo} is for no debit`);
    }
    return findings;
  };
};

/** In the end only: every debit has a receipt on its device that links it to cart, challenge and confirmation. */
export function debitsHaveReceipts({ record, about, entries }: Reading): Findings {
  const held = new Set<string>();
  const seen = new Set<unknown>();
  for (const { entry } of entries) {
    for (const purchase of all(entry.purchases)) {
      if (!('paid' in purchase) || !purchase.paid || seen.has(purchase.paid.receipt.tradeNo)) continue;
      const receipt = genuine('receipt', purchase.paid.receiptBytes, about.tenant);
      if (!receipt) continue;
      seen.add(purchase.paid.receipt.tradeNo);
      held.add(receipt.value.tradeNo);
    }
  }
  return [...record.debits.keys()]
    .filter((tradeNo) => !held.has(tradeNo))
    .map((tradeNo) => `the device has no receipt of trade ${tradeNo}`);
}
