/** A signer core put behind HID within one process of a world: host, cable and peripheral as they are, only the USB is missing. */
import type { IdentityKey } from '../device/hid/handshake.ts';
import { hidSigner } from '../device/hid/host.ts';
import { openPairedHosts } from '../device/hid/paired-hosts.ts';
import { createPeripheral } from '../device/hid/peripheral.ts';
import type { Clock, Log, Signer, SignerCore } from '../device/index.ts';
import { softSigningKey } from '../protocol/index.ts';
import { HidCable } from './hid-cable.ts';
import { memoryDisk } from './memory-journal.ts';
import type { SeededRandom } from './seeded-random.ts';

interface HidSignerParts {
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly log: Log;
}

/** The two are paired already, and plugged together. */
export function signerBehindHid(core: SignerCore, { clock, random, log }: HidSignerParts): Required<Signer> {
  const [key, identity]: readonly [IdentityKey, IdentityKey] = [
    softSigningKey(random.bytes(32)),
    softSigningKey(random.bytes(32)),
  ];
  const hosts = memoryDisk();
  const journal = hosts.open();
  openPairedHosts(journal).add(key.publicKey);
  const cable = new HidCable(clock);
  const peripheral = createPeripheral({
    ...{ core, identity, confirmationKey: identity.publicKey, firmware: 'sim-1', hosts: journal },
    ...{ clock, random: random.fork('signer'), locale: 'en-US', wink: () => {}, log },
  });
  peripheral.attach(cable.signer);
  return hidSigner({
    links: (onLink) => {
      onLink(cable.open());
      return () => {};
    },
    ...{ key, signer: identity.publicKey, clock, random: random.fork('host'), log },
  });
}
