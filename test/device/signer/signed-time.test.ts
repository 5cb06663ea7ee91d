import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../device/ports.ts';
import { MAX_NONCES, openSignerMemory } from '../../../device/signer/memory.ts';
import { SignedTime } from '../../../device/signer/signed-time.ts';
import { type EpochMs, epochMs } from '../../../protocol/index.ts';
import { memoryDisk } from '../../../sim/memory-journal.ts';
import { at, cartBytes, challengeBytes, checkedCart, id, START, seconds } from '../builders.ts';
import { read, SignerRig } from '../signer-rig.ts';

/** A cart that is locked as long as nobody waits, so that the challenge alone sets the end. */
const LASTING = checkedCart({ lockedUntil: seconds(100_000_000) });

function asked(label: string, issued: number, life = 100) {
  const over = { nonce: id(label), issuedAt: seconds(issued), expiresAt: seconds(issued + life) };
  return { challenge: challengeBytes(over, undefined, LASTING), cart: LASTING.bytes };
}

describe('T16: the time of the signer', () => {
  it('is what was signed last and what the timer has counted since; it never goes back', () => {
    let clock = 5_000;
    const time = new SignedTime({ now: () => clock as EpochMs }, seconds(0));
    expect(time.now()).toBe(START);
    clock += 1_500;
    expect(time.now()).toBe(at(1_500));
    time.observe(seconds(1));
    expect(time.now()).toBe(at(1_500));
    time.observe(seconds(60));
    clock += 250;
    expect(time.now()).toBe(at(60_250));
    clock -= 10_000_000;
    expect(time.now()).toBe(at(60_000));
  });

  it.each([
    ['a year back', -365 * 86_400_000],
    ['a year ahead', 365 * 86_400_000],
    ['at zero', -START],
  ])('is the same whatever the clock of the host says: it stands %s', (_name, shiftMs) => {
    const shifted = (clock: Clock): Clock => ({ ...clock, now: () => epochMs(clock.now() + shiftMs) });
    const rig = new SignerRig({
      watch: (clock) => shifted({ now: () => clock.now(), after: (...args) => clock.after(...args) }),
    });
    expect(read(rig.ask(asked('fresh', 0))).confirmedAt).toBe(seconds(2));
    rig.clock.advance(200_000);
    // By now 200 s were counted: a challenge that ended before that is over, whoever sends it.
    expect(rig.ask(asked('over', 0, 150))).toEqual({ kind: 'void', reason: 'expired' });
    expect(rig.ask(asked('new', 210))?.kind).toBe('signed');
  });

  it('survives a restart as far as it was signed: what ended before then cannot be confirmed any more', () => {
    const rig = new SignerRig();
    expect(rig.ask(asked('late', 5_000))?.kind).toBe('signed');
    rig.disk.crash();
    const again = new SignerRig({ disk: rig.disk });
    expect(again.ask(asked('early', 0))).toEqual({ kind: 'void', reason: 'expired' });
  });

  it('does not come from a merchant, a host or an object that nobody signed', () => {
    const rig = new SignerRig();
    rig.ask({ cart: cartBytes({ lockedUntil: seconds(9_000_000) }) });
    rig.ask({
      challenge: challengeBytes({ issuedAt: seconds(8_000_000), expiresAt: seconds(9_000_000) }, 'other-psp'),
    });
    expect(rig.ask(asked('now', 5))?.kind).toBe('signed');
  });
});

describe('the bounded memory', () => {
  it('forgets a nonce only when its challenge is over, and refuses to answer when it is full', () => {
    const memory = openSignerMemory(memoryDisk().open());
    for (let i = 0; i < MAX_NONCES; i += 1) {
      expect(memory.hasRoom(seconds(0))).toBe(true);
      memory.spend({ nonce: id(`n${i}`), expiresAt: seconds(60 + i), seen: seconds(0) });
    }
    expect(memory.hasRoom(seconds(60))).toBe(false);
    expect(memory.hasAnswered(id('n0'))).toBe(true);
    expect(memory.hasRoom(seconds(61))).toBe(true);
    expect(memory.hasAnswered(id('n0'))).toBe(false);
    expect(memory.hasAnswered(id('n1'))).toBe(true);
    expect(memory.counter).toBe(MAX_NONCES);
  });

  it('T2: keeps a nonce whose time is over as long as there is room for it', () => {
    const memory = openSignerMemory(memoryDisk().open());
    memory.spend({ nonce: id('used'), expiresAt: seconds(3), seen: seconds(0) });
    expect(memory.hasRoom(seconds(1_000))).toBe(true);
    expect(memory.hasAnswered(id('used'))).toBe(true);
  });

  it('a signer whose memory is full signs nothing, until time has passed', () => {
    const disk = memoryDisk();
    const full = openSignerMemory(disk.open());
    for (let i = 0; i < MAX_NONCES; i += 1)
      full.spend({ nonce: id(`n${i}`), expiresAt: seconds(60), seen: seconds(0) });
    disk.crash();
    const rig = new SignerRig({ disk });
    expect(rig.ask(asked('one more', 1))).toEqual({ kind: 'failed', code: 'nonces-full' });
    rig.clock.advance(70_000);
    expect(read(rig.ask(asked('later', 70))).counter).toBe(MAX_NONCES + 1);
  });
});

describe('T10, T11: a button that can no longer be read', () => {
  it('voids the prompt in the middle of a hold, and none opens until it was seen to be up', () => {
    const rig = new SignerRig();
    rig.confirm();
    rig.clock.advance(1_500);
    rig.button.edge('down');
    rig.clock.advance(700);
    rig.button.lose();
    rig.clock.advance(30_000);
    expect(rig.answers).toEqual([{ kind: 'void', reason: 'button-lost' }]);
    // It is back with the finger still on it: that is no press.
    rig.button.edge('down');
    rig.clock.advance(100);
    expect(rig.ask(asked('held', 30))).toBeUndefined();
    rig.clock.advance(40_000);
    expect(rig.answers.slice(1)).toEqual([{ kind: 'timed-out' }]);
  });

  it('opens no prompt while it is away', () => {
    const rig = new SignerRig();
    rig.button.lose();
    rig.confirm(asked('away', 0));
    expect(rig.answers).toEqual([{ kind: 'void', reason: 'button-lost' }]);
    expect(rig.display.shown).toEqual([]);
    rig.button.edge('up');
    rig.clock.advance(100);
    expect(rig.ask(asked('back', 1))?.kind).toBe('signed');
  });
});
