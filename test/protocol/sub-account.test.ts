/** A payment out of a sub-account needs the signature of the sub-account's own key (ACT 2.1 PSD-AGT-SUB, T14). */
import { describe, expect, it } from 'vitest';
import { verifyEd25519 } from '../../protocol/ed25519.ts';
import { OBJECTS, type ObjectValue, openObject } from '../../protocol/objects.ts';
import { authoriseSubAccount, isSubAccountAuthorised } from '../../protocol/sub-account.ts';
import type { WireType } from '../../protocol/wire.ts';
import { anObject, at, idOf, keyOf, OBJECT_KEYS, TENANT, TRUST, VALUES } from './builders.ts';
import { verdict } from './support.ts';

const key = keyOf('sub-account');
type Request = ObjectValue<'autonomous-pay-request'>;
const TYPE = 'autonomous-pay-request';
const request: Request = authoriseSubAccount(TYPE, VALUES[TYPE], key);
const judged = (changes: Partial<Request>, publicKey = key.publicKey) =>
  isSubAccountAuthorised(TYPE, { ...request, ...changes }, publicKey);

describe('ACTC-DEL-003: the authorisation of a sub-account', () => {
  it('holds for exactly the request it was made for, also after the request was signed and read', () => {
    const signed = anObject(TYPE, request);
    const { value } = openObject(TYPE, signed, { trust: TRUST, tenant: TENANT });
    expect(isSubAccountAuthorised(TYPE, value, key.publicKey)).toBe(true);
  });

  it('T14: holds for no request with another value in any field', () => {
    const others: Partial<Request> = {
      ...{ requestId: idOf('other'), orderNo: 'O-1', amountMinor: 201, currency: 'HKD', createdAt: at(61) },
      ...{ agentId: 'did:act:example.com/agent-2', payee: 'other', method: 'urn:act:payment:other' },
      ...{ delegationId: idOf('other'), iac: new Uint8Array(9), subAccountId: 'sub_2', resourceId: 'other' },
      ...{ cartDigest: VALUES.challenge.cartDigest, taskId: idOf('task'), agentSignature: new Uint8Array(64) },
    };
    for (const [field, value] of Object.entries(others))
      expect([field, judged({ [field]: value })]).toEqual([field, false]);
    const fields = ((OBJECTS[TYPE].body as WireType<unknown>).kind as unknown as { of: WireType<unknown> }).of.kind;
    const declared = fields?.is === 'map' ? fields.fields.map(({ name }) => name) : [];
    const untried = declared.filter((name) => !(name in others));
    expect(untried).toEqual(['paymentToken', 'subAccountAuthorization']);
  });

  it('T23: holds under no other key', () => {
    expect(judged({}, OBJECT_KEYS.agent.publicKey)).toBe(false);
    expect(judged({}, new Uint8Array(32))).toBe(false);
  });

  it('does not hang on what stood in its place before', () => {
    const again = authoriseSubAccount(TYPE, { ...request, subAccountAuthorization: new Uint8Array(64).fill(7) }, key);
    expect(again).toEqual(request);
  });

  it('T25: holds for no request of the other kind, and is no signature over anything else', () => {
    const { resourceId: _, ...order } = { ...request, cartDigest: VALUES.challenge.cartDigest, orderNo: 'O-1' };
    const both = order as ObjectValue<'delegated-pay-request'>;
    const authorised = authoriseSubAccount('delegated-pay-request', both, key);
    expect(isSubAccountAuthorised('delegated-pay-request', authorised, key.publicKey)).toBe(true);
    expect(isSubAccountAuthorised(TYPE, authorised, key.publicKey)).toBe(false);
    const { subAccountAuthorization: signature = new Uint8Array() } = request;
    expect(verifyEd25519(signature, anObject(TYPE, request), key.publicKey)).toBe(false);
  });

  it('is not there where a token pays, and cannot be made for it', () => {
    const byToken = VALUES['delegated-pay-request'];
    expect(isSubAccountAuthorised('delegated-pay-request', byToken, key.publicKey)).toBe(false);
    expect(verdict(() => authoriseSubAccount('delegated-pay-request', byToken, key))).toBe('act-instrument');
  });
});
