/** One price to one payee: what was signed for, what was paid and what the device holds for paid are one deal (design 1, 5; T6, T7, T29). */
import { type Cart, digestOf, type OpenedObject } from '../../protocol/index.ts';
import { all, bodyOf, type Findings, frameHead, genuine, type Signed } from './facts.ts';
import type { Reading, Watching } from './reading.ts';

type Rules = readonly (readonly [what: string, holds: boolean])[];

const broken = (who: string, rules: Rules): Findings =>
  rules.filter(([, holds]) => !holds).map(([what]) => `${who} ${what}`);

/** Each confirmation is for a challenge of the PSP and a cart of its merchant that say the same, to the last unit. */
export const signedIsOneDeal: Watching = (reading) => {
  let at = 0;
  return () => {
    const fresh = reading.signed.slice(at);
    at = reading.signed.length;
    return fresh.flatMap((made) => (made.type === 'confirmation' ? dealFaults(reading, made) : []));
  };
};

function dealFaults(reading: Reading, { party, counter, value }: Extract<Signed, { type: 'confirmation' }>): Findings {
  const challenge = reading.objects('challenge').get(value.challengeDigest);
  const cart = challenge && reading.objects('cart').get(challenge.value.cartDigest);
  const who = `counter ${counter}`;
  if (!challenge || !cart) return [`${who} is for a challenge or a cart that nobody sent`];
  const { tenant } = reading.about;
  const [asked, priced] = [challenge.value, cart.value];
  return broken(who, [
    ['is for a challenge that the PSP did not sign', challenge.signer.party === tenant.psp.party],
    ['is for a cart that its payee did not sign', cart.signer.party === priced.merchant],
    ['pays somebody who is no merchant', tenant.merchants.some((one) => one.party === priced.merchant)],
    ['pays another amount than the cart says', asked.amountMinor === priced.totalMinor && asked.amountMinor > 0],
    ['pays in another currency than the cart says', asked.currency === priced.currency],
    ['pays another payee than the cart says', asked.payee === priced.merchant],
    ['pays another order than the cart says', asked.orderNo === priced.orderNo],
    ['pays for somebody else', asked.payer === party],
    ['is for a cart that does not add up', sumOf(priced) === priced.totalMinor],
  ]);
}

/** ACT 2.1 CID-CART-CFM: lines and delivery, less what is taken off. */
function sumOf({ lines, discounts, deliveryMinor }: Cart): number {
  const sum = (some: readonly { readonly amountMinor: number }[]) =>
    some.reduce((total, { amountMinor }) => total + amountMinor, 0);
  return sum(lines) - sum(discounts) + deliveryMinor;
}

/** What a device holds for paid has the PSP's own receipt, for exactly what was confirmed. */
export const paidIsProven: Watching = (reading) => {
  const judged = new Set<string>();
  let at = 0;
  return () => {
    const fresh = reading.entries.slice(at);
    at = reading.entries.length;
    return fresh.flatMap(({ party, entry }) =>
      all(entry.purchases).flatMap((purchase) => {
        const paid = 'paid' in purchase ? purchase.paid : undefined;
        const name = paid && `${party} ${digestOf(paid.receiptBytes)} ${digestOf(paid.confirmation)}`;
        if (!paid || name === undefined || judged.has(name)) return [];
        judged.add(name);
        return proofFaults(reading, paid);
      }),
    );
  };
};

interface Held {
  readonly cart: { readonly bytes: Uint8Array };
  readonly confirmation: Uint8Array;
  readonly receiptBytes: Uint8Array;
}

function proofFaults({ about }: Reading, held: Held): Findings {
  const receipt = genuine('receipt', held.receiptBytes, about.tenant);
  const cart: OpenedObject<'cart'> | undefined = genuine('cart', held.cart.bytes, about.tenant);
  if (!receipt || !cart) return ['a device holds a purchase for paid without a genuine receipt and cart'];
  const { value, signer } = receipt;
  return broken('a device holds a purchase for paid', [
    ['by a receipt that the PSP did not sign', signer.party === about.tenant.psp.party],
    ['by the receipt of another confirmation', value.confirmationDigest === digestOf(held.confirmation)],
    ['by the receipt of another order', value.orderNo === cart.value.orderNo],
    ['by the receipt of another amount', value.amountMinor === cart.value.totalMinor],
    ['by the receipt of another currency', value.currency === cart.value.currency],
    ['by the receipt of another payee', value.payee === cart.value.merchant],
  ]);
}

/** By the PSP's own clock: nothing is paid once its challenge is over. */
export const paidInTime: Watching = (reading) => {
  const seen = new Set<string>();
  return () => {
    const receipts = reading.objects('receipt');
    if (receipts.size === seen.size) return [];
    return [...receipts].flatMap(([digest, { value }]) => {
      if (seen.has(digest)) return [];
      seen.add(digest);
      const confirmation = reading.objects('confirmation').get(value.confirmationDigest);
      const challenge = confirmation && reading.objects('challenge').get(confirmation.value.challengeDigest);
      const isLate = challenge !== undefined && value.paidAt >= challenge.value.expiresAt;
      return isLate ? [`trade ${value.tradeNo} was paid after its challenge was over`] : [];
    });
  };
};

/** These say that nothing was debited and nothing ever will be. */
const NEVER_PAID: ReadonlySet<unknown> = new Set(['declined', 'expired', 'refused']);

/** The PSP says of one request that it is paid, or that it never will be; not first the one and then the other (T2, T4). */
export const pspSaysOneThing: Watching = (reading) => {
  const { since, about } = reading;
  const sent = since((record) => record.sent);
  const said = new Map<string, 'paid' | 'never'>();
  return () =>
    sent().flatMap(({ party, payload }) => {
      if (party !== about.tenant.psp.party) return [];
      const { type, aud } = frameHead(payload);
      if (type !== 'receipt' && type !== 'pay-status') return [];
      const { body } = bodyOf(payload);
      const isPaid = type === 'receipt' || body.state === 'paid';
      if (!isPaid && !NEVER_PAID.has(body.state)) return [];
      const word = isPaid ? 'paid' : 'never';
      const name = `${aud} ${String(body.requestId)}`;
      const before = said.get(name) ?? word;
      said.set(name, before);
      return before === word ? [] : ['the PSP says of one request that it was paid, and that it never will be'];
    });
};
