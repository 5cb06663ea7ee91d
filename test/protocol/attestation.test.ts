import { createHash, createPublicKey, getHashes, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Anchor, AttestationRecord } from '../../protocol/act/attestation.ts';
import { EVENTS } from '../../protocol/act/events.ts';
import { fromJson, toJson } from '../../protocol/act/json-form.ts';
import { anchorOf, openAnchor, signAnchor } from '../../protocol/anchor.ts';
import {
  type AnchorAnswer,
  checkRecord,
  HASH_ALGORITHMS,
  payloadHash,
  signRecord,
} from '../../protocol/attestation.ts';
import { base64url, hex, utf8 } from '../../protocol/bytes.ts';
import { sm3 } from '../../protocol/crypto.ts';
import { jcs, signJson } from '../../protocol/jcs.ts';
import { type JsonObject, parseJson, writeJson } from '../../protocol/json.ts';
import { AGENT, PAID } from './act/samples.ts';
import { at, idOf, keyOf, NOW } from './builders.ts';
import { verdict } from './support.ts';

const key = keyOf('agent');
const RECORD = signRecord(PAID, AGENT, key);
const CHAIN: AnchorAnswer = { payloadHash: RECORD.payloadHash };
const keys = (signerId: string) => (signerId === AGENT ? key.publicKey : undefined);
const conclusion = (record: AttestationRecord, anchor: AnchorAnswer = CHAIN) => checkRecord(record, keys, anchor);
const changed = (changes: object) => ({ ...RECORD, ...changes }) as AttestationRecord;

describe('the payload hash', () => {
  it('is that of the canonical body and participants with the raw salt behind them', () => {
    const text = writeJson(toJson(AttestationRecord, RECORD, 'record'));
    const { event_body, participants, salt, payload_hash } = JSON.parse(text);
    const canonical = jcs(parseJson(JSON.stringify({ participants, event_body })));
    const theirs = createHash('sha256').update(canonical).update(Buffer.from(salt, 'base64url')).digest('base64url');
    expect(payload_hash).toBe(theirs);
    expect(hex(Buffer.from(payload_hash, 'base64url'))).toBe(hex(RECORD.payloadHash));
  });

  it('is another with another salt', () => {
    const other = signRecord({ ...PAID, salt: PAID.salt.with(0, 99) }, AGENT, key);
    expect(hex(other.payloadHash)).not.toBe(hex(RECORD.payloadHash));
  });

  it('needs a salt of 128 bits', () => {
    expect(verdict(() => signRecord({ ...PAID, salt: new Uint8Array(15) }, AGENT, key))).toBe('message-shape');
  });

  it('takes SM3 where the host has it, and says so where it has not', () => {
    const empty = '1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b';
    const payload = { eventBody: {}, participants: [] };
    expect(HASH_ALGORITHMS).toContain('SHA-256');
    expect(HASH_ALGORITHMS.includes('SM3')).toBe(getHashes().some((name) => name.toLowerCase() === 'sm3'));
    expect(sm3 === undefined ? empty : hex(sm3(new Uint8Array(0)))).toBe(empty);
    const verdicts = sm3 === undefined ? 'hash-unsupported' : 'accepted';
    expect(verdict(() => payloadHash(payload, new Uint8Array(16), 'SM3'))).toBe(verdicts);
    expect(verdict(() => payloadHash(payload, new Uint8Array(16), 'MD5' as never))).toBe('hash-unsupported');
  });
});

describe('T27: a record is signed whole', () => {
  it('and verifies, from CBOR and from JSON', () => {
    expect(conclusion(RECORD)).toEqual({ conclusion: 'VERIFIED' });
    const json = parseJson(writeJson(toJson(AttestationRecord, RECORD, 'record')));
    expect(conclusion(fromJson(AttestationRecord, json, 'record'))).toEqual({ conclusion: 'VERIFIED' });
    expect(RECORD.signatures[0]?.coverage).toEqual([
      ...['record_id', 'event_time', 'created_at', 'structure_version', 'intent_id', 'salt', 'payload_hash'],
      ...['hash_algorithm', 'participants', 'delegation_id', 'out_trade_no', 'trade_no', 'event_type', 'event_body'],
    ]);
  });

  it('and verifies for a party that has JSON and a library only', () => {
    const theirs = JSON.parse(writeJson(toJson(AttestationRecord, RECORD, 'record')));
    const [{ coverage, signature_value }] = theirs.signatures;
    const covered = Object.fromEntries(coverage.map((name: string) => [name, theirs[name]]));
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: base64url(key.publicKey) };
    const canonical = Buffer.from(jcs(parseJson(JSON.stringify(covered))));
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    expect(verify(null, canonical, publicKey, Buffer.from(signature_value, 'base64url'))).toBe(true);
  });

  it.each([
    ['id', { recordId: idOf('other') }],
    ['intent', { intentId: idOf('other') }],
    ['order', { orderNo: 'OTHER' }],
    ['trade', { tradeNo: 'OTHER' }],
    ['credential', { delegationId: idOf('other') }],
    ['upstream record', { upstreamRecordId: idOf('other') }],
    ['version', { structureVersion: '2.2' }],
    ['event time', { eventTime: at(3_600) }],
    ['creation', { createdAt: at(3_604) }],
    ['extension', { extension: '{"a":1}' }],
  ])('so that another %s is found out', (_, changes) => {
    expect(conclusion(changed(changes))).toEqual({ conclusion: 'SIGNATURE_INVALID', signerId: AGENT });
  });

  it('so that a signature over the five members ACT lists is not enough', () => {
    const coverage = ['event_body', 'participants', 'salt', 'record_id', 'event_time'] as const;
    const json = toJson(AttestationRecord, RECORD, 'record') as JsonObject;
    const five = Object.fromEntries(coverage.map((member) => [member, json[member] as never]));
    const partial = { signerId: AGENT, algorithm: 'Ed25519', signatureValue: signJson(five, key), coverage } as const;
    expect(conclusion(changed({ signatures: [partial] }))).toEqual({
      conclusion: 'SIGNATURE_INVALID',
      signerId: AGENT,
    });
    // Beside a signature over all of it, another party may sign less.
    expect(conclusion(changed({ signatures: [partial, ...RECORD.signatures] })).conclusion).toBe('VERIFIED');
  });
});

describe('the seven conclusions', () => {
  it('come in the order of ACT, and an unreachable dependency accuses nobody', () => {
    const altered = changed({ salt: PAID.salt.with(0, 99) });
    const unknown = changed({ signatures: [{ ...RECORD.signatures[0], signerId: 'nobody' }] });
    const forged = changed({
      signatures: [{ ...RECORD.signatures[0], signatureValue: new Uint8Array(64) }],
    });
    expect(conclusion(RECORD).conclusion).toBe('VERIFIED');
    expect(conclusion(unknown)).toEqual({ conclusion: 'PUBLIC_KEY_UNAVAILABLE', signerId: 'nobody' });
    expect(conclusion({ ...altered, signatures: unknown.signatures }).conclusion).toBe('PUBLIC_KEY_UNAVAILABLE');
    expect(conclusion(altered)).toEqual({ conclusion: 'PAYLOAD_HASH_MISMATCH' });
    expect(conclusion({ ...altered, signatures: forged.signatures }).conclusion).toBe('PAYLOAD_HASH_MISMATCH');
    expect(conclusion(forged, 'not-found')).toEqual({ conclusion: 'SIGNATURE_INVALID', signerId: AGENT });
    expect(conclusion(RECORD, { payloadHash: new Uint8Array(32) })).toEqual({ conclusion: 'CHAIN_HASH_MISMATCH' });
    expect(conclusion(RECORD, 'not-found')).toEqual({ conclusion: 'ANCHOR_NOT_FOUND' });
    expect(conclusion(RECORD, 'timed-out')).toEqual({ conclusion: 'ANCHOR_QUERY_TIMEOUT' });
  });

  it('ask for the key of the time of the event', () => {
    const asked: number[] = [];
    const keyAt = (_: string, eventTime: number) => {
      asked.push(eventTime);
      return key.publicKey;
    };
    checkRecord(RECORD, keyAt, CHAIN);
    expect(asked).toEqual([PAID.eventTime]);
  });
});

describe('an anchor', () => {
  const submission = { submitterId: AGENT, iat: NOW, privacyChannel: 'channel-1' };
  const anchor = anchorOf(RECORD, submission);
  const compact = signAnchor(anchor, key);
  const opening = (text: string) => verdict(() => openAnchor(text, key));
  const header = { alg: 'Ed25519', kid: base64url(key.kid), typ: 'act-anchor+jws' };
  const forged = (changes: object, payload: object | string = toJson(Anchor, anchor, 'a') as object) => {
    const parts = [
      JSON.stringify({ ...header, ...changes }),
      typeof payload === 'string' ? payload : JSON.stringify(payload),
    ];
    const signed = parts.map((part) => base64url(utf8(part))).join('.');
    return `${signed}.${base64url(key.sign(utf8(signed)))}`;
  };

  it('holds the ids, the times and the hash, and nothing of the event', () => {
    const payload = JSON.parse(Buffer.from(compact.split('.')[1] as string, 'base64url').toString());
    expect(payload).toEqual({
      ...{ record_id: PAID.recordId, structure_version: '2.1', event_type: PAID.eventType, iat: NOW },
      ...{ event_time: '2026-09-21T15:13:21Z', intent_id: PAID.intentId, delegation_id: PAID.delegationId },
      ...{ out_trade_no: PAID.orderNo, trade_no: PAID.tradeNo, submitter_id: AGENT, privacy_channel: 'channel-1' },
      ...{ payload_hash: base64url(RECORD.payloadHash), hash_algorithm: 'SHA-256' },
    });
    const { delegationId: _, ...bare } = PAID;
    expect(anchorOf(signRecord(bare, AGENT, key), submission)).not.toHaveProperty('delegationId');
    const decision = {
      ...{ recordId: idOf('d'), eventType: 'act:commerce:decision-logged' as const, eventTime: NOW, createdAt: NOW },
      ...{ structureVersion: '2.1', intentId: PAID.intentId, salt: PAID.salt, hashAlgorithm: 'SHA-256' as const },
      participants: PAID.participants,
      eventBody: { candidates: 3, currency: 'CNY', reasons: ['cheapest'], offersDigest: PAID.eventBody.receiptDigest },
    } as const;
    const early = anchorOf(signRecord(decision, AGENT, key), submission);
    expect(Object.keys(early).filter((name) => ['orderNo', 'tradeNo', 'delegationId'].includes(name))).toEqual([]);
  });

  it('opens as it was signed, and by its older algorithm name', () => {
    expect(openAnchor(compact, key)).toEqual(anchor);
    expect(opening(forged({}))).toBe('accepted');
    expect(opening(forged({ alg: 'EdDSA' }))).toBe('accepted');
  });

  it.each([
    ['T24: no algorithm', forged({ alg: 'none' }), 'jws-alg'],
    ['T24: another algorithm', forged({ alg: 'HS256' }), 'jws-alg'],
    ['T24: a missing algorithm', forged({ alg: undefined }), 'jws-alg'],
    ['T23: another key id', forged({ kid: 'AAAA' }), 'jws-kid'],
    ['T23: a key id that is no text', forged({ kid: 1 }), 'jws-kid'],
    ['T25: another type', forged({ typ: 'JWT' }), 'jws-typ'],
    ['a critical header', forged({ crit: ['b64'] }), 'jws-malformed'],
    ['a key that came along', forged({ jwk: {} }), 'jws-malformed'],
    ['a payload that is no object', forged({}, '[]'), 'jws-malformed'],
    ['a member twice', forged({}, '{"iat":1,"iat":2}'), 'json-duplicate-member'],
    [
      'a business field',
      forged({}, { ...(toJson(Anchor, anchor, 'a') as object), amount: '1' }),
      'json-unknown-member',
    ],
    ['two parts', compact.split('.').slice(0, 2).join('.'), 'jws-malformed'],
    ['four parts', `${compact}.AA`, 'jws-malformed'],
    ['padding', `${compact}==`, 'jws-malformed'],
    ['too much', `${compact}${'A'.repeat(4096)}`, 'jws-malformed'],
    ['another signature', `${compact.slice(0, -4)}AAAA`, 'jws-signature'],
  ])('refuses %s', (_, text, code) => {
    expect(opening(text)).toBe(code);
  });

  it('T1: refuses every change of one character of what is signed', () => {
    const end = compact.lastIndexOf('.');
    for (let i = 0; i < end; i += 7) {
      const other = compact[i] === 'A' ? 'B' : 'A';
      expect(opening(compact.slice(0, i) + other + compact.slice(i + 1)), `${i}`).not.toBe('accepted');
    }
  });
});

describe('the events', () => {
  it('are the ten of ACT, each with a number of its own', () => {
    expect(Object.keys(EVENTS)).toHaveLength(10);
    expect(new Set(Object.values(EVENTS).map(({ number }) => number)).size).toBe(10);
    for (const name of Object.keys(EVENTS)) expect(name).toMatch(/^act:(delegation|commerce|payment):[a-z-]+$/);
  });

  it.each([
    ['act:payment:transaction-completed', ['orderNo', 'tradeNo']],
    ['act:delegation:delegation-issued', ['delegationId']],
    ['act:commerce:cart-confirmed', ['orderNo']],
  ] as const)('%s has no record without %j', (event, links) => {
    const of = AttestationRecord.kind?.is === 'variant' ? AttestationRecord.kind.cases.get(event) : undefined;
    const map = of?.kind?.is === 'ruled' && of.kind.of.kind?.is === 'map' ? of.kind.of.kind : undefined;
    for (const link of links) expect(map?.fields.find(({ name }) => name === link)?.optional).toBe(false);
  });
});
