import { describe, expect, it } from 'vitest';
import { HID_VERSION } from '../../../device/hid/limits.ts';
import { SecureSession } from '../../../device/hid/session.ts';
import { x25519Key } from '../../../protocol/crypto.ts';
import { concatBytes } from '../../../protocol/index.ts';
import { memoryDisk } from '../../../sim/memory-journal.ts';
import { HidRig } from './hid-rig.ts';
import { RawOpener } from './raw-opener.ts';

const EPHEMERAL = x25519Key(new Uint8Array(32).fill(9)).publicKey;
const BEGINNING = concatBytes(Uint8Array.of(HID_VERSION), EPHEMERAL);

describe('steps of a handshake out of turn (HID-PRV-6)', () => {
  it.each([
    ['pair-commit', 'prove', 112],
    ['hello', 'pair-reveal', 144],
  ] as const)('after %s, %s is refused and the beginning is over', (first, wrong, bytes) => {
    // No pairing begins while a host has a session, and here none is known.
    const rig = new HidRig({ hosts: memoryDisk() });
    const opener = new RawOpener(rig.cable.open(), rig.clock);
    const channel = opener.open();
    expect(opener.ask(channel, first, BEGINNING)?.command).toBe(first);
    expect(opener.errorTo(channel, wrong, new Uint8Array(bytes))).toBe('turn');
    const right = first === 'hello' ? 'prove' : 'pair-reveal';
    expect(opener.errorTo(channel, right, new Uint8Array(right === 'prove' ? 112 : 144))).toBe('turn');
  });
});

it('T1: a message is known to have come again only by all of its bytes (HID-SEA-5)', () => {
  const [one, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const aad = Uint8Array.of(0, 0, 0, 1);
  const host = new SecureSession({ sending: one, receiving: other }, aad);
  const signer = new SecureSession({ sending: other, receiving: one }, aad);
  const { sealed } = host.seal(Uint8Array.of(1, 2, 3));
  expect(signer.repeated(sealed)).toBeUndefined();
  expect(signer.open(sealed)?.number).toBe(1);
  expect(signer.repeated(sealed)).toBe(1);
  for (let at = 8; at < sealed.length; at += 7)
    expect(signer.repeated(sealed.map((byte, i) => (i === at ? byte ^ 1 : byte)))).toBeUndefined();
  expect(signer.repeated(sealed.slice(0, 8))).toBeUndefined();
});
