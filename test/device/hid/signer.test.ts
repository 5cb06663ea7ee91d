import { describe, expect, it } from 'vitest';
import { attestationOf } from '../../../device/hid/handshake.ts';
import type { SignerAnswer, SignRequest } from '../../../device/signer/port.ts';
import { digestOf, hex, openObject, signObject, verifyEd25519 } from '../../../protocol/index.ts';
import { cartBytes, challengeBytes, DEVICE, directory, objectKey, PSP, seconds, TENANT } from '../builders.ts';
import { CONFIRMATION_KEY, fresh, HidRig, IDENTITY, OTHER_IDENTITY, pairedWith } from './hid-rig.ts';

function confirmationIn(answer: ReturnType<HidRig['ask']>) {
  if (answer?.kind !== 'signed') throw new Error(`not signed: ${JSON.stringify(answer)}`);
  return openObject('confirmation', answer.signed, { trust: directory.trust, tenant: TENANT }).value;
}

describe('a signer behind HID', () => {
  it('shows what the host sent, and signs it after a hold', () => {
    const rig = new HidRig();
    const confirmation = confirmationIn(rig.ask());
    expect(confirmation).toMatchObject({ challengeDigest: digestOf(challengeBytes()), counter: 1 });
    expect(rig.soft.display.shown[0]?.lines.join('\n')).toContain('CNY 24.80');
  });

  it('answers a click, a prompt nobody answers, wear-off and a lost button as the soft signer does, once each', () => {
    const rig = new HidRig();
    rig.confirm(fresh('a'));
    rig.clock.advance(1_500);
    rig.soft.button.press(200);
    rig.clock.advance(60_000);
    rig.confirm(fresh('b'));
    rig.clock.advance(60_000);
    rig.confirm(fresh('c'));
    rig.clock.advance(1_000);
    rig.soft.wear.set(false);
    rig.clock.advance(1_000);
    rig.soft.wear.set(true);
    rig.confirm(fresh('d'));
    rig.clock.advance(1_000);
    rig.soft.button.lose();
    rig.clock.advance(1_000);
    expect(rig.answers).toEqual([
      { kind: 'declined' },
      { kind: 'timed-out' },
      { kind: 'void', reason: 'wear-off' },
      { kind: 'void', reason: 'button-lost' },
    ]);
    expect(rig.soft.signer.counter).toBe(0);
  });

  it('hands on why the signer would not even show it', () => {
    const rig = new HidRig();
    rig.confirm({ challenge: challengeBytes({}, 'other-psp') });
    rig.confirm({ cart: new Uint8Array(3000), challenge: new Uint8Array(3000) });
    rig.clock.advance(1_000);
    expect(rig.answers).toEqual([
      { kind: 'void', reason: 'new-cart' },
      { kind: 'failed', code: 'request-too-long' },
    ]);
    rig.confirm({ challenge: challengeBytes({}, 'other-psp') });
    rig.clock.advance(1_000);
    expect(rig.answers.at(-1)).toEqual({ kind: 'failed', code: 'challenge-signature' });
  });

  it('hands on every kind of request as it is', () => {
    const rig = new HidRig();
    const [locale, junk] = ['zh-CN', Uint8Array.of(1, 2, 3)] as const;
    const requests: readonly SignRequest[] = [
      { kind: 'delegation', challenge: junk, iac: junk, locale },
      { kind: 'lifecycle', change: junk, authorization: junk, locale },
      { kind: 'account', change: junk, authorization: junk, locale },
      { kind: 'binding', offer: junk, locale },
    ];
    for (const request of requests) {
      const [behind, itself]: SignerAnswer[][] = [[], []];
      rig.host.confirm(request, (answer) => behind?.push(answer));
      rig.clock.advance(100);
      rig.soft.signer.confirm(request, (answer) => itself?.push(answer));
      expect(behind).toEqual(itself);
      expect(behind).toMatchObject([{ kind: 'failed' }]);
    }
  });

  it('takes a withdrawn prompt off the display, signs nothing and says nothing of it', () => {
    const rig = new HidRig();
    rig.confirm();
    rig.clock.advance(1_000);
    expect(rig.soft.display.current).toBeDefined();
    rig.host.withdraw();
    rig.hold();
    expect([rig.answers, rig.soft.display.current, rig.soft.signer.counter]).toEqual([[], undefined, 0]);
    expect(rig.ask(fresh('next'))).toMatchObject({ kind: 'signed' });
  });

  it('T6: a new request voids the one that is open, before anything of the new one is shown', () => {
    const rig = new HidRig();
    rig.confirm(fresh('first'));
    rig.clock.advance(1_400);
    rig.confirm(fresh('second'));
    expect(rig.answers).toEqual([{ kind: 'void', reason: 'new-cart' }]);
    rig.hold();
    expect(confirmationIn(rig.answers[1]).challengeDigest).toBe(digestOf(fresh('second').challenge));
    expect(rig.answers).toHaveLength(2);
  });

  it('tells its standing and its keys, and attests the confirmation key for who asked', () => {
    const rig = new HidRig();
    const heard: unknown[] = [];
    const nonce = new Uint8Array(32).fill(9);
    rig.ask();
    rig.host.status((answer) => heard.push(answer));
    rig.host.publicKeys(nonce, (answer) => heard.push(answer));
    rig.clock.advance(100);
    expect(heard[0]).toEqual({ kind: 'status', counter: 1, hosts: 1 });
    const keys = heard[1] as { confirmation: Uint8Array; attestation: Uint8Array };
    expect(hex(keys.confirmation)).toBe(hex(CONFIRMATION_KEY));
    expect(verifyEd25519(keys.attestation, attestationOf(nonce, CONFIRMATION_KEY), IDENTITY.publicKey)).toBe(true);
  });

  it('T18: locks at once, also in the middle of a prompt, and unlocks after a hold only', () => {
    const rig = new HidRig();
    const heard: unknown[] = [];
    rig.confirm(fresh('a'));
    rig.clock.advance(1_000);
    rig.host.lock((answer) => heard.push(answer));
    rig.clock.advance(100);
    expect([rig.answers, heard]).toEqual([[{ kind: 'void', reason: 'locked' }], [{ kind: 'done' }]]);
    expect(rig.ask(fresh('b'))).toEqual({ kind: 'failed', code: 'signer-locked' });
    rig.host.unlock('en-US', (answer) => heard.push(answer));
    rig.clock.advance(40_000);
    expect(heard[1]).toEqual({ kind: 'timed-out' });
    rig.host.unlock('en-US', (answer) => heard.push(answer));
    rig.hold();
    expect(heard[2]).toEqual({ kind: 'done' });
    expect(rig.ask(fresh('c'))).toMatchObject({ kind: 'signed' });
  });

  it('T18: hands on lock orders, which only the PSP can give', () => {
    const rig = new HidRig();
    const heard: unknown[] = [];
    const order = { device: DEVICE, state: 'locked', version: 4, issuedAt: seconds(1) } as const;
    for (const by of ['luna-coffee', PSP, PSP])
      rig.host.takeOrder(signObject('lock-order', order, objectKey(by)), (answer) => heard.push(answer));
    rig.clock.advance(100);
    expect(heard).toEqual([
      { answer: 'order-signature', isLocked: false },
      { answer: 'obeyed', isLocked: true },
      { answer: 'order-not-newer', isLocked: true },
    ]);
    expect(rig.ask()).toEqual({ kind: 'failed', code: 'signer-locked' });
  });

  it('erases the key and forgets every host after a hold, and then knows nobody', () => {
    const erased: string[] = [];
    const rig = new HidRig({ erase: () => erased.push('erased') });
    const heard: unknown[] = [];
    rig.host.reset('en-US', (answer) => heard.push(answer));
    rig.hold();
    expect([heard, erased]).toEqual([[{ kind: 'done' }], ['erased']]);
    rig.confirm();
    rig.clock.advance(5_000);
    expect(rig.answers).toEqual([{ kind: 'failed', code: 'signer-unpaired' }]);
  });

  it('forgets a host that unpairs itself, for good', () => {
    const rig = new HidRig();
    const heard: unknown[] = [];
    rig.host.unpair((answer) => heard.push(answer));
    rig.clock.advance(100);
    rig.confirm();
    rig.clock.advance(5_000);
    expect([heard, rig.answers]).toEqual([[{ kind: 'done' }], [{ kind: 'failed', code: 'signer-unpaired' }]]);
    rig.hosts.crash();
    const again = new HidRig({ hosts: rig.hosts });
    again.confirm();
    again.clock.advance(5_000);
    expect(again.answers).toEqual([{ kind: 'failed', code: 'signer-unpaired' }]);
  });
});

describe('a host and the signer it is paired with', () => {
  it('T11: asks nothing of another signer, and tells it nothing', () => {
    const rig = new HidRig({ pinned: OTHER_IDENTITY });
    rig.confirm();
    rig.clock.advance(5_000);
    expect(rig.answers).toEqual([{ kind: 'failed', code: 'signer-absent' }]);
    expect(rig.logged).toContain('warn signer-other');
    expect(rig.soft.display.shown).toEqual([]);
  });

  it('finds its own among several devices, and lets the others go', () => {
    const rig = new HidRig();
    rig.cable.unplug();
    const other = new HidRig({ clock: rig.clock, identity: OTHER_IDENTITY });
    rig.offer(other.cable.open());
    rig.plugIn();
    rig.offer(rig.cable.open());
    expect(rig.ask(fresh('a'))).toMatchObject({ kind: 'signed' });
    expect(other.soft.display.shown).toEqual([]);
  });

  it('closed, it takes its prompt away and fails whatever is asked of it', () => {
    const rig = new HidRig();
    rig.confirm(fresh('a'));
    rig.clock.advance(100);
    rig.host.withdraw();
    rig.host.close();
    rig.clock.advance(10);
    expect(rig.soft.display.current).toBeUndefined();
    rig.confirm(fresh('b'));
    rig.clock.advance(10);
    expect(rig.answers).toEqual([{ kind: 'failed', code: 'signer-gone' }]);
  });

  it('T11: a signer serves no host that its wearer did not pair', () => {
    const rig = new HidRig({ hosts: pairedWith() });
    rig.confirm();
    rig.clock.advance(5_000);
    expect(rig.answers).toEqual([{ kind: 'failed', code: 'signer-unpaired' }]);
    expect(rig.soft.display.shown).toEqual([]);
  });

  it('waits for a signer that is plugged in a moment later, and not much longer', () => {
    const rig = new HidRig();
    rig.cable.unplug();
    rig.confirm(fresh('a'));
    rig.clock.advance(2_900);
    expect(rig.answers).toEqual([]);
    rig.plugIn();
    rig.hold();
    expect(rig.answers).toMatchObject([{ kind: 'signed' }]);
    rig.cable.unplug();
    rig.confirm(fresh('b'));
    rig.clock.advance(3_100);
    expect(rig.answers[1]).toEqual({ kind: 'failed', code: 'signer-absent' });
  });

  it('unplugged in the middle of a prompt: it has failed, and the signer signs nothing any more', () => {
    const rig = new HidRig();
    rig.confirm(fresh('a'));
    rig.clock.advance(1_500);
    rig.soft.button.edge('down');
    rig.clock.advance(500);
    rig.cable.unplug();
    rig.clock.advance(2_000);
    rig.soft.button.edge('up');
    expect(rig.answers).toEqual([{ kind: 'failed', code: 'signer-gone' }]);
    expect([rig.soft.signer.counter, rig.soft.display.current]).toEqual([0, undefined]);
    rig.plugIn();
    expect(rig.ask(fresh('b'))).toMatchObject({ kind: 'signed' });
  });

  it('a host that vanishes without a word: its prompt is void before anybody can hold for two seconds', () => {
    const rig = new HidRig();
    rig.confirm(fresh('a'));
    rig.clock.advance(1_000);
    rig.cable.onTransfer = (direction, report) => (direction === 'to-signer' ? [] : [report]);
    rig.clock.advance(2_100);
    expect(rig.soft.display.current).toBeUndefined();
    rig.soft.hold();
    expect(rig.soft.signer.counter).toBe(0);
  });

  it('a signer that says nothing any more: the request fails in time, and the next one is tried anew', () => {
    const rig = new HidRig();
    rig.confirm(fresh('a'));
    rig.clock.advance(500);
    rig.cable.onTransfer = (direction, report) => (direction === 'to-host' ? [] : [report]);
    rig.clock.advance(5_000);
    expect(rig.answers).toEqual([{ kind: 'failed', code: 'signer-timed-out' }]);
    rig.cable.onTransfer = (_direction, report) => [report];
    rig.clock.advance(2_000);
    expect(rig.ask(fresh('b'))).toMatchObject({ kind: 'signed' });
  });

  it('a signer that restarted on the same cable is asked again; one that does so with the prompt open has failed', () => {
    const rig = new HidRig();
    rig.peripheral.attach(rig.cable.signer);
    expect(rig.ask(fresh('a'))).toMatchObject({ kind: 'signed' });
    rig.confirm(fresh('b'));
    rig.clock.advance(1_000);
    rig.peripheral.attach(rig.cable.signer);
    rig.hold();
    expect([rig.answers[1], rig.soft.signer.counter]).toEqual([{ kind: 'failed', code: 'signer-restarted' }, 1]);
  });

  it('says KEEPALIVE at least every 100 ms while it asks, and nothing at all when idle', () => {
    const rig = new HidRig();
    const seen: number[] = [];
    rig.cable.onTransfer = (direction, report) => {
      if (direction === 'to-host' && report[4] === (0x80 | 0x3b)) seen.push(rig.clock.now());
      return [report];
    };
    rig.clock.advance(10_000);
    expect(seen).toEqual([]);
    expect(rig.clock.nextAt()).toBeUndefined();
    rig.confirm({ cart: cartBytes() });
    rig.clock.advance(3_000);
    expect(seen.length).toBeGreaterThan(28);
    const gaps = seen.slice(1).map((at, i) => at - (seen[i] as number));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(100);
  });
});
