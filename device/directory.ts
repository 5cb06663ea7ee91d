/** Who is who: the public keys a device or a service trusts, and the names under which payees are shown. Comes from a file, never from a message. */

import * as z from 'zod/mini';
import {
  epochSeconds,
  fromHex,
  openRecipientKey,
  RecipientKeySet,
  type Role,
  type TrustedKey,
  TrustSet,
  trustedKey,
} from '../protocol/index.ts';
import type { Locale, Names } from './voice/vocabulary.ts';

const name = z.string().check(z.minLength(1), z.maxLength(64));
const [FIRST_SECOND, LAST_SECOND] = [946_684_800, 4_133_980_799];
const partyName = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,31}$/));

/** One file serves all parties of a tenant: it holds public keys and public names only. */
export const directorySchema = z.strictObject({
  tenant: partyName,
  keys: z
    .array(
      z.strictObject({
        party: partyName,
        role: z.enum(['device', 'signer', 'agent', 'merchant', 'psp']),
        use: z.enum(['frame', 'object']),
        publicKeyHex: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
        /** Epoch seconds; of a key that was replaced, which from then on is good for records of earlier times only. */
        until: z.optional(z.int().check(z.gte(FIRST_SECOND), z.lte(LAST_SECOND))),
      }),
    )
    .check(z.minLength(1)),
  merchants: z.array(
    z.strictObject({
      party: partyName,
      names: z.strictObject({
        'zh-CN': z.array(name).check(z.minLength(1)),
        'en-US': z.array(name).check(z.minLength(1)),
      }),
    }),
  ),
  /** Under which identities agents are delegated to (ACT 2.1 ADD-IAC-ISS `agent_id`). */
  agents: z.optional(
    z.array(
      z.strictObject({
        party: partyName,
        agentId: z.string().check(z.regex(/^did:act:[a-z0-9.-]+\/[A-Za-z0-9._-]+$/), z.maxLength(96)),
      }),
    ),
  ),
  /** Who cosigns the journals of devices, with keys that are for nothing else (design 8). */
  witnesses: z.optional(
    z.array(z.strictObject({ party: partyName, publicKeyHex: z.string().check(z.regex(/^[0-9a-f]{64}$/)) })),
  ),
  /** Signed statements of the X25519 keys to seal frames for; without one for a party nothing can be sent to it. */
  recipientKeysHex: z.optional(z.array(z.string().check(z.regex(/^([0-9a-f]{2}){1,512}$/)))),
});
export type DirectoryFile = z.infer<typeof directorySchema>;

export interface Directory {
  readonly tenant: string;
  readonly keys: readonly TrustedKey[];
  readonly trust: TrustSet;
  /** The registered name of a payee, or `undefined` for a merchant nobody registered: such a cart is refused. */
  nameOf(merchant: string, locale: Locale): string | undefined;
  /** The agent that has this identity, and the identity of an agent; `undefined` where nobody registered it. */
  agentOf(agentId: string): string | undefined;
  agentIdOf(party: string): string | undefined;
  /** The key with which a party cosigns journals; `undefined` for one that does not. */
  witnessKeyOf(party: string): Uint8Array | undefined;
  /** The keys to seal frames for. */
  readonly recipients: RecipientKeySet;
  /** The role in which a party sends and receives frames. */
  readonly roleOf: (party: string) => Role | undefined;
  /** The parties that hold a role. */
  partiesOf(role: Role): readonly string[];
}

/** Builds the directory. @throws ProtocolError `key-*` or `cose-kid` when a key is unsound or stands there twice, `seal-key` for a recipient key that is nobody's. */
export function openDirectory(file: DirectoryFile): Directory {
  const keys = file.keys.map(({ party, role, use, publicKeyHex, until }) =>
    trustedKey({
      ...{ party, role, use, tenant: file.tenant, publicKey: fromHex(publicKeyHex) },
      ...(until !== undefined && { until: epochSeconds(until) }),
    }),
  );
  const trust = new TrustSet(keys);
  const recipients = new RecipientKeySet();
  for (const statement of file.recipientKeysHex ?? [])
    recipients.add(openRecipientKey(fromHex(statement), { trust, tenant: file.tenant }));
  const roles = new Map(keys.filter(({ use }) => use === 'frame').map(({ party, role }) => [party, role]));
  const names = new Map<string, Names>(file.merchants.map((merchant) => [merchant.party, merchant.names]));
  return {
    tenant: file.tenant,
    keys,
    trust,
    recipients,
    roleOf: (party) => roles.get(party),
    witnessKeyOf: (party) => {
      const witness = file.witnesses?.find((one) => one.party === party);
      return witness && fromHex(witness.publicKeyHex);
    },
    agentOf: (agentId) => file.agents?.find((agent) => agent.agentId === agentId)?.party,
    agentIdOf: (party) => file.agents?.find((agent) => agent.party === party)?.agentId,
    nameOf: (merchant, locale) => names.get(merchant)?.[locale][0],
    partiesOf: (role) => [...new Set(keys.filter((key) => key.role === role).map((key) => key.party))],
  };
}
