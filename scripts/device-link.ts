import { mqttTransport } from '../device/adapters/mqtt-transport.ts';
import { type Clock, type Log, type Random, sealedTransport, type Transport } from '../device/index.ts';
import type { Recorder } from '../sim/tape/index.ts';
import type { AgentParts } from './agent-parts.ts';

const MESSAGE_EXPIRY_S = 120;

/**
 * A device's way to its broker, sealed.
 * @param clientId names the session that the broker keeps while nobody is there.
 * @param recorder where its run is recorded.
 */
export function deviceLink(
  clientId: string,
  { settings: { device, directory }, broker, keys, recipient }: AgentParts,
  ports: { readonly clock: Clock; readonly random: Random; readonly log: Log },
  recorder?: Recorder,
): Transport {
  const link = { broker, clientId, contentType: 'application/cose', messageExpirySeconds: MESSAGE_EXPIRY_S };
  const self = { party: device, role: 'device' } as const;
  const sealing = { self, directory, frameKey: keys.agent, ...recipient, ...ports };
  const plain = { inner: mqttTransport(link, ports), parts: sealing };
  const { inner, parts } = recorder?.link(plain) ?? plain;
  return sealedTransport(inner, parts);
}
