/** A tenant and its trust chain node: under which key it signs, whose anchors it takes, what each service reports to it. */
import { noteSigner } from '../../device/audit/journal-keys.ts';
import { type NoteSigner, type SigningKey, softSigningKey, type VerifyingKey } from '../../protocol/index.ts';
import { AGENT_ID, type Enrolment, type Tenant } from '../cloud/tenant.ts';
import { AgentReports } from './agent-records.ts';
import type { TrustLogOptions } from './log.ts';
import { MerchantReports } from './merchant-records.ts';
import { PspReports } from './psp-records.ts';
import type { ServiceReports } from './service-records.ts';

/** The name and key with which the node signs its heads. */
export function chainSigner({ tenant, chainSeed }: Pick<Tenant<Enrolment>, 'tenant' | 'chainSeed'>): NoteSigner {
  return noteSigner(tenant, 'trust-chain', softSigningKey(chainSeed));
}

/** The privacy channel that all parties of a tenant share. */
export function privacyChannelOf(tenant: string): string {
  return `act:channel:${tenant}`;
}

/**
 * What the tenant's node works with: services are registered under their party ids and the agent under its agent id, with
 * their object keys, and each device under its agent id with its frame keys, those that were replaced included.
 */
export function chainOptionsOf(tenant: Tenant): TrustLogOptions {
  const submitters = submittersOf(tenant);
  return {
    signer: chainSigner(tenant),
    channels: new Set([privacyChannelOf(tenant.tenant)]),
    keysOf: (id) => submitters.get(id) ?? [],
  };
}

function submittersOf({ agent, psp, merchants, counterparts, devices, directory }: Tenant) {
  const keysOf = (name: string, use: 'frame' | 'object'): readonly VerifyingKey[] =>
    directory.keys.filter((key) => key.party === name && key.use === use && key.role !== 'signer');
  const submitters = new Map<string, readonly VerifyingKey[]>();
  for (const { device, agentId } of devices)
    submitters.set(agentId, [...(submitters.get(agentId) ?? []), ...keysOf(device, 'frame')]);
  // After the devices: none that enrolled under the id of a service speaks for it.
  for (const { party } of [psp, ...merchants, ...counterparts]) submitters.set(party, keysOf(party, 'object'));
  return submitters.set(AGENT_ID, keysOf(agent.party, 'object'));
}

/** What a service reports, and as whom. Whoever sells over HTTP is told no intent, without which there is no record. */
export interface ServiceSelf {
  readonly reports: ServiceReports;
  readonly self: { readonly id: string; readonly key: SigningKey };
}

/** @throws Error for a party that is no service of this tenant. */
export function reportsOf({ agent, psp, merchants, counterparts, directory }: Tenant, party: string): ServiceSelf {
  const secrets = [agent, psp, ...merchants, ...counterparts].find((service) => service.party === party);
  if (secrets === undefined) throw new Error(`${party} is no service of this tenant`);
  const key = softSigningKey(secrets.objectSeed);
  if (party === agent.party) return { reports: new AgentReports({ agentId: AGENT_ID }), self: { id: AGENT_ID, key } };
  const reports =
    party === psp.party ? new PspReports({ party }) : new MerchantReports({ party, agentIdOf: directory.agentIdOf });
  return { reports, self: { id: party, key } };
}
