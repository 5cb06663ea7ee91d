/** What a device runtime is made of, what can be done with it, and what it tells of itself. */
import type { EpochMs } from '../protocol/index.ts';
import type { DeviceAudit } from './audit/device-audit.ts';
import type { DisplayProfile } from './confirm/view.ts';
import type { AgentEvent } from './delegation/many.ts';
import type { Delegations } from './delegation/record.ts';
import type { AgentEffect } from './hands.ts';
import type { OutgoingFrame, Purchases } from './journal-record.ts';
import type { Ear, EarEvent } from './listening.ts';
import type { Clock, Display, Journal, Log, Random, Speaker, Transport } from './ports.ts';
import type { Signer } from './signer/port.ts';

export interface AgentPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  /** The words, apart from the journal, so that they can be forgotten while the journal stays. */
  readonly transcripts: Journal;
  readonly transport: Transport;
  readonly signer: Signer;
  readonly display: Display;
  readonly profile: DisplayProfile;
  readonly speaker: Speaker;
  readonly ear: Ear;
  readonly log: Log;
  /** Holds the journal to what was signed for; then `journal` is the one it was made of. */
  readonly audit?: DeviceAudit;
}

/** What an observer is told after each durable step. */
export interface AgentReport {
  readonly at: EpochMs;
  readonly event: AgentEvent;
  readonly purchases: Purchases;
  readonly delegations: Delegations;
  readonly sent: readonly OutgoingFrame[];
  readonly effects: readonly AgentEffect[];
}

export interface Agent {
  /** Reads the journal, takes up what was under way, connects. @throws StoreError when the journal cannot be trusted. */
  start(): void;
  /** Opens the ear, as a wake word or a key does: for an order, or for what can be said to the purchase that is under way. */
  wake(): void;
  /** Takes words from elsewhere than the ear, for example a transcript that the device's own speech service pushed. */
  hear(event: EarEvent): void;
  readonly purchases: Purchases;
  /** All that the journal knows of but those that ended before they were signed. */
  readonly delegations: Delegations;
  /** Disconnects and closes the stores; `done` once. */
  stop(done: () => void): void;
}
