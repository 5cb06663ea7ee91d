/** Every fault of the random worlds, by name. Which a world has, and how bad they are, is drawn from its seed. */
import { BODY_FAULTS } from './faults-body.ts';
import { NETWORK_FAULTS } from './faults-network.ts';
import { PARTY_FAULTS } from './faults-party.ts';
import { PROCESS_FAULTS } from './faults-process.ts';
import type { FaultRow } from './weather.ts';

export const FAULTS = {
  ...NETWORK_FAULTS,
  ...PROCESS_FAULTS,
  ...BODY_FAULTS,
  ...PARTY_FAULTS,
} as const satisfies Record<string, FaultRow>;

export type FaultKind = keyof typeof FAULTS;
export const FAULT_KINDS = Object.keys(FAULTS) as readonly FaultKind[];
