/**
 * A whole tenant out of one seed: who takes part, all their keys, the public directory. The same seed gives the same
 * tenant, so tests and demonstrations need to keep nothing else; whoever has the seed has every key in it.
 */
import { type Directory, type DirectoryFile, directorySchema, openDirectory } from '../../device/directory.ts';
import {
  type Currency,
  concatBytes,
  type EpochSeconds,
  hex,
  type KeyUse,
  kidOf,
  parseSessionId,
  publicKeyOf,
  RECIPIENT_KEY_MAX_WINDOW_S,
  type Role,
  recipientKeyPair,
  type SessionId,
  type SigningKey,
  sha256,
  signRecipientKey,
  softSigningKey,
  utf8,
} from '../../protocol/index.ts';
import { counterparts, demoTimeMs, type Shop, shops } from '../shops/index.ts';

/** The method every wearer of a simulated tenant pays with. */
export const PAYMENT_METHOD = 'urn:act:payment:alipay';
/** Whom wearers delegate to. */
export const AGENT_ID = 'did:act:example.com/agent';
/** The most one binding may reach in all, in minor units of {@link FUNDS}. */
export const BINDING_CAP_MINOR = 100_000;
/** What each wearer's account holds at the start. */
const FUNDS: { readonly currency: Currency; readonly amountMinor: number } = { currency: 'CNY', amountMinor: 50_000 };

/** Private keys of one service, as 32-byte seeds, and the secret from which it derives its ids. */
export interface ServiceSecrets {
  readonly party: string;
  readonly frameSeed: Uint8Array;
  /** What is sealed for the service opens with it (X25519). */
  readonly recipientSeed: Uint8Array;
  readonly secret: Uint8Array;
}

/** A service that also signs what is evidence. */
export interface SigningServiceSecrets extends ServiceSecrets {
  readonly objectSeed: Uint8Array;
}

/** What the services know of one device with its wearer. The confirmation key's party is the device, its role `signer`. */
export interface Enrolment {
  readonly device: string;
  readonly framePublicKey: Uint8Array;
  readonly confirmationPublicKey: Uint8Array;
  /** The device's own statement of the key to seal for it, signed by its frame key. */
  readonly recipientKey: Uint8Array;
  readonly session: SessionId;
  readonly agentId: string;
  readonly paymentToken: string;
  /** The account the device pays from at the PSP; absent: one of its own. A replacement device has that of the one before. */
  readonly account?: string;
  /** The keys that were replaced, oldest first: what they signed stays verifiable. */
  readonly formerKeys?: readonly FormerKey[];
  /** The identity key in the maker's certificate that the device enrolled with; absent where it had none. */
  readonly identityKey?: Uint8Array;
}

/** A frame key (role `device`) or confirmation key (role `signer`) of earlier times. */
export interface FormerKey {
  readonly role: 'device' | 'signer';
  readonly publicKey: Uint8Array;
  readonly until: EpochSeconds;
  /** Whether it vouched for the key after it itself; otherwise the device was enrolled anew. */
  readonly isHandedOver: boolean;
}

/** A simulated device's own side of its enrolment. */
export interface DeviceSecrets extends Enrolment {
  readonly frameSeed: Uint8Array;
  readonly recipientSeed: Uint8Array;
  readonly confirmationSeed: Uint8Array;
}

export interface Tenant<Device extends Enrolment = Enrolment> {
  readonly tenant: string;
  /** Public: keys and names. */
  readonly file: DirectoryFile;
  readonly directory: Directory;
  readonly shops: readonly Shop[];
  /** Its object key pays under delegations. */
  readonly agent: SigningServiceSecrets;
  readonly psp: SigningServiceSecrets & {
    /** Cosigns the journals of devices. */
    readonly witnessSeed: Uint8Array;
  };
  /** Those that take orders by frames: the shops, then damai and rail. */
  readonly merchants: readonly SigningServiceSecrets[];
  /** Payees that are reached in another way: the data desk, over HTTP. Their keys and names are in the directory, too. */
  readonly counterparts: readonly SigningServiceSecrets[];
  readonly devices: readonly Device[];
  /** Signs the heads of the tenant's trust chain node. */
  readonly chainSeed: Uint8Array;
  readonly funds: typeof FUNDS;
  /** From when to when the recipient keys hold with which everybody enrolled. */
  readonly recipientKeysHold: { readonly notBefore: EpochSeconds; readonly notAfter: EpochSeconds };
}

export interface TenantNames {
  readonly tenant: string;
  readonly devices: readonly string[];
  /** Which devices pay from the account of another one, for example as its replacement. */
  readonly accounts?: Readonly<Record<string, string>>;
  /** From when on frames are sealed for the tenant's recipient keys; by default the day of the demonstration. */
  readonly since?: EpochSeconds;
}

const DEMO: TenantNames = { tenant: 'demo', devices: ['glasses-01'] };
const DEMO_DAY = (Math.floor(demoTimeMs / 86_400_000) * 86_400) as EpochSeconds;

/** The window of recipient keys that begins with `since`: the longest there is. */
export function recipientWindow(since: EpochSeconds): {
  readonly notBefore: EpochSeconds;
  readonly notAfter: EpochSeconds;
} {
  return { notBefore: since, notAfter: (since + RECIPIENT_KEY_MAX_WINDOW_S) as EpochSeconds };
}

/** The `kid`s, in hex, of a device's confirmation key and of those that have handed over to it, one after the other. */
export function keyLineOf({ confirmationPublicKey, formerKeys = [] }: Enrolment): readonly string[] {
  const former = formerKeys.filter(({ role }) => role === 'signer').reverse();
  const broken = former.findIndex(({ isHandedOver }) => !isHandedOver);
  const line = broken < 0 ? former : former.slice(0, broken);
  return [confirmationPublicKey, ...line.map(({ publicKey }) => publicKey)].map((key) => hex(kidOf(key)));
}

/** How the wearer of an account is known outside the PSP. */
export function principalOf(account: string): string {
  return `did:act:example.com/wearer-${account}`;
}

type Derive = (...name: readonly string[]) => Uint8Array;

/** Each key has its own name, so no two are alike and none says anything about another. */
function derivation(seed: Uint8Array, tenant: string): Derive {
  if (seed.length < 16) throw new RangeError('a tenant takes a seed of at least 16 bytes');
  const own = new Uint8Array(seed);
  return (...name) => sha256(concatBytes(own, utf8(['', tenant, ...name].join('/'))));
}

/**
 * Makes a tenant with simulated devices, whose keys come out of the seed too.
 * @param seed at least 16 bytes, unpredictable where it matters.
 * @throws RangeError for a shorter seed and for a device named as a service or another device; ZodError for names that are no
 *   party ids.
 */
export function createTenant(seed: Uint8Array, names: TenantNames = DEMO): Tenant<DeviceSecrets> {
  const { tenant, devices, accounts = {}, since = DEMO_DAY } = names;
  const derive = derivation(seed, tenant);
  const enrolled = devices.map((device) => {
    const account = accounts[device];
    return { ...deviceSecrets(device, tenant, since, derive), ...(account !== undefined && { account }) };
  });
  return enrolledTenant(seed, tenant, enrolled, since);
}

/**
 * Makes a tenant for devices that keep their keys to themselves.
 * @throws as {@link createTenant}; ProtocolError `key-*` for a public key that is unsound.
 */
export function enrolledTenant<Device extends Enrolment>(
  seed: Uint8Array,
  tenant: string,
  devices: readonly Device[],
  since: EpochSeconds,
): Tenant<Device> {
  const derive = derivation(seed, tenant);
  const service = (party: string): ServiceSecrets => ({
    party,
    frameSeed: derive(party, 'frame'),
    recipientSeed: derive(party, 'recipient'),
    secret: derive(party, 'secret'),
  });
  const signing = (party: string) => ({ ...service(party), objectSeed: derive(party, 'object') });
  const parties = {
    agent: signing('agent'),
    psp: { ...signing('psp'), witnessSeed: derive('psp', 'witness') },
    merchants: [...shops, ...counterparts.filter(({ reached }) => reached === 'frames')].map(({ id }) => signing(id)),
    counterparts: counterparts.filter(({ reached }) => reached === 'http').map(({ id }) => signing(id)),
    devices,
  };
  const services = [parties.agent, parties.psp, ...parties.merchants, ...parties.counterparts].map(
    ({ party }) => party,
  );
  const names = [...services, ...devices.map(({ device }) => device)];
  // Roles are looked up by party: a device enrolled under a service's name would silence that service.
  if (new Set(names).size !== names.length) throw new RangeError('two parties of a tenant have one name');
  const file = directorySchema.parse(directoryFile(tenant, parties, since));
  const own = { shops, chainSeed: derive('chain', 'log'), recipientKeysHold: recipientWindow(since) };
  return { tenant, file, directory: openDirectory(file), ...parties, ...own, funds: FUNDS };
}

function deviceSecrets(device: string, tenant: string, since: EpochSeconds, derive: Derive): DeviceSecrets {
  const [frameSeed, confirmationSeed] = [derive(device, 'frame'), derive(device, 'confirmation')];
  const recipientSeed = derive(device, 'recipient');
  return {
    device,
    frameSeed,
    confirmationSeed,
    recipientSeed,
    framePublicKey: publicKeyOf(frameSeed),
    confirmationPublicKey: publicKeyOf(confirmationSeed),
    recipientKey: recipientStatement(
      { party: device, role: 'device' },
      tenant,
      since,
      recipientSeed,
      softSigningKey(frameSeed),
    ),
    session: parseSessionId(hex(derive(device, 'session').slice(0, 8))),
    agentId: `did:act:example.com/device-${device}`,
    paymentToken: `token-${hex(derive(device, 'payment-token').slice(0, 16))}`,
  };
}

/** A party's signed word of the key to seal for it. */
export function recipientStatement(
  { party, role }: { readonly party: string; readonly role: Exclude<Role, 'signer'> },
  tenant: string,
  since: EpochSeconds,
  recipientSeed: Uint8Array,
  frameKey: SigningKey,
): Uint8Array {
  const { publicKey } = recipientKeyPair(recipientSeed);
  return signRecipientKey({ party, role, publicKey, ...recipientWindow(since) }, tenant, frameKey);
}

type Parties = Pick<Tenant, 'agent' | 'psp' | 'merchants' | 'counterparts' | 'devices'>;

function directoryFile(
  tenant: string,
  { agent, psp, merchants, counterparts: others, devices }: Parties,
  since: EpochSeconds,
): DirectoryFile {
  const payees = [...merchants, ...others];
  const statement = ({ party, recipientSeed, frameSeed }: ServiceSecrets, role: Exclude<Role, 'signer'>) =>
    recipientStatement({ party, role }, tenant, since, recipientSeed, softSigningKey(frameSeed));
  const published = (party: string, role: Role, use: KeyUse, publicKey: Uint8Array) => ({
    party,
    role,
    use,
    publicKeyHex: hex(publicKey),
  });
  const key = (party: string, role: Role, use: KeyUse, seed: Uint8Array) =>
    published(party, role, use, publicKeyOf(seed));
  return {
    tenant,
    keys: [
      key(agent.party, 'agent', 'frame', agent.frameSeed),
      key(agent.party, 'agent', 'object', agent.objectSeed),
      key(psp.party, 'psp', 'frame', psp.frameSeed),
      key(psp.party, 'psp', 'object', psp.objectSeed),
      ...payees.flatMap(({ party, frameSeed, objectSeed }) => [
        key(party, 'merchant', 'frame', frameSeed),
        key(party, 'merchant', 'object', objectSeed),
      ]),
      ...devices.flatMap(({ device, framePublicKey, confirmationPublicKey, formerKeys = [] }) => [
        published(device, 'device', 'frame', framePublicKey),
        published(device, 'signer', 'object', confirmationPublicKey),
        ...formerKeys.map(({ role, publicKey, until }) => ({
          ...published(device, role, role === 'device' ? 'frame' : 'object', publicKey),
          until,
        })),
      ]),
    ],
    merchants: [...shops, ...counterparts].map(({ id, title, aliases }) => ({
      party: id,
      names: {
        'zh-CN': [title['zh-CN'], ...aliases['zh-CN']],
        'en-US': [title['en-US'], ...aliases['en-US']],
      },
    })),
    agents: [{ party: agent.party, agentId: AGENT_ID }],
    witnesses: [{ party: psp.party, publicKeyHex: hex(publicKeyOf(psp.witnessSeed)) }],
    recipientKeysHex: [
      statement(agent, 'agent'),
      statement(psp, 'psp'),
      ...payees.map((payee) => statement(payee, 'merchant')),
      ...devices.map(({ recipientKey }) => recipientKey),
    ].map(hex),
  };
}
