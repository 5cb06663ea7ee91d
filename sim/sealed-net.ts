/** Sealing for the parties of a simulated tenant, whose recipient keys come out of its seed. */

import { type Clock, type Log, type Random, sealedTransport, type Transport } from '../device/index.ts';
import { recipientKeyPair } from '../protocol/index.ts';
import type { DeviceSecrets, Tenant } from './cloud/index.ts';
import type { Net } from './net.ts';
import type { SeededRandom } from './seeded-random.ts';

interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

function seedOf(tenant: Tenant, party: string): Uint8Array | undefined {
  const { agent, psp, merchants } = tenant;
  return [agent, psp, ...merchants].find((service) => service.party === party)?.recipientSeed;
}

function sealedWith(tenant: Tenant, party: string, seed: Uint8Array, inner: Transport, ports: Ports): Transport {
  const { directory, recipientKeysEnd } = tenant;
  const role = directory.roleOf(party);
  if (!role) throw new Error(`${party} is no party of this tenant`);
  return sealedTransport(inner, {
    self: { party, role },
    tenant: tenant.tenant,
    recipients: directory.recipients,
    own: [{ key: recipientKeyPair(seed), notAfter: recipientKeysEnd }],
    roleOf: directory.roleOf,
    ...ports,
  });
}

/** A service's transport, sealed. @throws Error for a party that is no service of this tenant. */
export function sealedFor(tenant: Tenant, party: string, inner: Transport, ports: Ports): Transport {
  const seed = seedOf(tenant, party);
  if (!seed) throw new Error(`${party} is no service of this tenant`);
  return sealedWith(tenant, party, seed, inner, ports);
}

/** The network of a world with every frame sealed, as the real programs send it. Clients are named as their parties. */
export function sealedNet(
  net: Net,
  tenant: Tenant<DeviceSecrets>,
  parts: { readonly clock: Clock; readonly random: SeededRandom; logOf(party: string): Log },
): Net {
  return {
    transport(client) {
      const ports = { clock: parts.clock, random: parts.random.fork(`seal ${client}`), log: parts.logOf(client) };
      const device = tenant.devices.find((one) => one.device === client);
      if (!device) return sealedFor(tenant, client, net.transport(client), ports);
      return sealedWith(tenant, client, device.recipientSeed, net.transport(client), ports);
    },
  };
}
