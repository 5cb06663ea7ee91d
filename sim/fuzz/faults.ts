/** Every fault of the random worlds, by name. Which a world has, and how bad they are, is drawn from its seed. */
import { ACCOUNT_FAULTS } from './faults-account.ts';
import { AGENT_FAULTS } from './faults-agent.ts';
import { BODY_FAULTS } from './faults-body.ts';
import { DELEGATED_FAULTS } from './faults-delegated.ts';
import { FORGER_FAULTS } from './faults-forger.ts';
import { NETWORK_FAULTS } from './faults-network.ts';
import { PARTY_FAULTS } from './faults-party.ts';
import { PROCESS_FAULTS, SERVICE_FAULTS } from './faults-process.ts';
import { PROMPT_FAULTS } from './faults-prompt.ts';
import { STRANGE_FAULTS } from './faults-strange.ts';
import { TERMS_FAULTS } from './faults-terms.ts';
import type { FaultRow } from './weather.ts';

/** Aimed at one guard or a few: in worlds of their own, so that what other seeds mean stays as it is. */
export const AIMED_FAULTS = {
  ...FORGER_FAULTS,
  ...PROMPT_FAULTS,
  ...TERMS_FAULTS,
  ...SERVICE_FAULTS,
  ...AGENT_FAULTS,
} as const satisfies Record<string, FaultRow>;

export const FAULTS = {
  ...NETWORK_FAULTS,
  ...PROCESS_FAULTS,
  ...BODY_FAULTS,
  ...PARTY_FAULTS,
} as const satisfies Record<string, FaultRow>;

/** All that there are: the usual ones, those that only worlds with delegations have, the aimed ones of both, those of accounts, and the strange ones. */
export const ALL_FAULTS = {
  ...FAULTS,
  ...DELEGATED_FAULTS,
  ...AIMED_FAULTS,
  ...ACCOUNT_FAULTS,
  ...STRANGE_FAULTS,
} as const satisfies Record<string, FaultRow>;

export type FaultKind = keyof typeof ALL_FAULTS;
/** Those of every world. */
export const FAULT_KINDS = Object.keys(FAULTS) as readonly (keyof typeof FAULTS)[];
/** Those of worlds with delegations only. */
export const DELEGATED_FAULT_KINDS = Object.keys(DELEGATED_FAULTS) as readonly (keyof typeof DELEGATED_FAULTS)[];
/** Those of them that take a payment of an agent to strike. */
export const AGENT_FAULT_KINDS = Object.keys(AGENT_FAULTS) as readonly (keyof typeof AGENT_FAULTS)[];
export const AIMED_FAULT_KINDS = Object.keys(AIMED_FAULTS) as readonly (keyof typeof AIMED_FAULTS)[];
/** Those of worlds in which agents have accounts that are spoken of. */
export const ACCOUNT_FAULT_KINDS = Object.keys(ACCOUNT_FAULTS) as readonly (keyof typeof ACCOUNT_FAULTS)[];
export const ALL_FAULT_KINDS = Object.keys(ALL_FAULTS) as readonly FaultKind[];
/** What is not of the profile and what nobody can meet: in some of the small worlds. */
export const STRANGE_FAULT_KINDS = Object.keys(STRANGE_FAULTS) as readonly (keyof typeof STRANGE_FAULTS)[];
