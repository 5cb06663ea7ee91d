import { expect, it } from 'vitest';
import { AttestationRecord } from '../../../protocol/act/attestation.ts';
import { IacPayload } from '../../../protocol/act/iac.ts';
import { toJson } from '../../../protocol/act/json-form.ts';
import { LifecycleChange } from '../../../protocol/act/lifecycle.ts';
import { DelegatedPayRequest } from '../../../protocol/act/payment.ts';
import { anchorOf, signAnchor } from '../../../protocol/anchor.ts';
import { signRecord } from '../../../protocol/attestation.ts';
import { encodeCbor } from '../../../protocol/cbor.ts';
import { writeJson } from '../../../protocol/json.ts';
import { signSign1 } from '../../../protocol/sign1.ts';
import type { WireType } from '../../../protocol/wire.ts';
import { at, idOf, keyOf, NOW, SIGNED } from '../builders.ts';
import { AGENT, DELEGATED, IAC, PAID } from './samples.ts';

const key = keyOf('sizes');
const externalAad = encodeCbor(['act-edge', 1, 'object', 0]);
const signed = <T>(type: WireType<T>, value: T, typ: number): Uint8Array =>
  signSign1({ payload: encodeCbor(type.encode(value, 'x')), key, typ, externalAad });

it('a delegated bundle keeps its budget of 1,500 bytes; the sizes are printed', () => {
  const iac = signed(IacPayload, IAC, 6);
  const request = signed(DelegatedPayRequest, { ...DELEGATED, iac }, 7);
  const bundle = encodeCbor([SIGNED.cart, request, SIGNED.receipt]);
  const apart = encodeCbor([iac, SIGNED.cart, request, SIGNED.receipt]);
  const change = signed(
    LifecycleChange,
    {
      ...{ changeId: idOf('c'), delegationId: IAC.delegationId, from: 'Active', to: 'Suspended', by: 'PRINCIPAL' },
      ...{ changedAt: at(1), version: 1 },
    } as const,
    8,
  );
  const record = signRecord(PAID, AGENT, key);
  const anchor = signAnchor(anchorOf(record, { submitterId: AGENT, iat: NOW, privacyChannel: 'channel-1' }), key);
  const rows = {
    'IAC, signed (COSE)': iac.length,
    'IAC payload as JSON': writeJson(toJson(IacPayload, IAC, 'iac')).length,
    'delegated pay request with the IAC inside': request.length,
    'delegated pay request without it': request.length - iac.length,
    'cart, one line': SIGNED.cart.length,
    receipt: SIGNED.receipt.length,
    'delegated bundle: cart + request with IAC inside + receipt': bundle.length,
    'delegated bundle, IAC once more beside the request': apart.length,
    'lifecycle change, signed (COSE)': change.length,
    'attestation record (CBOR)': encodeCbor(AttestationRecord.encode(record, 'r')).length,
    'attestation record as JSON': writeJson(toJson(AttestationRecord, record, 'r')).length,
    'anchor (JWS Compact)': anchor.length,
  };
  console.info(
    Object.entries(rows)
      .map(([what, size]) => `${String(size).padStart(5)} B ${what}`)
      .join('\n'),
  );
  expect(bundle.length).toBeLessThanOrEqual(1_500);
});
