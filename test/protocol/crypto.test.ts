import { expect, it } from 'vitest';
import { hex, utf8 } from '../../protocol/bytes.ts';
import { hashByName, sha256, sha512 } from '../../protocol/crypto.ts';
import { PROTOCOL_ERROR_CODES, ProtocolError } from '../../protocol/errors.ts';

it('hashes the examples of FIPS 180-4', () => {
  expect(hex(sha256(utf8('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(hex(sha512(utf8('abc')))).toMatch(/^ddaf35a193617aba.*2a9ac94fa54ca49f$/);
});

it('has a hash the host knows by its name, and none of a name it does not know', () => {
  expect(hex(hashByName('sha256')?.(utf8('abc')) ?? utf8(''))).toBe(hex(sha256(utf8('abc'))));
  expect(hashByName('no-such-hash')).toBeUndefined();
});

it('returns plain arrays of its own memory', () => {
  for (const digest of [sha256(utf8('')), sha512(utf8(''))]) {
    expect(Object.getPrototypeOf(digest)).toBe(Uint8Array.prototype);
    expect(digest.buffer.byteLength).toBe(digest.length);
  }
});

it('names code, fault and place in one line', () => {
  expect(String(new ProtocolError('cbor-tag', 'tags are not used', { at: 3 }))).toBe(
    'ProtocolError: cbor-tag: tags are not used at byte 3',
  );
  expect(new ProtocolError('cbor-float', 'not an integer', { path: 'items.0' }).message).toMatch(/ in items\.0$/);
  expect(new ProtocolError('cbor-float', 'not an integer', { path: '' }).message).toBe('cbor-float: not an integer');
});

it('has no code twice', () => {
  expect(new Set(PROTOCOL_ERROR_CODES).size).toBe(PROTOCOL_ERROR_CODES.length);
});
