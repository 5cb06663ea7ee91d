import { describe, expect, it } from 'vitest';
import type { BindingEvent } from '../../../device/binding/events.ts';
import { decodeBindingRecord, encodeBindingRecord } from '../../../device/binding/record.ts';
import type { Binding, BindingIn } from '../../../device/binding/state.ts';
import { REQUEST_MS, step } from '../../../device/binding/step.ts';
import { StoreError } from '../../../device/errors.ts';
import type { SignerAnswer } from '../../../device/signer/port.ts';
import { type BindingOffer, type BindingRequest, digestOf, type Message, signObject } from '../../../protocol/index.ts';
import { at, id, objectKey, opened, PSP, seconds, settings } from '../builders.ts';

const request: BindingRequest = {
  requestId: id('binding'),
  delegatorIdentity: 'did:act:example.com/person-1',
  agentId: settings.agentId,
  methods: [settings.paymentMethod],
  limits: { currency: 'CNY', maxSingleMinor: 5_000, maxTotalMinor: 20_000, validUntil: seconds(86_400) },
  createdAt: seconds(0),
};
const { requestId, agentId, methods, limits } = request;

function offerBytes(over: Partial<BindingOffer> = {}, by = PSP): Uint8Array {
  const times = { issuedAt: seconds(1), expiresAt: seconds(61) };
  const value = { nonce: id('nonce'), requestId, payer: settings.device, agentId, methods, limits, ...times, ...over };
  return signObject('binding-offer', value, objectKey(by));
}

const offer = offerBytes();
const consentTo = (bytes: Uint8Array, by: string = settings.device) =>
  signObject(
    'binding-consent',
    {
      ...{ offerDigest: digestOf(bytes), viewDigest: digestOf(new Uint8Array()), method: 'hold-simulated' },
      ...{ counter: 1, confirmedAt: seconds(5) },
    },
    objectKey(by),
  );

const wish: BindingEvent = { kind: 'wish', request, locale: 'en-US' };
const frame = (message: Message, from = PSP): BindingEvent => ({ kind: 'frame', frame: opened(message, from) });
const offered = (bytes = offer, from = PSP) => frame({ type: 'bind-offer', body: { requestId, offer: bytes } }, from);
const signer = (answer: SignerAnswer): BindingEvent => ({ kind: 'signer', answer });
const signed = (bytes: Uint8Array) => signer({ kind: 'signed', signed: bytes, method: 'hold-simulated' });
const result = (over: object = {}, from = PSP) =>
  frame({ type: 'bind-result', body: { requestId, agentId, decidedAt: seconds(6), ...over } as never }, from);
const failed = (failure: string, from = PSP) => result({ failure }, from);

/** What became of some events, each a second after the one before. */
function after(...events: readonly BindingEvent[]): Binding {
  return events.reduce<Binding>((state, event, i) => step(settings, state, event, at(i * 1_000)).state, { at: 'idle' });
}

const ending = (state: Binding) => (state.at === 'refused' ? `refused: ${state.code}` : state.at);

describe('a binding', () => {
  it('goes from the wish over the offer and the consent to the token, which is only handed on', () => {
    const confirming = after(wish, offered());
    const last = step(
      settings,
      after(wish, offered(), signed(consentTo(offer))),
      result({ paymentToken: 't', limits }),
      at(9),
    );
    expect([confirming.at, last.state.at, last.effects]).toEqual(['confirming', 'bound', [{ do: 'keep', token: 't' }]]);
    expect(JSON.stringify(last.state)).not.toContain('"t"');
  });

  it.each([
    [{ kind: 'declined' }, 'refused: declined'],
    [{ kind: 'cancelled' }, 'refused: cancelled'],
    [{ kind: 'timed-out' }, 'expired'],
    [{ kind: 'void', reason: 'wear-off' }, 'refused: wear-off'],
    [{ kind: 'failed', code: 'signer-locked' }, 'refused: signer-locked'],
  ] as const)('keeps the answers of the signer apart: %o', (answer, end) => {
    expect(ending(after(wish, offered(), signer(answer)))).toBe(end);
  });

  it.each([
    ['to another offer', consentTo(offerBytes({ nonce: id('other') }))],
    ['of another device', consentTo(offer, 'glasses-02')],
    ['of nobody', new Uint8Array([1])],
  ])('T2: sends no consent %s', (_what, bytes) => {
    expect(ending(after(wish, offered(), signed(bytes)))).toBe('refused: signer-mismatch');
  });

  it('T5: takes nothing from another PSP, and no offer that another PSP signed', () => {
    expect(after(wish, offered(offer, 'other-psp')).at).toBe('requesting');
    expect(after(wish, failed('AUTH_FAILED', 'other-psp')).at).toBe('requesting');
    expect(ending(after(wish, offered(offerBytes({}, 'other-psp'))))).toBe('refused: offer-signature');
  });

  it.each([
    ['device', { payer: 'glasses-02' }],
    ['agent', { agentId: 'did:act:example.com/another' }],
    ['request', { requestId: id('another') }],
    ['method', { methods: ['urn:act:payment:shells'] }],
    ['reach', { limits: { currency: 'CNY', maxTotalMinor: 20_001 } }],
  ] as const)('T5: shows no offer for another %s', (_what, over) => {
    expect(ending(after(wish, offered(offerBytes(over))))).toBe('refused: offer-terms');
  });

  it('T16: shows no offer whose time is over', () => {
    expect(after(wish, offered(offerBytes({ expiresAt: seconds(1) }))).at).toBe('expired');
  });

  it('T4: is not ended by the one failure that the PSP does not remember, once there was an offer', () => {
    expect(ending(after(wish, failed('SYSTEM_ERROR')))).toBe('refused: SYSTEM_ERROR');
    expect(after(wish, offered(), failed('SYSTEM_ERROR')).at).toBe('confirming');
    expect(after(wish, offered(), signed(consentTo(offer)), failed('SYSTEM_ERROR')).at).toBe('consenting');
    expect(ending(after(wish, offered(), failed('AUTH_FAILED')))).toBe('refused: AUTH_FAILED');
  });

  it('goes on asking for what became of a consent, ever more slowly, and over a lock and a restart', () => {
    let state = after(wish, offered(), signed(consentTo(offer)));
    const asked: number[] = [];
    for (let ms = 3_000; ms < 300_000; ms += 1_000) {
      const next = step(settings, state, { kind: 'tick' }, at(ms));
      if (next.effects.length > 0) asked.push(ms);
      state = next.state;
    }
    const pauses = asked.slice(1).map((ms, i) => ms - (asked[i] ?? 0));
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(pauses.at(-1)).toBe(60_000);
    const locked: BindingEvent = { kind: 'lock-order', taken: { answer: 'obeyed', isLocked: true } };
    for (const event of [locked, { kind: 'link', online: false }, { kind: 'restarted' }] as const)
      expect(step(settings, state, event, at(301_000)).state.at).toBe('consenting');
    const again = step(settings, state, offered(), at(301_000));
    expect(again.effects.map((effect) => effect.do === 'send' && effect.message.type)).toEqual(['bind-consent']);
    const other = step(settings, state, offered(offerBytes({ nonce: id('other') })), at(301_000));
    expect(other.effects).toEqual([]);
  });

  it('gives up where the PSP does not answer, and withdraws what is shown when it ends', () => {
    const tick = { kind: 'tick' } as const;
    expect(ending(step(settings, after(wish), tick, at(REQUEST_MS)).state)).toBe('refused: psp-unreachable');
    const confirming = after(wish, offered()) as BindingIn<'confirming'>;
    expect(step(settings, confirming, tick, confirming.until)).toMatchObject({
      state: { at: 'expired' },
      effects: [{ do: 'withdraw' }],
    });
    const restarted = step(settings, confirming, { kind: 'restarted' }, at(9_000));
    expect([restarted.state.at, restarted.effects.map((effect) => effect.do)]).toEqual([
      'requesting',
      ['withdraw', 'send'],
    ]);
  });

  it('takes a new wish only when nothing is under way', () => {
    const other: BindingEvent = { ...wish, request: { ...request, requestId: id('second') } } as BindingEvent;
    const kept = after(wish, other) as BindingIn<'requesting'>;
    expect(kept.request.requestId).toBe(requestId);
    const next = after(wish, failed('AUTH_FAILED'), other) as BindingIn<'requesting'>;
    expect(next.request.requestId).toBe(id('second'));
  });

  it('is refused with the code of a refusal that names it', () => {
    const refusal = (of = requestId) =>
      frame({ type: 'refusal', body: { requestId: of, category: 'STATE_CONFLICT', code: 'repeated-request' } });
    expect(ending(after(wish, refusal()))).toBe('refused: repeated-request');
    expect(after(wish, refusal(id('another'))).at).toBe('requesting');
  });
});

describe('an entry of the binding journal', () => {
  const record = { at: at(0), event: 'signer', sent: [new Uint8Array([1, 2])], binding: after(wish, offered()) };

  it('reads back as it was written', () => {
    expect(decodeBindingRecord(encodeBindingRecord(record))).toMatchObject(record);
  });

  it.each([
    ['store-altered', new Uint8Array([0xff])],
    ['store-version', new TextEncoder().encode('{"v":2}')],
    ['store-version', new TextEncoder().encode('null')],
  ])('is refused with %s', (code, bytes) => {
    expect(() => decodeBindingRecord(bytes)).toThrow(StoreError);
    expect(() => decodeBindingRecord(bytes)).toThrow(code);
  });
});
