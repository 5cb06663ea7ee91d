/** MQTT topics: one `up` and one `down` a device, a small `ctl` for revocation, one inbox a service (design 4). */
import { ProtocolError } from './errors.ts';

const NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
/** Words with a place of their own in a topic; a party of that name could be taken for it. */
const RESERVED: ReadonlySet<string> = new Set(['svc', 'up', 'down', 'ctl']);
const ROOT = 'act/1';

export type DeviceDirection = 'up' | 'down' | 'ctl';

export type Topic =
  | { readonly tenant: string; readonly kind: 'device'; readonly party: string; readonly direction: DeviceDirection }
  | { readonly tenant: string; readonly kind: 'service'; readonly party: string };

function checked(name: string): string {
  if (!NAME.test(name) || RESERVED.has(name))
    throw new ProtocolError('topic-syntax', 'a topic level takes 1 to 32 of a-z, 0-9 and -');
  return name;
}

/** `act/1/{tenant}/{device}/{up|down|ctl}` */
export function deviceTopic(tenant: string, device: string, direction: DeviceDirection): string {
  return `${ROOT}/${checked(tenant)}/${checked(device)}/${direction}`;
}

/** `act/1/{tenant}/svc/{party}`: what other services send to this one. */
export function serviceTopic(tenant: string, party: string): string {
  return `${ROOT}/${checked(tenant)}/svc/${checked(party)}`;
}

/** The filter with which a service hears every device of its tenant. */
export function allDevicesUp(tenant: string): string {
  return `${ROOT}/${checked(tenant)}/+/up`;
}

/** Reads a topic; throws `topic-syntax` for anything that is not one of ours. */
export function parseTopic(topic: string): Topic {
  const [act, version, tenant = '', middle = '', last = '', ...rest] = topic.split('/');
  if (`${act}/${version}` !== ROOT || rest.length > 0) throw new ProtocolError('topic-syntax', 'not an act/1 topic');
  if (middle === 'svc') return { tenant: checked(tenant), kind: 'service', party: checked(last) };
  if (last !== 'up' && last !== 'down' && last !== 'ctl') throw new ProtocolError('topic-syntax', 'unknown direction');
  return { tenant: checked(tenant), kind: 'device', party: checked(middle), direction: last };
}
