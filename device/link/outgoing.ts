/** What goes out: sealed before it is journalled, so that the journal holds the very bytes that are sent. */
import {
  deviceTopic,
  type EpochMs,
  type Message,
  newId,
  type Role,
  type SigningKey,
  sealFrame,
  secondsOf,
} from '../../protocol/index.ts';
import type { OutgoingFrame } from '../journal-record.ts';
import type { Random } from '../ports.ts';
import type { DeviceSettings } from '../settings.ts';

function roleOf(party: string, { agent, psp }: DeviceSettings): Role {
  return party === agent ? 'agent' : party === psp ? 'psp' : 'merchant';
}

/** Seals one message with a fresh id, addressed to one party, for the device's own `up` topic. */
export function sealOutgoing(
  to: string,
  message: Message,
  settings: DeviceSettings,
  key: SigningKey,
  { now, lifetimeS, random }: { readonly now: EpochMs; readonly lifetimeS: number; readonly random: Random },
): OutgoingFrame {
  const { tenant } = settings.directory;
  const address = {
    tenant,
    from: { party: settings.device, role: 'device' },
    to: { party: to, role: roleOf(to, settings) },
    session: settings.session,
  } as const;
  const frame = sealFrame(message, address, { iat: secondsOf(now), lifetimeS, cti: newId(random.bytes(16)) }, key);
  return { to, topic: deviceTopic(tenant, settings.device, 'up'), frame };
}
