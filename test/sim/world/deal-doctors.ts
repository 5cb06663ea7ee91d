/** What can be wrong with a deal and its times, for the test of the checkers. */
import { decodeRecord } from '../../../device/index.ts';
import { encodeRecord } from '../../../device/journal-record.ts';
import {
  digestOf,
  type EpochSeconds,
  encodeCbor,
  type FrameType,
  type Id16,
  type Message,
  newId,
  type ObjectType,
  type ObjectValue,
  peekFrame,
  SERVICE_SESSION,
  sealFrame,
  signObject,
  softSigningKey,
} from '../../../protocol/index.ts';
import { bodyOf } from '../../../sim/checkers/facts.ts';
import { liar } from '../../../sim/fuzz/lie.ts';
import type { Play } from '../../../sim/play.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import type { WorldRecord } from '../../../sim/world-record.ts';
import { objectsOf } from './objects-of.ts';
import { DEVICE, TENANT } from './play.ts';

const random = new SeededRandom('doctors');
const psp = softSigningKey(TENANT.psp.objectSeed);
const keyOf = (party: string) =>
  softSigningKey(TENANT.merchants.find((one) => one.party === party)?.objectSeed ?? TENANT.psp.objectSeed);

function only<T extends ObjectType>(type: T, record: WorldRecord, { about }: Play): ObjectValue<T> {
  const [one] = objectsOf(type, record.sent, about).values();
  if (!one) throw new Error(`there is no ${type}`);
  return one.value;
}

/** One more frame of this type, as its sender would have sent it, with something else in it. */
function say(record: WorldRecord, type: FrameType, body: Readonly<Record<string, unknown>>): void {
  const frame = record.sent.find(({ payload }) => peekFrame(payload).type === type);
  if (!frame) throw new Error(`there is no ${type}`);
  const { payload } = frame;
  const told = liar(TENANT).reseal(payload, { ...bodyOf(payload).body, ...body }, random);
  record.sent.push({ ...frame, seq: record.nextSeq(), payload: told });
}

/** A frame of which this world has none. */
function send(record: WorldRecord, role: 'psp' | 'device', message: Message, to: string): void {
  const from = { party: role === 'psp' ? TENANT.psp.party : DEVICE, role } as const;
  const address = {
    tenant: TENANT.tenant,
    from,
    to: { party: to, role: 'merchant' },
    session: SERVICE_SESSION,
  } as const;
  const [like] = record.sent;
  if (!like) throw new Error('nothing was sent');
  const life = { iat: peekFrame(like.payload).iat, lifetimeS: 120, cti: newId(random.bytes(16)) };
  record.sent.push({ ...like, seq: record.nextSeq(), payload: sealFrame(message, address, life, psp) });
}

/** The wearer's key has signed for another challenge, and perhaps for another cart. */
function signs(
  change: Partial<ObjectValue<'challenge'>>,
  changeCart: Partial<ObjectValue<'cart'>> | undefined,
  by?: string,
) {
  return (record: WorldRecord, play: Play) => {
    const [old, confirmation] = [only('challenge', record, play), only('confirmation', record, play)];
    let { cartDigest } = old;
    if (changeCart) {
      const value = { ...only('cart', record, play), ...changeCart };
      const cart = signObject('cart', value, keyOf(by ?? value.merchant));
      say(record, 'cart', { cart });
      cartDigest = digestOf(cart);
    }
    const challenge = signObject('challenge', { ...old, cartDigest, ...change }, psp);
    say(record, 'challenge', { challenge });
    const [made] = record.signatures;
    if (!made) throw new Error('nothing was signed');
    const value = { ...confirmation, challengeDigest: digestOf(challenge) };
    const sign = (toBeSigned: Uint8Array) => {
      record.signatures[0] = { ...made, toBeSigned };
      return new Uint8Array(64);
    };
    signObject('confirmation', value, { kid: psp.kid, sign });
  };
}

/** The device holds the purchase for paid by another receipt. */
function heldBy(change: Partial<ObjectValue<'receipt'>>, key = psp) {
  return (record: WorldRecord, play: Play) => {
    const receiptBytes = signObject('receipt', { ...only('receipt', record, play), ...change }, key);
    for (const [i, one] of record.stored.entries()) {
      if (one.party !== DEVICE || one.disk !== 'journal') continue;
      const records = one.records.map((bytes) => {
        const entry = decodeRecord(bytes);
        const { current } = entry.purchases;
        if (!('paid' in current) || !current.paid) return bytes;
        const paid = { ...current.paid, receiptBytes };
        return encodeRecord({ ...entry, purchases: { ...entry.purchases, current: { ...current, paid } } });
      });
      record.stored[i] = { ...one, records };
    }
  };
}

/** An order is registered with the same seat in its cart as any other of these, `later` seconds after the true one. */
function seatFor(orderNo: string, later = 0) {
  return (record: WorldRecord, play: Play): void => {
    const priced = only('cart', record, play);
    const { issuedAt, lockedUntil } = priced;
    const after = (time: EpochSeconds) => (time + later) as EpochSeconds;
    const times = { issuedAt: after(issuedAt), lockedUntil: after(lockedUntil), happensAt: lockedUntil };
    const cart = signObject('cart', { ...priced, ...times, orderNo }, keyOf(priced.merchant));
    say(record, 'cart', { cart });
    say(record, 'order-notice', { orderNo, cartDigest: digestOf(cart) });
  };
}

/** The merchant says that this order is paid. */
function sold(orderNo: string) {
  return (record: WorldRecord, play: Play): void => {
    const { merchant, issuedAt: at } = only('cart', record, play);
    const value = { orderNo, version: 2, state: 'WAIT_SELLER_FULFILLMENT', at } as const;
    say(record, 'fulfilment', { update: signObject('fulfilment', value, keyOf(merchant)) });
  };
}

/** The PSP says that so much of what was paid for this order went back. */
function paidBack(orderNo: string, share = 1) {
  return (record: WorldRecord, play: Play): void => {
    const { tradeNo, payee, currency, amountMinor: paidMinor, paidAt: refundedAt } = only('receipt', record, play);
    const amountMinor = paidMinor * share;
    const sums = { amountMinor, refundedTotalMinor: amountMinor, currency, refundedAt };
    const value = { requestId: newId(random.bytes(16)), tradeNo, orderNo, payee, ...sums };
    const { requestId } = value;
    const refund = signObject('refund', value, psp);
    send(record, 'psp', { type: 'refund-answer', body: { requestId, state: 'SUCCEEDED', refund } }, payee);
  };
}

/** The device calls this order off. */
function calledOff(orderNo: string) {
  return (record: WorldRecord, play: Play): void => {
    const { merchant } = only('cart', record, play);
    send(record, 'device', { type: 'order-cancel', body: { requestId: newId(random.bytes(16)), orderNo } }, merchant);
  };
}

const inTurn =
  (...acts: readonly ((record: WorldRecord, play: Play) => void)[]) =>
  (record: WorldRecord, play: Play): void =>
    acts.forEach((act) => {
      act(record, play);
    });

/** Longer than any price is held. */
const LATER_S = 86_400;

/** Courses in which a seat is free again when the second order gets it. */
export const SEATS_IN_TURN = [
  ['the first was never paid', inTurn(seatFor('first'), seatFor('second', LATER_S))],
  ['the first was called off', inTurn(seatFor('first'), calledOff('first'), seatFor('second'))],
  [
    'the first was paid back',
    inTurn(seatFor('first'), sold('first'), calledOff('first'), paidBack('first'), seatFor('second', LATER_S)),
  ],
  [
    'the first is registered once more',
    inTurn(seatFor('first'), calledOff('first'), seatFor('second'), seatFor('first')),
  ],
] as const;

const OTHER = 'far-harbor';
const DIGEST = digestOf(new Uint8Array(1));

function priced(change: (cart: ObjectValue<'cart'>) => Partial<ObjectValue<'cart'>>, by?: string) {
  return (record: WorldRecord, play: Play) => signs({}, change(only('cart', record, play)), by)(record, play);
}

export const DEAL_DOCTORED = [
  [
    'seatsAreSetAsideOnce',
    'T29: one seat in two carts',
    inTurn(seatFor('first'), seatFor('second')),
    /set the same aside for order second/,
  ],
  [
    'seatsAreSetAsideOnce',
    'T29: a seat that was sold long ago',
    inTurn(seatFor('first'), sold('first'), seatFor('second', LATER_S)),
    /set the same aside for order second/,
  ],
  [
    'seatsAreSetAsideOnce',
    'T29: a sold seat of which a part was paid back',
    inTurn(seatFor('first'), sold('first'), paidBack('first', 0.5), seatFor('second', LATER_S)),
    /set the same aside for order second/,
  ],
  [
    'seatsAreSetAsideOnce',
    'T29: a sold seat that was called off and not paid back',
    inTurn(seatFor('first'), sold('first'), calledOff('first'), seatFor('second', LATER_S)),
    /set the same aside for order second/,
  ],
  [
    'seatsAreSetAsideOnce',
    'T29: a seat whose first order was called off only afterwards',
    inTurn(seatFor('first'), seatFor('second'), calledOff('first')),
    /set the same aside for order second/,
  ],
  ['signedIsOneDeal', 'T7: another amount', signs({ amountMinor: 1 }, undefined), /another amount than the cart says/],
  ['signedIsOneDeal', 'T7: another currency', signs({ currency: 'USD' }, undefined), /another currency than the cart/],
  ['signedIsOneDeal', 'T6: another payee', signs({ payee: OTHER }, undefined), /another payee than the cart says/],
  ['signedIsOneDeal', 'T6: another order', signs({ orderNo: '7' }, undefined), /another order than the cart says/],
  ['signedIsOneDeal', 'T5: another payer', signs({ payer: 'glasses-99' }, undefined), /pays for somebody else/],
  [
    'signedIsOneDeal',
    'T7: a cart that does not add up',
    priced(({ deliveryMinor }) => ({ deliveryMinor: deliveryMinor + 1 })),
    /a cart that does not add up/,
  ],
  ['signedIsOneDeal', 'T6: another shop’s signature', priced(() => ({}), OTHER), /a cart that its payee did not sign/],
  ['signedIsOneDeal', 'T6: no such cart', signs({ cartDigest: DIGEST }, undefined), /or a cart that nobody sent/],
  ['paidIsProven', 'T29: another confirmation', heldBy({ confirmationDigest: DIGEST }), /of another confirmation/],
  ['paidIsProven', 'T29: another order', heldBy({ orderNo: '7' }), /of another order/],
  ['paidIsProven', 'T29: another amount', heldBy({ amountMinor: 1 }), /of another amount/],
  ['paidIsProven', 'T29: another payee', heldBy({ payee: OTHER }), /of another payee/],
  ['paidIsProven', 'T29: a shop’s own receipt', heldBy({}, keyOf(OTHER)), /without a genuine receipt/],
  [
    'paidInTime',
    'T16: a receipt of a time when the challenge was over',
    (record: WorldRecord, play: Play) => {
      const { expiresAt: paidAt } = only('challenge', record, play);
      say(record, 'receipt', { receipt: signObject('receipt', { ...only('receipt', record, play), paidAt }, psp) });
    },
    /was paid after its challenge was over/,
  ],
  [
    'pspSaysOneThing',
    'T4: a no after the yes',
    (record: WorldRecord) => {
      const receipt = record.sent.find(({ payload }) => peekFrame(payload).type === 'receipt');
      if (!receipt) throw new Error('there is no receipt');
      const requestId = bodyOf(receipt.payload).body.requestId as Id16;
      const { party, frameSeed } = TENANT.psp;
      const payload = sealFrame(
        { type: 'pay-status', body: { requestId, state: 'declined' } },
        {
          tenant: TENANT.tenant,
          from: { party, role: 'psp' },
          to: { party: DEVICE, role: 'device' },
          session: TENANT.devices[0]?.session ?? SERVICE_SESSION,
        },
        { iat: peekFrame(receipt.payload).iat, lifetimeS: 120, cti: newId(random.bytes(16)) },
        softSigningKey(frameSeed),
      );
      record.sent.push({ ...receipt, payload });
    },
    /that it was paid, and that it never will be/,
  ],
  [
    'actedInTime',
    'T2: a frame that was taken when it was over',
    (record: WorldRecord) => {
      for (const [i, one] of record.stored.entries()) record.stored[i] = { ...one, at: one.at + 200_000 };
    },
    /acted on a \S+ that was over/,
  ],
  [
    'actedInTime',
    'T16: a frame of the future',
    (record: WorldRecord) => {
      for (const [i, one] of record.stored.entries()) record.stored[i] = { ...one, at: one.at - 60_000 };
    },
    /acted on a \S+ of the future/,
  ],
  [
    'lockedSignsNothing',
    'T18: a signature under a lock',
    (record: WorldRecord) => {
      const [made] = record.signatures;
      if (!made) throw new Error('nothing was signed');
      const { at, party, life } = made;
      record.stored.push({ at, party, life, seq: made.seq - 0.5, disk: 'signer', records: [encodeCbor([3, true, 1])] });
    },
    /was signed by a locked signer/,
  ],
] as const;
