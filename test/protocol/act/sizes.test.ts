import { expect, it } from 'vitest';
import { AttestationRecord } from '../../../protocol/act/attestation.ts';
import { IacPayload } from '../../../protocol/act/iac.ts';
import { toJson } from '../../../protocol/act/json-form.ts';
import { anchorOf, signAnchor } from '../../../protocol/anchor.ts';
import { signRecord } from '../../../protocol/attestation.ts';
import { encodeCbor } from '../../../protocol/cbor.ts';
import { writeJson } from '../../../protocol/json.ts';
import { keyOf, NOW, SIGNED, VALUES } from '../builders.ts';
import { AGENT, PAID } from './samples.ts';

const key = keyOf('sizes');

it('a delegated bundle with all terms keeps its budget of 1,500 bytes; the sizes are printed', () => {
  const { authorization, 'delegated-pay-request': request, 'delegation-challenge': challenge, cart, receipt } = SIGNED;
  const bundle = encodeCbor([cart, request, receipt]);
  const fresh = encodeCbor([challenge, cart, request, receipt]);
  const record = signRecord(PAID, AGENT, key);
  const anchor = signAnchor(anchorOf(record, { submitterId: AGENT, iat: NOW, privacyChannel: 'channel-1' }), key);
  const rows = {
    'IAC payload as JSON': writeJson(toJson(IacPayload, VALUES.authorization.iac, 'iac')).length,
    'authorization: IAC, agent key, challenge and gesture': authorization.length,
    'delegated pay request with the authorization inside': request.length,
    'delegated pay request without it': request.length - authorization.length,
    'delegated bundle: cart + request with authorization inside + receipt': bundle.length,
    'delegated bundle with the delegation challenge, which is one for all payments': fresh.length,
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
