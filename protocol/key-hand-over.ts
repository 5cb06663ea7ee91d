/**
 * A key hands over to the next one: the new key signs the statement that names it, the old one signs around that. Whoever
 * has stolen the old key can do so, too: after a theft or a copy only a new enrolment helps.
 */
import { equalBytes } from './bytes.ts';
import { checkEnrolmentKey } from './ed25519.ts';
import { ProtocolError } from './errors.ts';
import { epochSeconds, type Role } from './fields.ts';
import { partyId } from './ids.ts';
import { type Layering, parseLayers, signLayers, verifyLayers } from './layers.ts';
import { kidOf, type ParsedSign1, type SigningKey } from './sign1.ts';
import type { EpochSeconds } from './time.ts';
import type { KeyUse, TrustedKey, TrustSet } from './trust.ts';
import { bytes, oneOf, type WireValue, wireMap } from './wire.ts';

export const KEY_HAND_OVER_TYP = 30;
/** How far the time of a statement may be from the time it is taken, either way. */
export const KEY_HAND_OVER_WINDOW_S = 86_400;

/** The roles whose keys a device has, and what each is used for. */
const USES = { device: 'frame', signer: 'object' } as const satisfies Partial<Record<Role, KeyUse>>;

export const KeyHandOverBody = wireMap('key-hand-over', {
  party: [1, partyId],
  role: [2, oneOf({ device: 1, signer: 2 })],
  newKey: [3, bytes(32, 32)],
  at: [4, epochSeconds],
});
export type KeyHandOverBody = WireValue<typeof KeyHandOverBody>;

function layeringOf(tenant: string): Layering {
  return { name: 'key-hand-over', typ: KEY_HAND_OVER_TYP, tenant, layers: ['new', 'old'] };
}

/** @throws ProtocolError `message-shape`. */
export function signKeyHandOver(
  value: KeyHandOverBody,
  tenant: string,
  keys: { readonly old: SigningKey; readonly new: SigningKey },
): Uint8Array {
  return signLayers(KeyHandOverBody.encode(value, 'key-hand-over'), [keys.new, keys.old], layeringOf(tenant));
}

export interface KeyHandOver extends KeyHandOverBody {
  readonly use: KeyUse;
  readonly old: TrustedKey;
}

/**
 * Verifies both signatures: the old key must be trusted now, for the party and role that the statement names.
 * @throws ProtocolError `enrolment-keys` for a new key that is the old one, `enrolment-time`; `cose-kid` for an old key that
 *   is not trusted, was replaced already or is another's; `key-*`, `cose-*`, `cbor-*`, `message-shape`.
 */
export function openKeyHandOver(
  statement: Uint8Array,
  by: { readonly trust: TrustSet; readonly tenant: string; readonly now: EpochSeconds },
): KeyHandOver {
  const layering = layeringOf(by.tenant);
  const parsed = parseLayers(statement, layering);
  const value = KeyHandOverBody.decode(parsed.body, 'key-hand-over');
  const use = USES[value.role];
  // There are as many layers as the layering has.
  const { kid } = (parsed.layers[1] as ParsedSign1).header;
  // Without a time: a key that was replaced hands over to nobody, not even in its last seconds.
  const old = by.trust.find(kid, { tenant: by.tenant, use, roles: [value.role] });
  if (old.party !== value.party) throw new ProtocolError('cose-kid', 'the key of another party');
  checkEnrolmentKey(value.newKey);
  if (equalBytes(value.newKey, old.publicKey)) throw new ProtocolError('enrolment-keys', 'a key follows itself');
  verifyLayers(parsed, [{ publicKey: value.newKey, kid: kidOf(value.newKey) }, old], layering);
  if (!(Math.abs(value.at - by.now) <= KEY_HAND_OVER_WINDOW_S))
    throw new ProtocolError('enrolment-time', 'made at another time');
  return { ...value, use, old };
}
