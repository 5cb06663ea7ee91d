import { createHash, createPrivateKey, createPublicKey, sign as hostSign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  checkpointText,
  cosign,
  type NoteSigner,
  openCheckpoint,
  signCheckpoint,
} from '../../protocol/checkpoint.ts';
import { softSigningKey } from '../../protocol/sign1.ts';
import { epochSeconds } from '../../protocol/time.ts';

function signer(name: string, fill: number): NoteSigner {
  const key = softSigningKey(new Uint8Array(32).fill(fill));
  return { name, publicKey: key.publicKey, sign: (message) => key.sign(message) };
}
const log = signer('example.com/journal', 1);
const witness = signer('example.com/cloud', 2);
const HEAD: Checkpoint = { origin: log.name, size: 7, root: new Uint8Array(32).fill(9) };
const AT = epochSeconds(1_795_000_000);
const note = signCheckpoint(HEAD, log);
const cosigned = note + cosign(HEAD, AT, witness);

/** The note as C2SP describes it, put together by Node alone. */
function byNode(text: string): string {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 1)]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  const id = createHash('sha256')
    .update('example.com/journal\n')
    .update(Buffer.from([1]))
    .update(publicKey)
    .digest();
  const signature = Buffer.concat([id.subarray(0, 4), hostSign(null, Buffer.from(text), key)]);
  return `${text}\n\u2014 example.com/journal ${signature.toString('base64')}\n`;
}

describe('a checkpoint', () => {
  it('is the note that C2SP describes', () => {
    const text = `example.com/journal\n7\n${Buffer.alloc(32, 9).toString('base64')}\n`;
    expect(checkpointText(HEAD)).toBe(text);
    expect(note).toBe(byNode(text));
  });

  it('is opened under the key of its log', () => {
    const { origin, size, root } = openCheckpoint(note, log);
    expect({ origin, size, root }).toEqual(HEAD);
  });

  it('says when a witness signed it, and nothing for one that did not', () => {
    expect(openCheckpoint(cosigned, log).cosignedAt(witness)).toBe(AT);
    expect(openCheckpoint(note, log).cosignedAt(witness)).toBeUndefined();
    expect(openCheckpoint(cosigned, log).cosignedAt(signer(witness.name, 3))).toBeUndefined();
    expect(openCheckpoint(cosigned, log).cosignedAt(signer('example.com/other', 2))).toBeUndefined();
  });

  it('T27: takes no cosignature of another time, tree or length', () => {
    const line = cosign(HEAD, AT, witness).slice(`\u2014 ${witness.name} `.length, -1);
    const bytes = Buffer.from(line, 'base64');
    const with_ = (changed: Buffer) => `${note}\u2014 ${witness.name} ${changed.toString('base64')}\n`;
    const later = Buffer.from(bytes);
    later[11] = (later[11] as number) ^ 1;
    expect(openCheckpoint(with_(bytes), log).cosignedAt(witness)).toBe(AT);
    expect(openCheckpoint(with_(later), log).cosignedAt(witness)).toBeUndefined();
    expect(openCheckpoint(with_(bytes.subarray(0, -1)), log).cosignedAt(witness)).toBeUndefined();
    expect(openCheckpoint(note + cosign({ ...HEAD, size: 8 }, AT, witness), log).cosignedAt(witness)).toBeUndefined();
  });

  it('passes over signatures of names it does not know', () => {
    const other = signer('example.org/somebody', 4);
    const lines = note.replace('\n\n', `\n\n${cosign(HEAD, AT, other)}`);
    expect(openCheckpoint(lines, log).size).toBe(7);
  });

  it('T26: refuses every note in which one character was changed or left out', () => {
    for (let at = 0; at < note.length; at++) {
      const changed = note.slice(0, at) + (note[at] === 'A' ? 'B' : 'A') + note.slice(at + 1);
      for (const forged of [changed, note.slice(0, at) + note.slice(at + 1)])
        expect(() => openCheckpoint(forged, log), `at ${at}`).toThrow(/note-(malformed|signature)/);
    }
  });

  it('is refused under another key, another name and another log', () => {
    expect(() => openCheckpoint(note, signer(log.name, 2))).toThrow('note-signature');
    expect(() => openCheckpoint(note, signer('example.com/other', 1))).toThrow('note-signature');
    const foreign = signCheckpoint({ ...HEAD, origin: 'example.com/other' }, log);
    expect(() => openCheckpoint(foreign, log)).toThrow('note-signature');
  });

  it.each([
    ['nothing', ''],
    ['no empty line', note.replace('\n\n', '\n')],
    ['no end of the last line', note.slice(0, -1)],
    ['an extension line', note.replace('\n\n', '\nextension\n\n')],
    ['a size with a zero in front', note.replace('\n7\n', '\n07\n')],
    ['a root that is too short', note.replace(/\n[^\n]{44}\n/, '\nAAAA\n')],
    ['a root that is not base64', note.replace(/\n[^\n]{44}\n/, '\nA\n')],
    ['a root in the other alphabet', note.replace(/\n[^\n]{44}\n/, `\n${'_'.repeat(43)}=\n`)],
    ['a line that is no signature', `${note}hello\n`],
    ['a signature that is not base64', `${note}\u2014 somebody A\n`],
    ['seventeen signatures', note + cosign(HEAD, AT, witness).repeat(16)],
    ['more than anybody writes', note + 'x'.repeat(9_000)],
  ])('is refused with %s', (_, text) => {
    expect(() => openCheckpoint(text, log)).toThrow('note-malformed');
  });

  it.each([
    ['a name with a space', { ...HEAD, origin: 'a b' }],
    ['no name', { ...HEAD, origin: '' }],
    ['a size below nothing', { ...HEAD, size: -1 }],
    ['half an entry', { ...HEAD, size: 0.5 }],
    ['a root that is no hash', { ...HEAD, root: new Uint8Array(31) }],
  ])('is not written with %s', (_, head) => {
    expect(() => signCheckpoint(head, log)).toThrow('note-malformed');
  });
});
