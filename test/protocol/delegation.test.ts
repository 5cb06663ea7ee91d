/** What the bodies of a delegation have to hold together, and how much room they take. */
import { describe, expect, it } from 'vitest';
import { writeTerms } from '../../protocol/act/edge-terms.ts';
import { IacPayload } from '../../protocol/act/iac.ts';
import { encodeCbor } from '../../protocol/cbor.ts';
import { FRAME_MAX_BYTES } from '../../protocol/frame.ts';
import { FRAMES, type FrameType } from '../../protocol/frames.ts';
import { digestOf } from '../../protocol/ids.ts';
import { WantedWindow } from '../../protocol/messages/cart.ts';
import { OBJECTS, type ObjectType, type ObjectValue } from '../../protocol/objects.ts';
import { SEALED_SIZES } from '../../protocol/padding.ts';
import { ENVELOPE_OVERHEAD_BYTES } from '../../protocol/seal.ts';
import type { WireType } from '../../protocol/wire.ts';
import { aFrame, anObject, at, BODIES, idOf, SIGNED, VALUES } from './builders.ts';
import { verdict } from './support.ts';

const without = (changes: object) =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));

/** The verdict on the sample body, or on the sample object, with these changes; `undefined` takes a field out. */
function ofFrame(type: FrameType, changes: object): string {
  const body = FRAMES[type].body as WireType<unknown>;
  return verdict(() => body.encode(without({ ...BODIES[type], ...changes }), type));
}
function ofObject(type: ObjectType, changes: object): string {
  const body = OBJECTS[type].body as WireType<unknown>;
  return verdict(() => body.encode(without({ ...VALUES[type], ...changes }), type));
}

describe('ACTC-DEL-004', () => {
  it('T17: a status is fresh for some time', () => {
    expect(ofObject('delegation-status', { freshUntil: at(51) })).toBe('accepted');
    expect(ofObject('delegation-status', { freshUntil: at(50) })).toBe('act-window');
    expect(ofObject('delegation-status', { freshUntil: at(49) })).toBe('act-window');
  });

  it('T29: no more goes back than was paid', () => {
    const { spentMinor } = VALUES['delegation-status'];
    expect(ofObject('delegation-status', { refundedMinor: spentMinor })).toBe('accepted');
    expect(ofObject('delegation-status', { refundedMinor: spentMinor + 1 })).toBe('act-refund');
    expect(ofObject('delegation-status', { spentMinor: 0, refundedMinor: 0, reservedMinor: 5 })).toBe('accepted');
    const { amountMinor } = VALUES.refund;
    expect(ofObject('refund', { refundedTotalMinor: amountMinor })).toBe('accepted');
    expect(ofObject('refund', { refundedTotalMinor: amountMinor - 1 })).toBe('act-refund');
  });

  it('a result is paid with its receipt, or refused without one', () => {
    const { result } = BODIES['delegated-result'];
    const { tradeNo: _, amountMinor: __, ...rest } = result;
    const refused = { ...rest, error: 'IAC_REVOKED' };
    expect(ofFrame('delegated-result', {})).toBe('accepted');
    expect(ofFrame('delegated-result', { receipt: undefined })).toBe('act-result-or-error');
    expect(ofFrame('delegated-result', { result: refused })).toBe('act-result-or-error');
    expect(ofFrame('delegated-result', { result: refused, receipt: undefined })).toBe('accepted');
    expect(ofFrame('delegated-result', { result: rest, receipt: undefined })).toBe('act-result-or-error');
  });

  it('T29: a refund is shown exactly where it succeeded', () => {
    for (const [state, refund, code] of [
      ['SUCCEEDED', SIGNED.refund, 'accepted'],
      ['SUCCEEDED', undefined, 'act-refund'],
      ['FAILED', SIGNED.refund, 'act-refund'],
      ['FAILED', undefined, 'accepted'],
      ['UNKNOWN', SIGNED.refund, 'act-refund'],
      ['UNKNOWN', undefined, 'accepted'],
    ] as const)
      expect(ofFrame('refund-answer', { state, refund }), `${state} ${refund !== undefined}`).toBe(code);
  });

  it('an instrument is a token or a sub-account', () => {
    expect(ofFrame('instrument', { subAccountId: 'sub_1' })).toBe('act-instrument');
    expect(ofFrame('instrument', { paymentToken: undefined })).toBe('act-instrument');
    expect(ofFrame('instrument', { paymentToken: undefined, subAccountId: 'sub_1' })).toBe('accepted');
  });

  it('a wanted window ends after it begins, in a watch and in a request for a cart', () => {
    for (const type of ['watch', 'cart-request'] as const) {
      expect(ofFrame(type, { wanted: { from: at(1), until: at(2) } })).toBe('accepted');
      expect(ofFrame(type, { wanted: { from: at(2), until: at(2) } })).toBe('act-window');
      expect(ofFrame(type, { wanted: undefined })).toBe('accepted');
    }
    expect(verdict(() => WantedWindow.encode({ from: at(3), until: at(2) }, 'wanted'))).toBe('act-window');
  });
});

describe('who hears what', () => {
  it('an agent that calls an order off is answered, and hears of a credential what the device hears', () => {
    expect(FRAMES['order-cancel'].from).toEqual(['device', 'agent']);
    for (const type of ['fulfilment', 'refusal', 'delegation-status'] as const)
      expect(FRAMES[type].to).toEqual(['device', 'agent']);
  });

  it('T13: an agent neither issues a credential nor widens or resumes one', () => {
    const fromAgent = (Object.keys(FRAMES) as FrameType[]).filter((type) =>
      (FRAMES[type].from as readonly string[]).includes('agent'),
    );
    for (const type of ['delegation-request', 'delegation-confirm', 'lifecycle', 'sub-account-request', 'notice-ack'])
      expect(fromAgent).not.toContain(type);
    for (const type of ['delegation-status', 'refund', 'receipt'] as const) expect(OBJECTS[type].signer).toBe('psp');
    for (const type of ['authorization', 'lifecycle-order'] as const) expect(OBJECTS[type].signer).toBe('signer');
  });
});

describe('room', () => {
  /** Two tickets and a programme, as a concert's merchant would spell them. */
  const line = VALUES.cart.lines[0] as ObjectValue<'cart'>['lines'][number];
  const lines = [
    {
      ...line,
      itemId: 'concert-ticket',
      sku: 'dm-20261205-a-12',
      title: '星河体育馆 12月5日 A区 3排12座、13座',
      quantity: 2,
    },
    {
      ...line,
      itemId: 'programme',
      sku: 'dm-20261205-p',
      title: '音乐会节目册（中英双语）',
      quantity: 1,
      amountMinor: 4_800,
    },
  ];
  const cart = anObject('cart', { lines, happensAt: at(86_400) });
  const { iac } = VALUES.authorization;
  const vendorPrivate = writeTerms({
    currency: 'CNY',
    items: [
      { itemId: 'concert-ticket', quantity: 2, choices: ['tier-a'] },
      { itemId: 'programme', quantity: 1 },
    ],
    ...{ maxDailyMinor: 300_000, maxOrders: 1, weekdays: [1, 2, 3, 4, 5, 6, 7], fromMin: 0, untilMin: 1_440 },
    ...{ utcOffsetMin: 480, wantedFrom: at(86_400), wantedUntil: at(2 * 86_400) },
  });
  const commerce = {
    ...iac.ext?.commerce,
    forbiddenMerchants: ['tickets-9', 'scalper-2'],
    forbiddenCategories: ['alcohol'],
  };
  const authorization = anObject('authorization', { iac: { ...iac, ext: { ...iac.ext, commerce, vendorPrivate } } });
  const request = anObject('delegated-pay-request', { iac: authorization, cartDigest: digestOf(cart) });
  const sealedSize = (frame: Uint8Array) =>
    SEALED_SIZES.find((size) => frame.length < size - ENVELOPE_OVERHEAD_BYTES) ?? Number.NaN;

  it('a payment under all terms for a cart of two lines, and the notice of it, go into the middle envelope', () => {
    const pay = aFrame('delegated-pay', { body: { requestId: idOf('pay'), request, cart } });
    const notice = aFrame('spend-notice', { body: { request, receipt: SIGNED.receipt, cart } });
    console.info(
      Object.entries({ cart, authorization, request, 'frame delegated-pay': pay, 'frame spend-notice': notice })
        .map(([name, bytes]) => `${String(bytes.length).padStart(5)} B ${name}`)
        .join('\n'),
    );
    for (const frame of [pay, notice]) {
      expect(frame.length).toBeLessThan(FRAME_MAX_BYTES);
      expect(sealedSize(frame)).toBe(2_048);
    }
  });

  it('the largest authorization fits into a request, and the longest request into what carries it', () => {
    const bytesOf = (payload: typeof iac) =>
      encodeCbor((IacPayload as WireType<unknown>).encode(payload, 'iac')).length;
    const added = authorization.length - bytesOf({ ...iac, ext: { ...iac.ext, commerce, vendorPrivate } });
    // The counter takes up to eight bytes more than the sample's.
    expect(added + 8).toBeLessThanOrEqual(1_536 - 1_280);
    const longest = anObject('autonomous-pay-request', {
      ...{ orderNo: 'O'.repeat(24), amountMinor: 999_999_999_999, agentId: `did:act:a/${'a'.repeat(86)}` },
      ...{ payee: 'p'.repeat(32), method: `urn:act:payment:${'m'.repeat(48)}`, iac: new Uint8Array(1_536) },
      ...{ subAccountId: 's'.repeat(48), resourceId: 'r'.repeat(96), taskId: idOf('task') },
      cartDigest: digestOf(cart),
    });
    expect(longest.length).toBeLessThanOrEqual(2_304);
    const pay = aFrame('delegated-pay', {
      body: { requestId: idOf('pay'), request: longest, cart: new Uint8Array(1_400) },
    });
    expect(sealedSize(pay)).toBe(4_096);
  });
});
