import { createHash, createPublicKey, verify } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FinalIac, IacPayload } from '../../protocol/act/iac.ts';
import { jsonDigest, toJsonObject } from '../../protocol/act/json-form.ts';
import { base64url, hex } from '../../protocol/bytes.ts';
import { jcs, jcsBytes, jcsDigest, signJson, verifyJson } from '../../protocol/jcs.ts';
import { JsonDecimal, type JsonObject, parseJson, writeJson } from '../../protocol/json.ts';
import { formatAmount, MAX_MINOR, parseAmount } from '../../protocol/money.ts';
import { AGENT, IAC, PRINCIPAL } from './act/samples.ts';
import { keyOf, NOW } from './builders.ts';
import { hasVectors, verdict } from './support.ts';

const VECTORS = new URL('../../../shared/vectors/jcs/', import.meta.url);
const NAMES = existsSync(VECTORS) ? readdirSync(new URL('input/', VECTORS)) : [];

/** RFC 8785 once more, over values of JSON.parse: what a party writes that knows nothing of this project. */
function independent(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(independent).join()}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${independent(member)}`).join()}}`;
}

describe('the canonical form', () => {
  it.skipIf(!hasVectors('jcs'))('is that of the published pairs', () => {
    expect(NAMES.length).toBe(6);
    for (const name of NAMES) {
      const text = (folder: string, file: string) => readFileSync(new URL(`${folder}/${file}`, VECTORS), 'utf8');
      const bytes = text('outhex', name.replace('.json', '.txt')).replace(/\s/g, '');
      expect(hex(jcsBytes(parseJson(text('input', name)))), name).toBe(bytes);
    }
  });

  it('is that of an independent writer, for any value', () => {
    const property = fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      if (verdict(() => parseJson(text)) === 'accepted')
        expect(jcs(parseJson(text))).toBe(independent(JSON.parse(text)));
    });
    fc.assert(property, { seed: 8785, numRuns: 300 });
  });

  it('sorts names by UTF-16 code units and leaves arrays alone', () => {
    expect(jcs(parseJson('{"\\ufb33":1,"\\ud83d\\ude00":2,"a":[3,1,2],"A":0}'))).toBe(
      '{"A":0,"a":[3,1,2],"\u{1f600}":2,"\ufb33":1}',
    );
  });

  it('T7: is one for all spellings of an amount, and loses none of its digits', () => {
    for (const spelling of ['600', '600.0', '600.00', '6e2']) expect(jcs(parseJson(spelling))).toBe('600');
    for (const currency of ['CNY', 'JPY', 'KWD'] as const) {
      const property = fc.property(
        fc.oneof(
          fc.nat(),
          fc.maxSafeNat().map((n) => n % (MAX_MINOR + 1)),
        ),
        (minor) => {
          const canonical = jcs(new JsonDecimal(formatAmount(minor, currency)));
          expect(parseAmount(canonical, currency)).toBe(minor);
        },
      );
      fc.assert(property, { seed: 8785, numRuns: 300 });
    }
  });

  it('refuses numbers without a finite value, texts without a UTF-8 form and endless depth', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, new JsonDecimal('1e999')])
      expect(verdict(() => jcs([bad]))).toBe('json-number');
    expect(verdict(() => jcs({ a: '\ud800' }))).toBe('json-text');
    const endless: Record<string, never> = {};
    endless.a = endless as never;
    expect(verdict(() => jcs(endless))).toBe('json-too-deep');
  });
});

describe('a signature over the canonical form', () => {
  const key = keyOf('principal');
  const signed = toJsonObject(IacPayload, IAC, 'iac');

  it('holds for every spelling of one object, and for no other object, key or signature', () => {
    const signature = signJson(signed, key);
    expect(verifyJson(signed, signature, key.publicKey)).toBe(true);
    const respelt = parseJson(writeJson(signed).replace('600.00', '600').replace('{', '{ ')) as JsonObject;
    expect(verifyJson(respelt, signature, key.publicKey)).toBe(true);
    expect(verifyJson({ ...signed, max_total_amount: 601 }, signature, key.publicKey)).toBe(false);
    expect(verifyJson({ ...signed, more: 1 }, signature, key.publicKey)).toBe(false);
    expect(verifyJson(signed, signature, keyOf('other').publicKey)).toBe(false);
    expect(verifyJson(signed, signature.with(9, (signature[9] as number) ^ 1), key.publicKey)).toBe(false);
  });

  it('verifies for a party that has JSON and a library only', () => {
    const final: FinalIac = {
      protectedHeader: { alg: 'Ed25519', typ: 'act-iac+json', kid: hex(key.kid) },
      credentialMetadata: {
        ...{ credentialId: IAC.delegationId, issuer: PRINCIPAL, trustee: AGENT, issuedAt: NOW },
        ...{ effectiveAt: IAC.validityStartTime, expiresAt: IAC.validityEndTime },
      },
      credentialSubject: IAC,
      proof: { signatureValue: signJson(signed, key) },
    };
    // From here on nothing of ours: the text of the credential, JSON.parse and node:crypto.
    const text = writeJson(toJsonObject(FinalIac, final, 'iac'));
    const theirs = JSON.parse(text);
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: base64url(key.publicKey) };
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    const signature = Buffer.from(theirs.proof.signature_value, 'base64url');
    const canonical = (subject: unknown) => Buffer.from(independent(subject));
    expect(verify(null, canonical(theirs.credential_subject), publicKey, signature)).toBe(true);
    expect(theirs.credential_subject.max_total_amount).toBe(600);
    theirs.credential_subject.max_total_amount = 600.01;
    expect(verify(null, canonical(theirs.credential_subject), publicKey, signature)).toBe(false);
  });

  it('has a digest that anybody can compute', () => {
    const theirs = createHash('sha256')
      .update(independent(JSON.parse(writeJson(signed))))
      .digest('hex');
    expect(hex(jsonDigest(IacPayload, IAC, 'iac'))).toBe(theirs);
    expect(hex(jcsDigest(signed))).toBe(theirs);
  });
});
