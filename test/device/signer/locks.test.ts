import { describe, expect, it } from 'vitest';
import type { ActAnswer } from '../../../device/signer/core.ts';
import type { LocalAct } from '../../../device/signer/local-act.ts';
import { type LockOrder, signObject } from '../../../protocol/index.ts';
import { memoryDisk } from '../../../sim/memory-journal.ts';
import { challengeBytes, DEVICE, id, MERCHANT, objectKey, PSP, seconds } from '../builders.ts';
import { SignerRig } from '../signer-rig.ts';

function order(over: Partial<LockOrder> = {}, by = PSP): Uint8Array {
  const value = { device: DEVICE, state: 'locked', version: 1, issuedAt: seconds(0), ...over } as const;
  return signObject('lock-order', value, objectKey(by));
}

function fresh(label: string) {
  return { challenge: challengeBytes({ nonce: id(label) }) };
}

function perform(rig: SignerRig, act: LocalAct): ActAnswer[] {
  const answers: ActAnswer[] = [];
  rig.signer.perform(act, 'en-US', (answer) => answers.push(answer));
  return answers;
}

const LOCKED = { kind: 'failed', code: 'signer-locked' };

describe('T18: a signer that its PSP has locked', () => {
  it('signs nothing from the order on, not even what was being held, and nothing after a restart', () => {
    const rig = new SignerRig();
    rig.confirm();
    rig.clock.advance(1_500);
    rig.button.edge('down');
    rig.clock.advance(700);
    expect(rig.signer.obey(order())).toBe('obeyed');
    rig.clock.advance(5_000);
    expect(rig.answers).toEqual([{ kind: 'void', reason: 'locked' }]);
    expect(rig.signer.lock).toBe('by-psp');
    expect(rig.ask(fresh('locked'))).toEqual(LOCKED);
    rig.disk.crash();
    const again = new SignerRig({ disk: rig.disk, clock: rig.clock });
    expect(again.ask(fresh('restarted'))).toEqual(LOCKED);
    expect(again.display.shown).toEqual([]);
  });

  it('is not unlocked, erased or paired by the wearer', () => {
    const rig = new SignerRig();
    rig.signer.obey(order());
    for (const act of [{ kind: 'unlock' }, { kind: 'reset' }, { kind: 'pair', code: '123456' }] as const)
      expect(perform(rig, act)).toEqual([LOCKED]);
  });

  it('signs again after a newer order, and never obeys an older one (T4)', () => {
    const rig = new SignerRig();
    expect(rig.signer.obey(order({ version: 2 }))).toBe('obeyed');
    expect(rig.signer.obey(order({ version: 1, state: 'unlocked' }))).toBe('order-not-newer');
    expect(rig.signer.obey(order({ version: 2, state: 'unlocked' }))).toBe('order-not-newer');
    expect(rig.ask()).toEqual(LOCKED);
    expect(rig.signer.obey(order({ version: 3, state: 'unlocked' }))).toBe('obeyed');
    expect(rig.ask()?.kind).toBe('signed');
    rig.disk.crash();
    const again = new SignerRig({ disk: rig.disk, clock: rig.clock });
    expect(again.signer.obey(order({ version: 3 }))).toBe('order-not-newer');
    expect(again.ask(fresh('again'))?.kind).toBe('signed');
  });

  it.each<readonly [string, Uint8Array]>([
    ['of a merchant', order({}, MERCHANT)],
    ['of another PSP', order({}, 'other-psp')],
    ['of the device itself', order({}, DEVICE)],
    ['for another device (T5)', order({ device: 'glasses-02' })],
    ['that is a challenge (T25)', challengeBytes()],
    ['with one bit changed', order().map((byte, i) => (i === 60 ? byte ^ 1 : byte))],
    ['of no bytes', new Uint8Array()],
  ])('obeys no order %s', (_name, bytes) => {
    const rig = new SignerRig();
    expect(rig.signer.obey(bytes)).toBe('order-signature');
    expect(rig.ask()?.kind).toBe('signed');
  });

  it('is locked or not, wherever the power goes: never locked by an order it would obey again', () => {
    for (const arrived of [0, 1, 7, 19, 30]) {
      const disk = memoryDisk();
      const before = new SignerRig({ disk });
      disk.crashInNextAppend((bound) => Math.min(arrived, bound - 1));
      expect(() => before.signer.obey(order())).toThrow('power cut');
      const after = new SignerRig({ disk });
      const isLocked = after.signer.lock !== undefined;
      expect(after.signer.obey(order())).toBe(isLocked ? 'order-not-newer' : 'obeyed');
      expect(after.ask(fresh(`cut ${arrived}`))).toEqual(LOCKED);
    }
  });
});

describe('a signer that its wearer has locked', () => {
  it('signs nothing until the wearer holds to unlock; a click leaves it locked', () => {
    const rig = new SignerRig();
    rig.confirm();
    rig.signer.lockNow();
    expect(rig.answers).toEqual([{ kind: 'void', reason: 'locked' }]);
    expect(rig.ask(fresh('locked'))).toEqual(LOCKED);

    const clicked = perform(rig, { kind: 'unlock' });
    expect(rig.display.current?.lines.join('\n')).toContain('Hold to unlock');
    rig.clock.advance(1_500);
    rig.button.press(200);
    rig.clock.advance(1_000);
    expect(clicked).toEqual([{ kind: 'declined' }]);
    expect(rig.ask(fresh('still locked'))).toEqual(LOCKED);

    rig.disk.crash();
    const again = new SignerRig({ disk: rig.disk, clock: rig.clock });
    const held = perform(again, { kind: 'unlock' });
    again.hold();
    expect(held).toEqual([{ kind: 'done' }]);
    expect(again.ask(fresh('unlocked'))?.kind).toBe('signed');
  });

  it('does not unlock what the PSP has locked meanwhile', () => {
    const rig = new SignerRig();
    rig.signer.lockNow();
    const answers = perform(rig, { kind: 'unlock' });
    rig.signer.obey(order());
    rig.hold();
    expect(answers).toEqual([{ kind: 'void', reason: 'locked' }]);
    expect(rig.signer.lock).toBe('by-psp');
  });
});

describe('erasing', () => {
  it('takes a hold, destroys the key, and leaves nothing that signs or can be asked', () => {
    let erased = 0;
    const rig = new SignerRig({ erase: () => (erased += 1) });
    const declined = perform(rig, { kind: 'reset' });
    rig.clock.advance(40_000);
    expect([declined, erased]).toEqual([[{ kind: 'timed-out' }], 0]);
    const held = perform(rig, { kind: 'reset' });
    rig.hold();
    expect([held, erased]).toEqual([[{ kind: 'done' }], 1]);
    expect(rig.ask()).toEqual({ kind: 'failed', code: 'signer-erased' });
    expect(perform(rig, { kind: 'unlock' })).toEqual([{ kind: 'failed', code: 'signer-erased' }]);
  });

  it('is refused where the key cannot be destroyed from here', () => {
    expect(perform(new SignerRig(), { kind: 'reset' })).toEqual([{ kind: 'failed', code: 'reset-unsupported' }]);
  });
});

describe('pairing', () => {
  it('shows the digits whole and is done only by a hold', () => {
    const rig = new SignerRig();
    const answers = perform(rig, { kind: 'pair', code: '940217' });
    expect(rig.display.current?.lines).toContain('940217');
    expect(rig.speaker.said.map(({ text }) => text)).toContain('9 4 0 2 1 7');
    rig.hold();
    expect(answers).toEqual([{ kind: 'done' }]);
  });
});
