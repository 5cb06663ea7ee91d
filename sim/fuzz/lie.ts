/** What a dishonest service can say: its own frames with another content, properly addressed and signed with its own keys. */
import {
  FRAMES,
  type FrameAddress,
  type FrameType,
  type Message,
  newId,
  type ObjectType,
  type ObjectValue,
  openObject,
  ProtocolError,
  peekFrame,
  type Role,
  SERVICE_SESSION,
  type SigningKey,
  sealFrame,
  signObject,
} from '../../protocol/index.ts';
import { bodyOf, carriedObjects } from '../checkers/facts.ts';
import type { DeviceSecrets, SigningServiceSecrets, Tenant } from '../cloud/index.ts';
import { keyOf } from '../cloud/key-of.ts';
import type { SeededRandom } from '../seeded-random.ts';

export interface Lie {
  readonly payload: Uint8Array;
  /** Which field is not what it was. */
  readonly what: string;
}

/**
 * The PSP may be wrong about terms, which the device can see for itself. It is not made to lie about what was paid: nobody
 * else knows, and no device can protect its wearer from the PSP.
 */
const MAY_LIE_IN: ReadonlySet<FrameType> = new Set([
  'offers',
  'cart',
  'cart-reply',
  'cart-request',
  'fulfilment',
  'challenge',
]);

export function liar(tenant: Tenant<DeviceSecrets>) {
  const frameKeyOf = (party: string): SigningKey => {
    const secrets = [tenant.agent, tenant.psp, ...tenant.merchants].find((one) => one.party === party);
    if (!secrets) throw new Error(`${party} is no service of this tenant`);
    return keyOf(secrets.frameSeed);
  };
  const objectKeyOf = (party: string): SigningKey | undefined => {
    const secrets = [tenant.psp, ...tenant.merchants].find((one): one is SigningServiceSecrets => one.party === party);
    return secrets && keyOf(secrets.objectSeed);
  };
  const seal = (payload: Uint8Array, body: unknown, random: SeededRandom) => {
    const { type, iss, iat, exp } = peekFrame(payload);
    const life = { iat, lifetimeS: exp - iat, cti: newId(random.bytes(16)) };
    return sealFrame({ type, body } as Message, addressOf(tenant, payload), life, frameKeyOf(iss));
  };
  return {
    /** Its sender's frame with another body. @throws ProtocolError for one that cannot be written. */
    reseal: seal,
    /** The same once more in another frame. */
    again: (payload: Uint8Array, random: SeededRandom) => seal(payload, bodyOf(payload).body, random),
    /** One field of the body, or of what the sender signed in it, with another value; nothing where no such frame can be written. */
    lie(payload: Uint8Array, random: SeededRandom): Lie | undefined {
      const { type, body } = bodyOf(payload);
      if (!MAY_LIE_IN.has(type)) return undefined;
      const { iss } = peekFrame(payload);
      try {
        const own = carriedObjects(type).find(([, field]) => body[field] instanceof Uint8Array);
        const key = objectKeyOf(iss);
        if (own && key && random.chance(0.8)) {
          const [kind, field] = own;
          const altered = otherObject(tenant, kind, body[field] as Uint8Array, key, random);
          return {
            payload: seal(payload, { ...body, [field]: altered.bytes }, random),
            what: `${kind}.${altered.what}`,
          };
        }
        const { value, what } = otherField(body, random);
        return { payload: seal(payload, value, random), what: `${type}.${what}` };
      } catch (error) {
        // Not every wrong value can be written at all.
        if (error instanceof ProtocolError) return undefined;
        throw error;
      }
    },
  };
}

function addressOf(tenant: Tenant<DeviceSecrets>, payload: Uint8Array): FrameAddress {
  const { iss, aud, type } = peekFrame(payload);
  const device = tenant.devices.find((one) => one.device === aud);
  const kind: { readonly from: readonly Role[] } = FRAMES[type];
  const roleOf = (party: string): Role => {
    if (party === tenant.agent.party) return 'agent';
    if (party === tenant.psp.party) return 'psp';
    return tenant.devices.some((one) => one.device === party) ? 'device' : 'merchant';
  };
  if (!kind.from.includes(roleOf(iss))) throw new ProtocolError('frame-wrong-sender', 'somebody else sends these');
  return {
    tenant: tenant.tenant,
    from: { party: iss, role: roleOf(iss) },
    to: { party: aud, role: roleOf(aud) },
    session: device?.session ?? SERVICE_SESSION,
  };
}

function otherObject<T extends ObjectType>(
  { directory }: Tenant<DeviceSecrets>,
  type: T,
  bytes: Uint8Array,
  key: SigningKey,
  random: SeededRandom,
): { readonly bytes: Uint8Array; readonly what: string } {
  const { value } = openObject(type, bytes, { trust: directory.trust, tenant: directory.tenant });
  const other = otherField(value as Readonly<Record<string, unknown>>, random);
  return { bytes: signObject(type, other.value as ObjectValue<T>, key), what: other.what };
}

function otherField(
  value: Readonly<Record<string, unknown>>,
  random: SeededRandom,
): { readonly value: Readonly<Record<string, unknown>>; readonly what: string } {
  const names = Object.keys(value);
  const what = names[random.below(names.length)] ?? '';
  return { value: { ...value, [what]: otherValue(value[what], random) }, what };
}

/** Something else of the same kind. */
function otherValue(value: unknown, random: SeededRandom): unknown {
  if (typeof value === 'number') return [value + 1, Math.max(0, value - 1), value * 2, value + 86_400][random.below(4)];
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return value.length > 1 ? value.slice(1) + value.slice(0, 1) : `${value}x`;
  if (value instanceof Uint8Array) {
    const altered = value.slice();
    const at = random.below(Math.max(1, altered.length));
    altered[at] = (altered[at] ?? 0) ^ 1;
    return altered;
  }
  if (Array.isArray(value) && value.length > 0) {
    const at = random.below(value.length);
    return random.chance(0.3) ? value.toSpliced(at, 1) : value.with(at, otherValue(value[at], random));
  }
  if (typeof value === 'object' && value !== null)
    return otherField(value as Readonly<Record<string, unknown>>, random).value;
  return value;
}
