/** Every fault of the random worlds, by name. Which a world has, and how bad they are, is drawn from its seed. */
import { BODY_FAULTS } from './faults-body.ts';
import { DELEGATED_FAULTS } from './faults-delegated.ts';
import { FORGER_FAULTS } from './faults-forger.ts';
import { NETWORK_FAULTS } from './faults-network.ts';
import { PARTY_FAULTS } from './faults-party.ts';
import { PROCESS_FAULTS } from './faults-process.ts';
import { PROMPT_FAULTS } from './faults-prompt.ts';
import type { FaultRow } from './weather.ts';

/** Aimed at one guard or a few: in worlds of their own, so that what other seeds mean stays as it is. */
export const AIMED_FAULTS = { ...FORGER_FAULTS, ...PROMPT_FAULTS } as const satisfies Record<string, FaultRow>;

export const FAULTS = {
  ...NETWORK_FAULTS,
  ...PROCESS_FAULTS,
  ...BODY_FAULTS,
  ...PARTY_FAULTS,
} as const satisfies Record<string, FaultRow>;

/** All that there are: the usual ones, those that only worlds with delegations have, and the aimed ones of both. */
export const ALL_FAULTS = { ...FAULTS, ...DELEGATED_FAULTS, ...AIMED_FAULTS } as const satisfies Record<
  string,
  FaultRow
>;

export type FaultKind = keyof typeof ALL_FAULTS;
/** Those of every world. */
export const FAULT_KINDS = Object.keys(FAULTS) as readonly (keyof typeof FAULTS)[];
/** Those of worlds with delegations only. */
export const DELEGATED_FAULT_KINDS = Object.keys(DELEGATED_FAULTS) as readonly (keyof typeof DELEGATED_FAULTS)[];
export const AIMED_FAULT_KINDS = Object.keys(AIMED_FAULTS) as readonly (keyof typeof AIMED_FAULTS)[];
export const ALL_FAULT_KINDS = Object.keys(ALL_FAULTS) as readonly FaultKind[];
