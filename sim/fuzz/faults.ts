/** Every fault of the random worlds, by name. Which a world has, and how bad they are, is drawn from its seed. */
import { BODY_FAULTS } from './faults-body.ts';
import { DELEGATED_FAULTS } from './faults-delegated.ts';
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

/** Those and the ones that only worlds with delegations have. */
export const ALL_FAULTS = { ...FAULTS, ...DELEGATED_FAULTS } as const satisfies Record<string, FaultRow>;

export type FaultKind = keyof typeof ALL_FAULTS;
/** Those of every world. */
export const FAULT_KINDS = Object.keys(FAULTS) as readonly (keyof typeof FAULTS)[];
/** Those of worlds with delegations only. */
export const DELEGATED_FAULT_KINDS = Object.keys(DELEGATED_FAULTS) as readonly (keyof typeof DELEGATED_FAULTS)[];
export const ALL_FAULT_KINDS = Object.keys(ALL_FAULTS) as readonly FaultKind[];
