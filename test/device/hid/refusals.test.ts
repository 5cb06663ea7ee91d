import { describe, expect, it } from 'vitest';
import { cart, challengeBytes, checkedCart } from '../builders.ts';
import { HidRig } from './hid-rig.ts';

describe('T8: a cart whose text is refused, behind HID', () => {
  it.each(['a\u202Eb', 'a\u0000b', '\u200B', 'Лatte'])(
    '%j: the reason comes to the host, and the signer goes on',
    (title) => {
      const rig = new HidRig();
      const about = checkedCart({ lines: cart().lines.map((line) => ({ ...line, title })) });
      const answer = rig.ask({
        kind: 'payment',
        challenge: challengeBytes({}, undefined, about),
        cart: about.bytes,
        locale: 'en-US',
      });
      expect(answer).toMatchObject({ kind: 'failed', code: expect.stringMatching(/^text:[a-z-]+$/) });
      expect(rig.ask()).toMatchObject({ kind: 'signed' });
    },
  );
});
