import type { FrameReader } from '../../protocol/index.ts';
import type { DeviceSettings } from '../settings.ts';

/** How a device reads frames: from its own agent and PSP and from the shops, within its enrolment and from nobody else (T5). */
export function deviceReader({ directory, device, session, agent, psp }: DeviceSettings): FrameReader {
  return {
    tenant: directory.tenant,
    self: { party: device, role: 'device' },
    trust: directory.trust,
    sessionOf: (sender) =>
      sender === agent || sender === psp || directory.partiesOf('merchant').includes(sender) ? session : undefined,
  };
}
