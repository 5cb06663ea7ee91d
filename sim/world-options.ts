/** How a world is made: what is played by whom, and what goes wrong on purpose. */
import type { Clock, DeviceSettings, Locale, ProfileId, Transport } from '../device/index.ts';
import type { DeviceSecrets, ServicePorts, Tenant } from './cloud/index.ts';
import type { LedgerStore } from './ledger/store.ts';
import type { OnMoment } from './life.ts';
import type { Net } from './net.ts';
import type { Recorder } from './tape/record.ts';
import type { DeskReach } from './world-services.ts';

export interface WorldOptions {
  readonly seed: string;
  readonly clock: Clock;
  readonly net: Net;
  readonly locale?: Locale;
  readonly display?: ProfileId;
  /** How long a minute of cooking and riding takes; 60,000 unless a test wants less. */
  readonly minuteMs?: number;
  /** Whether frames are sealed, as the real programs always do, and how long each further recipient key holds, if not 90 days. */
  readonly sealed?: boolean | { readonly windowS: number };
  /** Whether the signer is in the device's process as it is, or behind HID; as it is unless a test says so. */
  readonly signer?: 'soft' | 'hid';
  /** Who takes part; absent: a tenant with one device, out of the seed. */
  readonly tenant?: Tenant<DeviceSecrets>;
  /** Where processes die; nowhere unless a test says so. */
  readonly onMoment?: OnMoment;
  /** How far a party's own clock is ahead of the world's, in milliseconds; not at all unless a test says so. */
  readonly clockAheadMs?: (party: string) => number;
  /** What a dishonest service makes of what it sends; what leaves here is its own word. */
  readonly guise?: (party: string, transport: Transport, clock: Clock) => Transport;
  /** How the agent reaches the data desk; over HTTP in memory where it is left out. */
  readonly desk?: DeskReach;
  /** Gives a service that begins a life further ports; what it has already where it is left out. */
  readonly equip?: (party: string, ports: ServicePorts) => ServicePorts;
  /** Takes down what passes the ports of each life of a device; nobody does where it is left out. */
  readonly recorderOf?: (settings: DeviceSettings) => Recorder;
  /** Makes the books of delegated payments for each life of the PSP; in memory where it is left out. */
  readonly ledger?: () => LedgerStore;
}
