/** T18: a lock order at the device runtime. */
import { describe, expect, it } from 'vitest';
import { type LockOrder, peekFrame, signObject } from '../../protocol/index.ts';
import { type Rig, rigAfter, STORY } from './agent-rig.ts';
import { DEVICE, MERCHANT, objectKey, PSP, seconds } from './builders.ts';

const CTL = 'act/1/test/glasses-01/ctl';

function lockOrder(over: Partial<LockOrder> = {}, key = objectKey(PSP)): Uint8Array {
  return signObject('lock-order', { device: DEVICE, state: 'locked', version: 7, issuedAt: seconds(0), ...over }, key);
}

const lock = (rig: Rig, order = lockOrder()) => rig.send({ type: 'device-lock', body: { order } }, PSP);
const OBEYED = { answer: 'obeyed', isLocked: true } as const;

describe('a lock order', () => {
  it.each([1, 2, 3, 4, 5, 6])('ends a purchase that has come to chapter %i, unpaid', (chapters) => {
    const rig = rigAfter(chapters);
    rig.taken = OBEYED;
    const trace = rig.during(() => lock(rig));
    expect(rig.state).toMatchObject({ at: 'ended', outcome: 'cancelled', reason: 'locked' });
    expect(trace).toContain('publish lock-ack');
    expect(trace.includes('withdraw')).toBe(chapters === 6);
    expect(trace.includes('publish pay-cancel')).toBe(chapters >= 5);
  });

  it('leaves what was signed before to be settled', () => {
    const rig = rigAfter(STORY.findIndex(({ name }) => name === 'the hold') + 1);
    rig.taken = OBEYED;
    lock(rig);
    expect(rig.state.at).toBe('settling');
  });

  it('is acknowledged with its own version and state, and the wearer is told', () => {
    const rig = rigAfter(0);
    rig.taken = OBEYED;
    lock(rig);
    const ack = rig.published.find((frame) => peekFrame(frame).type === 'lock-ack');
    expect(ack && peekFrame(ack).aud).toBe(PSP);
    expect(rig.trace.some((line) => line.startsWith('say') && line.includes('lock'))).toBe(true);
    const again = rig.during(() => {
      rig.taken = { answer: 'order-not-newer', isLocked: true };
      lock(rig);
    });
    expect(again).toContain('publish lock-ack');
    expect(again.filter((line) => line.startsWith('say'))).toEqual([]);
  });

  it('ends nothing where the signer is not locked: an unlocking, or an older order', () => {
    const rig = rigAfter(3);
    rig.taken = { answer: 'order-not-newer', isLocked: false };
    lock(rig);
    rig.taken = { answer: 'obeyed', isLocked: false };
    lock(rig, lockOrder({ state: 'unlocked', version: 8 }));
    expect(rig.state.at).toBe('choosing');
  });

  it('T5 T25: of somebody else, or for another device, never reaches the signer', () => {
    const rig = rigAfter(0);
    rig.taken = OBEYED;
    lock(rig, lockOrder({ device: 'glasses-02' }));
    lock(rig, new Uint8Array([1]));
    lock(rig, lockOrder({}, objectKey('other-psp')));
    rig.send({ type: 'device-lock', body: { order: lockOrder({}, objectKey(MERCHANT)) } }, PSP);
    expect(rig.trace).not.toContain('obey');
    expect(rig.trace).not.toContain('publish lock-ack');
  });

  it('is not acknowledged where the signer disowns it or cannot be reached', () => {
    const rig = rigAfter(0);
    lock(rig);
    rig.taken = { answer: 'order-signature', isLocked: false };
    lock(rig);
    expect(rig.trace.filter((line) => line === 'obey')).toHaveLength(2);
    expect(rig.trace).not.toContain('publish lock-ack');
  });

  it('T30: reaches the signer although the device can store nothing', () => {
    const rig = rigAfter(2);
    rig.taken = OBEYED;
    rig.isFull = true;
    let isAcked = true;
    const trace = rig.during(() => {
      isAcked = lock(rig);
    });
    expect(trace).toEqual(['obey']);
    expect(isAcked).toBe(false);
  });

  it('T30: gets through on its own topic while its sender’s rate is used up on the other', () => {
    const rig = rigAfter(0);
    rig.taken = OBEYED;
    for (let n = 0; n < 100; n += 1) rig.send({ type: 'device-lock', body: { order: new Uint8Array([1]) } }, PSP);
    const before = rig.trace.filter((line) => line === 'obey').length;
    lock(rig);
    expect(rig.trace.filter((line) => line === 'obey')).toHaveLength(before);
    rig.topic = CTL;
    lock(rig);
    expect(rig.trace.filter((line) => line === 'obey')).toHaveLength(before + 1);
  });
});

it('T28: keeps nothing of a binding in its journal, where a token could stand', () => {
  const rig = rigAfter(0);
  const body = { requestId: '00'.repeat(16) as never, agentId: 'did:act:example.com/x', paymentToken: 'token-x' };
  const limits = { currency: 'CNY' as const };
  const trace = rig.during(() =>
    rig.send({ type: 'bind-result', body: { ...body, limits, decidedAt: seconds(0) } }, PSP),
  );
  expect(trace).toEqual(['ack']);
});
