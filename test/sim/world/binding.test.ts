/** PSD-PMT-BND in the whole world: bound exactly once or not bound, whatever is lost, repeated, forged or cut off. */
import { describe, expect, it } from 'vitest';
import {
  deviceTopic,
  type FrameBody,
  newId,
  peekFrame,
  sealFrame,
  secondsOf,
  signObject,
  softSigningKey,
} from '../../../protocol/index.ts';
import { createTenant } from '../../../sim/cloud/index.ts';
import type { Moment } from '../../../sim/life.ts';
import { PowerCut } from '../../../sim/memory-journal.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { BindingPlay, type BindingPlayOptions } from './binding-play.ts';
import { TENANT } from './play.ts';

/** Bound at both ends with one and the same token, or at neither. */
function expectSound(play: BindingPlay, what: string): void {
  const isBound = play.state.at === 'bound';
  expect({
    what,
    ending: play.ending,
    issued: play.issued.length,
    token: play.token,
    written: new Set(play.written).size,
  }).toEqual({
    what,
    ending: play.ending,
    issued: isBound ? 1 : 0,
    token: isBound ? play.issued[0] : undefined,
    written: isBound ? 1 : 0,
  });
}

/** A frame that the PSP could send if it were minded to. */
function fromPsp(play: BindingPlay, message: Parameters<typeof sealFrame>[0], nonce: string): void {
  const { tenant, psp } = TENANT;
  const frame = sealFrame(
    message,
    {
      ...{ tenant, from: { party: psp.party, role: 'psp' }, session: play.device.session },
      to: { party: play.device.device, role: 'device' },
    },
    { iat: secondsOf(play.clock.now()), lifetimeS: 120, cti: newId(new SeededRandom(nonce).bytes(16)) },
    softSigningKey(psp.frameSeed),
  );
  play.broker.inject('psp', deviceTopic(tenant, play.device.device, 'down'), frame);
}

describe('a binding', { timeout: 120_000 }, () => {
  it('ends with one token at both ends, after one prompt and one signature', () => {
    const play = new BindingPlay().begin().settle();
    expect([play.ending, play.world.record.signatures.length]).toEqual(['bound', 1]);
    expectSound(play, 'plain');
  });

  it('is not made when the wearer does nothing', () => {
    const play = new BindingPlay({ holds: false }).begin().settle();
    expect([play.ending, play.world.record.signatures]).toEqual(['expired', []]);
    play.pass(200_000);
    expectSound(play, 'nothing done');
  });

  it.each([
    ['another principal', { delegatorIdentity: 'did:act:example.com/other' }, 'AUTH_FAILED'],
    ['another agent', { agentId: 'did:act:example.com/another' }, 'AGENT_NOT_REGISTERED'],
    ['a method', { methods: ['urn:act:payment:shells'] }, 'ACCOUNT_INVALID'],
    ['too much', { limits: { currency: 'CNY', maxTotalMinor: 9_000_000 } }, 'ACCOUNT_LIMIT_EXCEEDED'],
  ] as const)('is refused for %s', (_what, over, code) => {
    const play = new BindingPlay().begin(over as never).settle();
    expect(play.ending).toBe(`refused: ${code}`);
    expectSound(play, code);
  });

  it('T18: is refused to a locked device, also when the lock comes while the wearer reads', () => {
    const play = new BindingPlay().begin();
    play.run(() => play.state.at === 'confirming');
    play.attempt(() => expect(play.world.cloud.psp.command(`lock ${play.device.device}`)).toBe('done'));
    play.settle();
    expect(play.ending).toBe('refused: locked');
    play.pass(1_000);
    play.binder?.bind(play.wish(), 'en-US');
    play.settle();
    expect(play.ending).toBe('refused: AUTH_FAILED');
    expect(play.world.record.signatures).toEqual([]);
    expectSound(play, 'locked');
  });

  it('is refused when the link goes while the wearer reads', () => {
    const play = new BindingPlay().begin();
    play.run(() => play.state.at === 'confirming');
    play.broker.setOnline(play.device.device, false);
    play.settle();
    expect(play.ending).toBe('refused: link-lost');
  });
});

describe('a binding on a bad network', { timeout: 120_000 }, () => {
  const frames = 4;

  it.each(Array.from({ length: frames + 2 }, (_, i) => i))(
    'T3: comes to the same end when frame %i is lost',
    (lost) => {
      const play = new BindingPlay();
      let count = 0;
      play.broker.plan = () => ({ delaysMs: count++ === lost ? [] : [1] });
      play.begin().settle();
      expect(play.ending).toBe('bound');
      expectSound(play, `lost ${lost}`);
    },
  );

  it('T3 T4: and however often and late each frame comes', () => {
    for (let n = 0; n < 40; n += 1) {
      const play = new BindingPlay({ seed: `storm ${n}` });
      const random = new SeededRandom(`storm ${n}`);
      play.broker.plan = () => ({ delaysMs: Array.from({ length: random.below(4) }, () => 1 + random.below(15_000)) });
      play.begin();
      play.pass(150_000);
      play.broker.plan = () => ({ delaysMs: [1] });
      play.settle();
      expectSound(play, `storm ${n}`);
    }
  });

  it('T2: nothing of it, replayed afterwards, does anything', () => {
    const play = new BindingPlay().begin().settle();
    const captured = [...play.wire];
    const { token } = play;
    for (const wait of [0, 60_000, 300_000]) {
      play.pass(wait);
      for (const { topic, payload } of captured) play.broker.inject('attacker', topic, payload);
      play.pass(1_000);
      play.kill();
      play.pass(5_000);
    }
    expect([play.ending, play.token, play.written.length]).toEqual(['bound', token, 1]);
    play.binder?.bind(play.wish(), 'en-US');
    for (const { topic, payload } of captured) play.broker.inject('attacker', topic, payload);
    play.settle();
    expect([play.ending, play.issued.length, play.token === token]).toEqual(['bound', 2, false]);
  });
});

describe('a hostile binding', { timeout: 120_000 }, () => {
  const agentId = (play: BindingPlay) => play.device.agentId;
  const result = (play: BindingPlay, over: object = {}): FrameBody<'bind-result'> => {
    if (!('request' in play.state)) throw new Error('nothing is under way');
    const { requestId, limits } = play.state.request;
    const decidedAt = secondsOf(play.clock.now());
    return { requestId, agentId: agentId(play), paymentToken: 'token-of-a-thief', limits, decidedAt, ...over };
  };

  it.each(['requesting', 'confirming'])('T4: takes no token that nobody consented to: %s', (at) => {
    const play = new BindingPlay({ holds: false });
    const isHeldBack = (payload: Uint8Array) => at === 'requesting' && peekFrame(payload).type === 'bind-offer';
    play.broker.plan = ({ payload }) => ({ delaysMs: isHeldBack(payload) ? [2_000] : [1] });
    play.begin().run(() => play.state.at === at);
    fromPsp(play, { type: 'bind-result', body: result(play) }, 'early');
    play.pass(500);
    expect([play.state.at, play.token]).toEqual([at, undefined]);
  });

  it.each([
    ['another request', { requestId: newId(new Uint8Array(16)) }, 'bound'],
    ['another agent', { agentId: 'did:act:example.com/another' }, 'refused: result-terms'],
    ['wider limits', { limits: { currency: 'CNY', maxTotalMinor: 999_999 } }, 'refused: result-terms'],
  ] as const)('T5: keeps no token for %s', (_what, over, ending) => {
    const play = new BindingPlay();
    play.begin().run(() => play.state.at === 'consenting');
    fromPsp(play, { type: 'bind-result', body: result(play, over) }, 'other');
    play.settle();
    expect(play.ending).toBe(ending);
    expect(play.written).not.toContain('token-of-a-thief');
  });

  it.each([
    ['for another device', { payer: 'glasses-99' }, 'offer-terms'],
    ['for another agent', { agentId: 'did:act:example.com/another' }, 'offer-terms'],
    ['that reaches further', { limits: { currency: 'CNY', maxTotalMinor: 999_999 } }, 'offer-terms'],
    ['of another request', { requestId: newId(new Uint8Array(16)) }, 'offer-terms'],
  ] as const)('T5: shows no offer %s', (_what, over, code) => {
    const play = new BindingPlay({ holds: false });
    play.broker.plan = ({ topic }) => ({ delaysMs: topic.endsWith('/down') ? [3_000] : [1] });
    play.begin();
    play.broker.plan = () => ({ delaysMs: [1] });
    const { request } = play.state as Extract<typeof play.state, { at: 'requesting' }>;
    const { requestId, methods, limits } = request;
    const issuedAt = secondsOf(play.clock.now());
    const value = {
      ...{ nonce: newId(new Uint8Array(16)), requestId, payer: play.device.device, agentId: agentId(play) },
      ...{ methods, limits, issuedAt, expiresAt: (issuedAt + 60) as typeof issuedAt, ...over },
    };
    const offer = signObject('binding-offer', value, softSigningKey(TENANT.psp.objectSeed));
    fromPsp(play, { type: 'bind-offer', body: { requestId, offer } }, code);
    play.settle();
    expect(play.ending).toBe(`refused: ${code}`);
    expect(play.world.record.presented).toEqual([]);
  });

  it('T1: shows no offer that was signed by somebody else', () => {
    const play = new BindingPlay({ holds: false });
    play.broker.plan = ({ topic }) => ({ delaysMs: topic.endsWith('/down') ? [3_000] : [1] });
    play.begin();
    const { request } = play.state as Extract<typeof play.state, { at: 'requesting' }>;
    play.broker.plan = () => ({ delaysMs: [1] });
    fromPsp(play, { type: 'bind-offer', body: { requestId: request.requestId, offer: new Uint8Array([1]) } }, 'junk');
    play.settle();
    expect(play.ending).toBe('refused: offer-signature');
  });
});

/** Cuts the power of a party at its k-th moment. */
function cut(party: string, k: number, moments: Moment[]): BindingPlayOptions {
  let count = 0;
  return {
    onMoment(who, moment) {
      if (who !== party) return;
      count += 1;
      if (count !== k) return;
      moments.push(moment);
      throw new PowerCut('power cut');
    },
  };
}

describe('T19: power cuts in a binding', { timeout: 300_000 }, () => {
  it.each(['glasses-01', 'psp'])('of %s, at each instant: bound exactly once or not bound', (party) => {
    const ends = new Map<string, number>();
    for (let k = 1; ; k += 1) {
      const moments: Moment[] = [];
      const play = new BindingPlay(cut(party, k, moments)).begin().settle();
      if (moments.length === 0) break;
      play.pass(200_000);
      expectSound(play, `${party} at ${k} (${moments.join()})`);
      ends.set(play.ending, (ends.get(play.ending) ?? 0) + 1);
    }
    console.info(`${party}: ${[...ends].map(([what, n]) => `${n} × ${what}`).join(', ')}`);
    expect(ends.get('bound')).toBeGreaterThan(5);
  });

  it('never leave the token in a journal', () => {
    const play = new BindingPlay().begin().settle();
    const stored = play.world.record.stored.filter(({ party }) => party === play.device.device);
    const text = stored
      .flatMap(({ records }) => records)
      .map((bytes) => Buffer.from(bytes).toString('latin1'))
      .join();
    expect(text.length).toBeGreaterThan(500);
    expect(play.token).toBeDefined();
    expect(text).not.toContain(play.token);
    // Nor in the bytes of a frame, however they are spelt.
    const frames = play.wire.filter(({ payload }) => peekFrame(payload).type === 'bind-result');
    for (const { payload } of frames) expect(text).not.toContain(Buffer.from(payload).toString('base64url').slice(-40));
  });
});

describe('a replacement device', () => {
  it('T18: binds the same account anew; the old one and its tokens are dead for good', () => {
    const tenant = createTenant(new Uint8Array(32).fill(9), {
      tenant: 'demo',
      devices: ['glasses-01', 'glasses-02'],
      accounts: { 'glasses-02': 'glasses-01' },
    });
    const play = new BindingPlay({ tenant, device: 'glasses-02' });
    play.attempt(() => expect(play.world.cloud.psp.command('retire glasses-01')).toBe('done'));
    play.begin().settle();
    expect(play.ending).toBe('bound');
    expect(play.world.cloud.psp.command('unlock glasses-01')).toBe('device-retired');
    const old = new BindingPlay({ tenant, device: 'glasses-01', seed: 'old' });
    old.attempt(() => old.world.cloud.psp.command('retire glasses-01'));
    old.begin().settle();
    expect(old.ending).toMatch(/^refused: (AUTH_FAILED|locked)$/);
  });
});
