import { describe, expect, it } from 'vitest';
import { StoreError } from '../../../device/errors.ts';
import type { SignerAnswer, SignRequest } from '../../../device/signer/port.ts';
import { type LockOrder, signObject } from '../../../protocol/index.ts';
import { cartBytes, challengeBytes, DEVICE, id, objectKey, PSP, seconds } from '../builders.ts';
import { SignerRig } from '../signer-rig.ts';

function order(over: Partial<LockOrder> = {}): Uint8Array {
  const value = { device: DEVICE, state: 'locked', version: 1, issuedAt: seconds(0), ...over } as const;
  return signObject('lock-order', value, objectKey(PSP));
}

function payment(label: string): SignRequest {
  return { kind: 'payment', challenge: challengeBytes({ nonce: id(label) }), cart: cartBytes(), locale: 'en-US' };
}

const LOCKED = { kind: 'failed', code: 'signer-locked' };
const LOCKS: readonly (readonly [string, (rig: SignerRig) => void])[] = [
  ['its PSP', (rig) => rig.signer.obey(order())],
  ['its wearer', (rig) => rig.signer.lockNow()],
];

describe.each(LOCKS)('T18: a lock by %s', (_name, lock) => {
  it('holds against whoever asks again at the moment its prompt is void', () => {
    const rig = new SignerRig();
    const answers: SignerAnswer[] = [];
    rig.signer.confirm(payment('first'), (answer) => {
      answers.push(answer);
      rig.signer.confirm(payment('at once'), (second) => answers.push(second));
    });
    rig.clock.advance(500);
    lock(rig);
    expect(rig.display.current).toBeUndefined();
    rig.hold();
    expect(answers.map(({ kind }) => kind)).not.toContain('signed');
    expect(answers[0]).toEqual({ kind: 'void', reason: 'locked' });
  });

  it('holds against the request during whose voiding it came', () => {
    const rig = new SignerRig();
    rig.signer.confirm(payment('first'), () => lock(rig));
    rig.signer.confirm(payment('second'), (answer) => rig.answers.push(answer));
    rig.hold();
    expect(rig.answers).toEqual([LOCKED]);
  });

  it('holds from when it was told, though the disk was full then and is not any more', () => {
    const rig = new SignerRig();
    rig.disk.setFull(true);
    expect(() => lock(rig)).toThrow(StoreError);
    rig.disk.setFull(false);
    rig.signer.confirm(payment('afterwards'), (answer) => rig.answers.push(answer));
    rig.hold();
    expect(rig.answers).toEqual([LOCKED]);
    // T19: what a power cut would undo is not reported as a lock.
    expect(rig.signer.lock).toBeUndefined();
  });
});

describe('T18: an order that could not be kept', () => {
  it('is obeyed when it comes again, and is lifted by a newer one only once that is kept', () => {
    const rig = new SignerRig();
    rig.disk.setFull(true);
    expect(() => rig.signer.obey(order())).toThrow(StoreError);
    expect(() => rig.signer.obey(order({ version: 2, state: 'unlocked' }))).toThrow(StoreError);
    expect(rig.ask()).toEqual(LOCKED);
    rig.disk.setFull(false);
    expect(rig.signer.obey(order())).toBe('obeyed');
    expect(rig.signer.lock).toBe('by-psp');
    expect(rig.signer.obey(order({ version: 2, state: 'unlocked' }))).toBe('obeyed');
    expect(rig.signer.lock).toBeUndefined();
    expect(rig.ask()?.kind).toBe('signed');
  });

  it('does not outlive a newer one that unlocks', () => {
    const rig = new SignerRig();
    rig.disk.setFull(true);
    expect(() => rig.signer.obey(order())).toThrow(StoreError);
    rig.disk.setFull(false);
    expect(rig.signer.obey(order({ version: 2, state: 'unlocked' }))).toBe('obeyed');
    expect(rig.ask()?.kind).toBe('signed');
  });
});
