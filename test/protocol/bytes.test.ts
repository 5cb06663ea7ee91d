import { describe, expect, it } from 'vitest';
import {
  base64url,
  concatBytes,
  equalBytes,
  fromBase64url,
  fromHex,
  hex,
  isBytes,
  isWellFormed,
  utf8,
} from '../../protocol/bytes.ts';
import { seeded, verdict } from './support.ts';

const random = seeded(64);
const samples = Array.from({ length: 100 }, (_, length) => Uint8Array.from({ length }, () => random(256)));

describe('hexadecimal', () => {
  it('reads back what it writes, and either case', () => {
    for (const bytes of samples) {
      expect(hex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
      expect(fromHex(hex(bytes))).toEqual(bytes);
      expect(fromHex(hex(bytes).toUpperCase())).toEqual(bytes);
    }
  });

  it.each(['0', '0g', '0x00', ' 00', '00\n', '٠٠', '-1', '1e3'])('refuses %j', (text) => {
    expect(verdict(() => fromHex(text))).toBe('bytes-hex');
  });
});

describe('base64url', () => {
  it('reads back what it writes', () => {
    for (const bytes of samples) {
      expect(base64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
      expect(fromBase64url(base64url(bytes))).toEqual(bytes);
    }
  });

  it.each(['A', 'AAAAA', 'AB', 'AAB', 'AA==', 'A+', 'A/', 'A A', 'AA\n', 'ÀA', '😀'])('refuses %j', (text) => {
    expect(verdict(() => fromBase64url(text))).toBe('bytes-base64url');
  });
});

describe('bytes', () => {
  it('tells byte arrays from what looks like them', () => {
    expect([new Uint8Array(), Buffer.alloc(1), new (class extends Uint8Array {})(2)].map(isBytes)).toEqual([
      true,
      true,
      true,
    ]);
    const others = [
      Object.create(Uint8Array.prototype),
      new Uint16Array(1),
      new DataView(new ArrayBuffer(1)),
      [1],
      'a',
      null,
    ];
    expect(others.map(isBytes)).toEqual(others.map(() => false));
  });

  it('compares length and every byte', () => {
    expect(equalBytes(Uint8Array.of(1, 2), Buffer.from([1, 2]))).toBe(true);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
    expect(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 2))).toBe(false);
  });

  it('joins into a new array', () => {
    const part = Uint8Array.of(1, 2);
    const joined = concatBytes(part, new Uint8Array(), Uint8Array.of(3));
    part.fill(0);
    expect([...joined]).toEqual([1, 2, 3]);
    expect(concatBytes()).toHaveLength(0);
  });

  it('spells text in UTF-8 and refuses what has no spelling', () => {
    expect(hex(utf8('é水😀'))).toBe('c3a9e6b0b4f09f9880');
    for (const text of ['\ud800', 'a\udc00', '\udc00\ud800', '\ud83d']) {
      expect(isWellFormed(text)).toBe(false);
      expect(verdict(() => utf8(text))).toBe('bytes-text');
    }
  });
});
