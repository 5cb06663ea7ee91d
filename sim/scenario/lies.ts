/** Frames and objects that say something else than their sender meant to, signed by the sender's own keys or by nobody's. */
import {
  decodeCbor,
  type FrameType,
  type Id16,
  type Message,
  OBJECTS,
  type ObjectType,
  type Party,
  ProtocolError,
  parseSign1,
  peekFrame,
  SERVICE_SESSION,
  type SigningKey,
  sealFrame,
  signObject,
  softSigningKey,
  type WireType,
} from '../../protocol/index.ts';
import { bodyOf, carriedObjects } from '../checkers/facts.ts';
import type { DeviceSecrets } from '../cloud/index.ts';
import type { World } from '../world.ts';
import type { Lie } from './schema.ts';

/** A scenario asked for something that the protocol cannot say. */
export class LieError extends Error {
  override readonly name = 'LieError';
}

type Fields = Record<string, unknown>;
type Written = NonNullable<Lie['set']>[string];
/** With what is another's looked up. */
type Change = Exclude<Written, { of: unknown }>;

/** `lines[0].quantity` as its parts. */
function partsOf(path: string): readonly string[] {
  return path.split(/[.[\]]+/).filter((part) => part !== '');
}

function changed(value: unknown, parts: readonly string[], change: Change): unknown {
  const [part, ...rest] = parts;
  if (part === undefined) {
    if (typeof change !== 'object' || Array.isArray(change)) return change;
    if ('plus' in change) return Number(value) + change.plus;
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !(part in value || rest.length === 0))
    throw new LieError(`there is no field ${part} to change`);
  const inner = changed((value as Fields)[part], rest, change);
  if (Array.isArray(value))
    return value.flatMap((one, i) => (String(i) !== part ? [one] : inner === undefined ? [] : [inner]));
  const { [part]: _old, ...others } = value as Fields;
  return inner === undefined ? others : { ...others, [part]: inner };
}

function decoded(type: ObjectType, bytes: Uint8Array): unknown {
  const kind: { readonly body: WireType<unknown> } = OBJECTS[type] as never;
  return kind.body.decode(decodeCbor(parseSign1(bytes).payload), type);
}

export class Liar {
  readonly #world: World;
  readonly #stranger: SigningKey;

  constructor(world: World) {
    this.#world = world;
    this.#stranger = softSigningKey(world.random.fork('stranger').bytes(32));
  }

  /**
   * The frame as the lie has it.
   * @param cti the frame's own number, or a new one for a frame of its own.
   * @throws LieError when the protocol cannot say that.
   */
  told(frame: Uint8Array, lie: Omit<Lie, 'frame'>, cti: Id16 = peekFrame(frame).cti): Uint8Array {
    const { type, body } = bodyOf(frame);
    try {
      return this.#sealed(frame, { type, body: this.#body(type, body, frame, lie) } as Message, cti, lie);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      throw new LieError(`the protocol has no such ${type}: ${error.message}`);
    }
  }

  #body(
    type: FrameType,
    body: Fields,
    frame: Uint8Array,
    { inside, set, 'signed-by': signer }: Omit<Lie, 'frame'>,
  ): unknown {
    if (inside === undefined) return this.#changed(body, set);
    const field = carriedObjects(type).find(([object]) => object === inside)?.[1];
    const bytes = field === undefined ? undefined : body[field];
    if (field === undefined || !(bytes instanceof Uint8Array)) throw new LieError(`a ${type} carries no ${inside}`);
    const value = this.#changed(decoded(inside, bytes), set);
    const by = signer === 'other-device' ? this.#other.device : peekFrame(frame).iss;
    const key = signer === 'stranger' ? this.#stranger : this.#objectKey(inside, value as Fields, by);
    return { ...body, [field]: signObject(inside, value as never, key) };
  }

  #sealed(
    frame: Uint8Array,
    message: Message,
    cti: Id16,
    { inside, 'signed-by': signer }: Omit<Lie, 'frame'>,
  ): Uint8Array {
    const { iss, aud, iat, exp } = peekFrame(frame);
    const { tenant, settings } = this.#world;
    const [from, to] = [this.#party(iss), this.#party(aud)];
    const session = from.role === 'device' || to.role === 'device' ? settings.session : SERVICE_SESSION;
    const key = inside === undefined ? this.#frameKeyOf(iss, signer) : this.#frameKey(iss);
    return sealFrame(message, { tenant: tenant.tenant, from, to, session }, { iat, lifetimeS: exp - iat, cti }, key);
  }

  #changed(value: unknown, set: Lie['set']): unknown {
    return Object.entries(set ?? {}).reduce((now, [path, written]) => {
      const parts = partsOf(path);
      const isOther = typeof written === 'object' && 'of' in written;
      const change = isOther ? this.#otherField(parts.at(-1) ?? '') : (written as Change);
      return changed(now, parts, change);
    }, value);
  }

  /** The second device of the world. */
  get #other(): DeviceSecrets {
    const [, other] = this.#world.tenant.devices;
    if (!other) throw new LieError('there is no other device; set other-device: true in the world');
    return other;
  }

  #otherField(name: string): string {
    const value = (this.#other as unknown as Fields)[name];
    if (typeof value !== 'string') throw new LieError(`a device has no ${name} of its own`);
    return value;
  }

  #frameKeyOf(sender: string, signer: Lie['signed-by']): SigningKey {
    if (signer === 'stranger') return this.#stranger;
    return this.#frameKey(signer === 'other-device' ? this.#other.device : sender);
  }

  #party(party: string): Party {
    const role = this.#world.tenant.directory.roleOf(party);
    if (!role) throw new LieError(`there is no party ${party}`);
    return { party, role: role === 'signer' ? 'device' : role };
  }

  #frameKey(party: string): SigningKey {
    const { agent, psp, merchants, devices } = this.#world.tenant;
    const found =
      [agent, psp, ...merchants].find((one) => one.party === party) ?? devices.find(({ device }) => device === party);
    if (!found) throw new LieError(`there is no party ${party}`);
    return softSigningKey(found.frameSeed);
  }

  #objectKey(type: ObjectType, value: Fields, sender: string): SigningKey {
    const { agent, psp, merchants, devices } = this.#world.tenant;
    const { signer } = OBJECTS[type];
    if (signer === 'psp') return softSigningKey(psp.objectSeed);
    if (signer === 'agent') return softSigningKey(agent.objectSeed);
    if (signer === 'signer') {
      const device = devices.find((one) => one.device === sender);
      if (device) return softSigningKey(device.confirmationSeed);
    }
    // An agent passes a cart on; who signs it is named in it, or sends the frame itself.
    const shop =
      merchants.find(({ party }) => party === value.merchant) ?? merchants.find(({ party }) => party === sender);
    if (!shop) throw new LieError(`nobody here can sign this ${type}`);
    return softSigningKey(shop.objectSeed);
  }
}
