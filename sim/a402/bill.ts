/**
 * The bill of a resource, signed by its seller: Ed25519 over the RFC 8785 form of its `protocol` layer without the signature
 * (ACT 2.1 PSD-PAY-A402 `signer_id`, `signature_content`, `signature_type`; ACT leaves the scope to the payment method).
 */
import {
  type A402Value,
  base64url,
  fromBase64url,
  type JsonObject,
  PaymentNeeded,
  ProtocolError,
  readA402,
  type SigningKey,
  sha256,
  signJson,
  toJsonObject,
  utf8,
  verifyJson,
  writeA402,
} from '../../protocol/index.ts';

export type Bill = A402Value<'Payment-Needed'>['protocol'];
type Unsigned = Omit<Bill, 'signerId' | 'signatureContent' | 'signatureType'>;

const SIGNATURE_TYPE = 'ED25519';

/** What a request asks for, so that a payment for one can not be shown for another. */
export function fingerprintOf(method: string, path: string): string {
  return `sha-256:${base64url(sha256(utf8(`${method} ${path}`)))}`;
}

/** The header of a 402. `method` has nothing to add: all that decides stands in `protocol`. */
export function writeBill(bill: Unsigned, signerId: string, key: SigningKey): string {
  const unsigned = { ...bill, signerId, signatureType: SIGNATURE_TYPE };
  const signatureContent = base64url(signJson(covered({ ...unsigned, signatureContent: 'none' }), key));
  return writeA402('Payment-Needed', { protocol: { ...unsigned, signatureContent }, method: '{}' });
}

/** Reads a bill that this seller has signed; `undefined` for whatever else stands in the header. */
export function readBill(header: string, seller: string, publicKey: Uint8Array): Bill | undefined {
  try {
    const { protocol } = readA402('Payment-Needed', header);
    const { signerId, signatureType, signatureContent, sellerUniqueId } = protocol;
    if (signerId !== seller || sellerUniqueId !== seller || signatureType !== SIGNATURE_TYPE) return undefined;
    const signature = fromBase64url(signatureContent ?? '');
    return verifyJson(covered(protocol), signature, publicKey) ? protocol : undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** Under a name of its own, so that no other signed JSON of ours reads like a bill (T25). */
function covered(protocol: Bill): JsonObject {
  const { protocol: layer } = toJsonObject(PaymentNeeded, { protocol, method: '{}' }, 'Payment-Needed');
  const { signature_content: _signature, ...rest } = layer as JsonObject;
  return { act_a402_payment_needed: rest };
}
