import { mqttTransport } from '../device/adapters/mqtt-transport.ts';
import { type Clock, type Log, type Random, sealedTransport, type Transport } from '../device/index.ts';
import type { AgentParts } from './agent-parts.ts';

const MESSAGE_EXPIRY_S = 120;

/** A device's way to its broker, sealed. @param clientId names the session that the broker keeps while nobody is there. */
export function deviceLink(
  clientId: string,
  { settings: { device, directory }, broker, keys, recipient }: AgentParts,
  ports: { readonly clock: Clock; readonly random: Random; readonly log: Log },
): Transport {
  const link = { broker, clientId, contentType: 'application/cose', messageExpirySeconds: MESSAGE_EXPIRY_S };
  const self = { party: device, role: 'device' } as const;
  return sealedTransport(mqttTransport(link, ports), { self, directory, frameKey: keys.agent, ...recipient, ...ports });
}
