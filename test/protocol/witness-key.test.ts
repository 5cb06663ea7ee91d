import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readWitnessKey, witnessKeyText } from '../../protocol/checkpoint.ts';
import { ProtocolError } from '../../protocol/errors.ts';

const publicKey = Uint8Array.from({ length: 32 }, (_, i) => 200 + i);
const witness = { name: 'paired-phone', publicKey };

function refusal(text: string): string | undefined {
  try {
    readWitnessKey(text);
    return undefined;
  } catch (error) {
    return error instanceof ProtocolError ? error.code : 'another error';
  }
}

/** As C2SP signed-note says it, in other words than ours: name, first 4 bytes of SHA-256(name ‖ LF ‖ key), key with its type. */
function spelt(name: string, type: number, key: Uint8Array): string {
  const typed = Buffer.concat([Buffer.of(type), key]);
  const hash = createHash('sha256').update(`${name}\n`).update(typed).digest('hex').slice(0, 8);
  return `${name}+${hash}+${typed.toString('base64')}`;
}

describe('the key of a witness in one line', () => {
  it('is spelt as C2SP spells keys of cosignatures, and read back', () => {
    const text = witnessKeyText(witness);
    expect(text).toBe(spelt('paired-phone', 4, publicKey));
    expect(readWitnessKey(text)).toEqual(witness);
  });

  it('T27: is taken with no slip of the pen: its hash tells', () => {
    const text = witnessKeyText(witness);
    for (let at = 0; at < text.length; at++) {
      const wrong = text.slice(0, at) + (text[at] === 'b' ? 'c' : 'b') + text.slice(at + 1);
      expect(refusal(wrong), wrong).toBe('note-malformed');
    }
  });

  it.each([
    ['the key of a log', spelt('paired-phone', 1, publicKey)],
    ['a short key', spelt('paired-phone', 4, publicKey.slice(1))],
    ['a long key', spelt('paired-phone', 4, Buffer.concat([publicKey, Buffer.of(1)]))],
    ['a name that cannot stand in a note', spelt('paired phone', 4, publicKey)],
    ['no key', 'paired-phone+00000000+'],
    ['nothing', ''],
  ])('is not taken for %s', (_what, text) => {
    expect(refusal(text)).toBe('note-malformed');
  });
});
