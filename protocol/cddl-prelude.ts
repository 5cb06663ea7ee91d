/** The part of the CDDL that no declaration describes: COSE headers, envelopes and the bytes that are signed beside a payload. */
import { HPKE_KEY_BYTES } from './hpke.ts';
import { SEALED_SIZES } from './padding.ts';
import { RECIPIENT_KEY_TYP } from './recipient-key.ts';
import { ALG_HPKE_4, ENVELOPE_OVERHEAD_BYTES } from './seal.ts';
import { ALG_ED25519, ALG_EDDSA, KID_BYTES } from './sign1.ts';
import { PROFILE, PROFILE_FLOOR, PROFILE_VERSION } from './version.ts';

const spoken = Array.from({ length: PROFILE_VERSION - PROFILE_FLOOR + 1 }, (_, i) => PROFILE_FLOOR + i);
const ciphertext = SEALED_SIZES.map((size) => {
  // The tag belongs to the ciphertext, so only what stands in front of it is taken off the size of the envelope.
  return `(bytes .size ${size - ENVELOPE_OVERHEAD_BYTES + 16})`;
}).join(' / ');

/** Rules in CDDL, with an empty line behind them. */
export const CDDL_PRELUDE = `; The CBOR profile

value = int / text / bytes / bool / null / [* value] / { * key => value }
key = int / text

; COSE_Sign1 (RFC 9052)

alg = ${ALG_ED25519} / ${ALG_EDDSA} ; Ed25519; EdDSA is read under keys that are pinned to it and never written
kid = bytes .size ${KID_BYTES}
signature = bytes .size 64
version = ${spoken.join(' / ')}

claims = {
  1: text .size (1..512), ; iss
  3: text .size (1..512), ; aud
  4: epoch-seconds, ; exp
  6: epoch-seconds, ; iat
  7: id16, ; cti
}

frame-header<frame-typ> = {
  1: alg, ; alg
  4: kid, ; kid
  15: claims, ; claims
  16: frame-typ, ; typ
  -70001: version, ; version
  * optional-label => value, ; extras
}

object-header<object-typ> = {
  1: alg, ; alg
  4: kid, ; kid
  16: object-typ, ; typ
  * optional-label => value, ; extras
}

optional-label = (uint .ge 256) / text

signed-frame<frame-number, body> = #6.18([
  bytes .cbor frame-header<frame-number>, ; protected
  {}, ; unprotected
  bytes .cbor body, ; payload
  signature, ; signature
])

signed-object<object-number, body> = #6.18([
  bytes .cbor object-header<object-number>, ; protected
  {}, ; unprotected
  bytes .cbor body, ; payload
  signature, ; signature
])

signed-recipient-key = signed-object<${RECIPIENT_KEY_TYP}, recipient-key>

; Additional authenticated data: signed or sealed, never carried

tenant = party-id
session = bytes .size 8
frame-aad = ["${PROFILE}", version, "frame", frame-typ-number, role, tenant, session]
object-aad = ["${PROFILE}", version, "object", object-typ-number]
recipient-key-aad = ["${PROFILE}", version, "recipient-key", ${RECIPIENT_KEY_TYP}, tenant]
sealed-aad = ["${PROFILE}", version, "sealed", tenant, role]
role = "device" / "agent" / "merchant" / "psp"
frame-typ-number = 32..65535
object-typ-number = 1..31

; COSE_Encrypt0 with HPKE (draft-ietf-cose-hpke)

sealed-header = {
  1: ${ALG_HPKE_4}, ; alg
  4: kid, ; kid
  -70001: version, ; version
}

sealed-frame = #6.16([
  bytes .cbor sealed-header, ; protected
  { -4: bytes .size ${HPKE_KEY_BYTES} }, ; unprotected
  ${ciphertext}, ; ciphertext
])
`;
