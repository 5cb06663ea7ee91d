/** Money moves only for a confirmation of exactly that, once, and the device has the receipt (design 9). */

import type { WorldRecord } from '../world-record.ts';
import type { Checker, Circumstances, Findings } from './facts.ts';
import { all, deviceEntries, genuine, objectsOf, signedConfirmation } from './facts.ts';

/** Debit → receipt → confirmation → challenge → cart, and the device's key made that very signature. */
export const debitsAreConfirmed: Checker = (record, about) => {
  const receipts = [...objectsOf('receipt', record.sent, about).values()];
  const confirmations = objectsOf('confirmation', record.sent, about);
  const challenges = objectsOf('challenge', record.sent, about);
  const carts = objectsOf('cart', record.sent, about);
  const made = record.signatures.filter(({ party }) => party === about.device);
  const signed = new Set(made.map((one) => signedConfirmation(one).challengeDigest));
  return [...record.debits.values()].flatMap(({ tradeNo, amountMinor, currency }) => {
    // The PSP may have died between debit and receipt; that a receipt comes is another checker's business.
    const receipt = receipts.find(({ value }) => value.tradeNo === tradeNo);
    if (!receipt) return [];
    const confirmation = confirmations.get(receipt.value.confirmationDigest);
    const challenge = confirmation && challenges.get(confirmation.value.challengeDigest);
    const cart = challenge && carts.get(challenge.value.cartDigest);
    if (!confirmation || !challenge || !cart) return [`trade ${tradeNo} was debited without a chain of evidence`];
    const broken: readonly (readonly [string, boolean])[] = [
      ['was confirmed by another key', confirmation.signer.party === about.device],
      ['was confirmed by nobody', signed.has(confirmation.value.challengeDigest)],
      ['moved another amount than the challenge says', challenge.value.amountMinor === amountMinor],
      ['moved another amount than the cart says', cart.value.totalMinor === amountMinor],
      ['moved another currency', [cart.value.currency, challenge.value.currency].every((one) => one === currency)],
      [
        'went to another payee',
        [challenge.value.payee, receipt.value.payee].every((one) => one === cart.value.merchant),
      ],
      ['has a cart that its payee did not sign', cart.signer.party === cart.value.merchant],
    ];
    return broken.filter(([, holds]) => !holds).map(([what]) => `trade ${tradeNo} ${what}`);
  });
};

/** One order is debited once, one confirmation moves money once, and a ledger does not forget. */
export const debitsAreSingle: Checker = (record, about) => {
  const receipts = [...objectsOf('receipt', record.sent, about).values()].map(({ value }) => value);
  const findings: string[] = [...record.ledgerFaults];
  for (const one of receipts) {
    const others = receipts.filter(({ tradeNo }) => tradeNo !== one.tradeNo);
    if (others.some((other) => other.orderNo === one.orderNo && other.payee === one.payee))
      findings.push(`order ${one.orderNo} was debited more than once`);
    if (others.some((other) => other.confirmationDigest === one.confirmationDigest))
      findings.push(`one confirmation was debited as trade ${one.tradeNo} and as another`);
    if (!record.debits.has(one.tradeNo)) findings.push(`the receipt of trade ${one.tradeNo} is for no debit`);
  }
  return findings;
};

/** In the end only: every debit has a receipt on the device that links it to cart, challenge and confirmation. */
export function debitsHaveReceipts(record: WorldRecord, about: Circumstances): Findings {
  const held = new Set<string>();
  for (const { entry } of deviceEntries(record, about.device)) {
    for (const purchase of all(entry.purchases)) {
      const receipt =
        'paid' in purchase && purchase.paid && genuine('receipt', purchase.paid.receiptBytes, about.tenant);
      if (receipt) held.add(receipt.value.tradeNo);
    }
  }
  return [...record.debits.keys()]
    .filter((tradeNo) => !held.has(tradeNo))
    .map((tradeNo) => `the device has no receipt of trade ${tradeNo}`);
}
