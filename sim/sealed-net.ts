/**
 * Sealing for the parties of a simulated tenant. The keys they enrol with come out of its seed; those that follow are drawn
 * by each party, kept in stores that outlive its process, and erased.
 */

import { type Clock, type Log, type Random, sealedTransport, type Transport } from '../device/index.ts';
import type { OwnKeyStore, StatementStore } from '../device/link/recipient-stores.ts';
import {
  RECIPIENT_KEY_GRACE_S,
  RECIPIENT_KEY_MAX_WINDOW_S,
  recipientKeyPair,
  type SigningKey,
} from '../protocol/index.ts';
import type { DeviceSecrets, Tenant } from './cloud/index.ts';
import { keyOf } from './cloud/key-of.ts';
import { type MemoryRecipientStores, memoryRecipientStores } from './memory-recipient-stores.ts';
import type { Net } from './net.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface SealingPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly stores: { readonly own: OwnKeyStore; readonly statements: StatementStore };
  /** How long a new recipient key holds. */
  readonly windowS: number;
}

interface PartySecrets {
  readonly frameSeed: Uint8Array;
  readonly recipientSeed: Uint8Array;
}

function sealedWith(
  { directory, recipientKeysHold }: Tenant,
  party: string,
  { frameSeed, recipientSeed }: PartySecrets,
  inner: Transport,
  ports: SealingPorts,
): Transport {
  const role = directory.roleOf(party);
  if (!role || role === 'signer') throw new Error(`${party} is no party of this tenant`);
  const frameKey: SigningKey = keyOf(frameSeed);
  const { notBefore, notAfter } = recipientKeysHold;
  // A key that comes out of a seed cannot be erased; once it has ended it is at least not used any more.
  const isOver = ports.clock.now() / 1000 > notAfter + RECIPIENT_KEY_GRACE_S;
  const enrolled = isOver ? undefined : { key: recipientKeyPair(recipientSeed), notBefore, notAfter };
  return sealedTransport(inner, { self: { party, role }, directory, frameKey, enrolled, ...ports });
}

/** A service's transport, sealed. @throws Error for a party that is no service of this tenant. */
export function sealedFor(tenant: Tenant, party: string, inner: Transport, ports: SealingPorts): Transport {
  const { agent, psp, merchants, counterparts } = tenant;
  const secrets = [agent, psp, ...merchants, ...counterparts].find((service) => service.party === party);
  if (!secrets) throw new Error(`${party} is no service of this tenant`);
  return sealedWith(tenant, party, secrets, inner, ports);
}

export interface SealedNetParts {
  readonly clock: Clock;
  readonly random: SeededRandom;
  logOf(party: string): Log;
  /** What each party has kept, by party: it outlives their processes. */
  readonly stores: Map<string, MemoryRecipientStores>;
  /** How long new recipient keys hold; 90 days unless a test wants less. */
  readonly windowS?: number;
  /** Called around each write of a key; it throws where the party's power goes. */
  readonly reached?: (party: string, moment: 'store' | 'stored', disk: string) => void;
}

/** The network of a world with every frame sealed, as the real programs send it. Clients are named as their parties. */
export function sealedNet(net: Net, tenant: Tenant<DeviceSecrets>, parts: SealedNetParts): Net {
  const { clock, random, logOf, stores, windowS = RECIPIENT_KEY_MAX_WINDOW_S, reached = () => {} } = parts;
  return {
    transport(client) {
      const kept = stores.get(client) ?? memoryRecipientStores((...moment) => reached(client, ...moment));
      stores.set(client, kept);
      const own = { clock, random: random.fork(`seal ${client}`), log: logOf(client) };
      const ports = { ...own, stores: kept, windowS };
      const device = tenant.devices.find((one) => one.device === client);
      const inner = net.transport(client);
      return device ? sealedWith(tenant, client, device, inner, ports) : sealedFor(tenant, client, inner, ports);
    },
  };
}
