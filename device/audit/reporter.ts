/**
 * Makes the records of a party's events and gets their anchors to the trust chain (ACT 2.1 TSD-ATT-OFF, TSD-ATT-OCA). A
 * record and its anchor are durable before the anchor is submitted, so that what is submitted again is the same byte for byte.
 */
import {
  type AnchorSubmission,
  anchorOf,
  type EpochSeconds,
  type EventType,
  type Id16,
  ProtocolError,
  type RecordDraft,
  type SigningKey,
  STRUCTURE_VERSION,
  secondsOf,
  signAnchor,
  signRecord,
} from '../../protocol/index.ts';
import { StoreError } from '../errors.ts';
import type { ChainFault, Clock, Journal, Log, Random, Stop, SubmitAnswer, TrustChain } from '../ports.ts';
import { AnchorQueue } from './anchor-queue.ts';
import { carriedAttestations, KNOWN_RECORDS } from './attestation-closing.ts';
import { indexAttestations, type Waiting } from './attestation-index.ts';
import { type AttestationEntry, encodeAttestation } from './attestations.ts';
import { Lineage, type Linked } from './lineage.ts';
import { type Reported, recordIdOf } from './reported.ts';

/** How soon the trust chain is tried again: doubling between these, each time somewhere in the later half. */
export const SUBMIT_AGAIN_MS = { first: 5_000, most: 600_000 } as const;
/** TSD-ATT-OFF: at least 128 bits, for each record its own. */
const SALT_BYTES = 16;

export interface ReporterParts {
  /** Holds the records and nothing else. */
  readonly store: Journal;
  readonly chain: TrustChain;
  /** Who signs: under this id the key is known. */
  readonly self: { readonly id: string; readonly key: SigningKey };
  readonly privacyChannel: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /**
   * The store is closed off after so many entries: for whoever makes only the records of its newest events once more at each
   * start. Left out, everything stays in one generation.
   */
  readonly closesOffAfter?: number;
}

type RecordEntry = Extract<AttestationEntry, { kind: 'record' }>;

export class Reporter {
  readonly #parts: ReporterParts;
  readonly #queue: AnchorQueue;
  readonly #lineage = new Lineage();
  #made = new Set<Id16>();
  /** Entries of the store until it is looked at whether it can be closed off. */
  #room: number;
  /** Each is told once. */
  readonly #faults: Set<ChainFault>;
  #waitMs: number = SUBMIT_AGAIN_MS.first;
  /** Ends what is under way with the chain: a submission, or waiting for the next. */
  #stop: Stop | undefined;
  #isRunning = false;

  /** @throws StoreError when the store cannot be read. */
  constructor(parts: ReporterParts) {
    this.#parts = parts;
    this.#queue = new AnchorQueue(parts.store);
    const { entries, made, records, faults } = indexAttestations(parts.store);
    this.#room = (parts.closesOffAfter ?? Number.POSITIVE_INFINITY) - entries;
    for (const id of made) this.#made.add(id);
    for (const record of records) this.#lineage.add(record);
    this.#faults = new Set(faults);
  }

  #remember(record: Linked & { readonly recordId: Id16 }): void {
    this.#made.add(record.recordId);
    this.#lineage.add(record);
  }

  /** Begins to submit what waits. */
  start(): void {
    this.#isRunning = true;
    this.#submitNext();
  }

  stop(): void {
    this.#isRunning = false;
    this.#stop?.();
    this.#stop = undefined;
  }

  /**
   * Makes durable records of what an entry reports, unless there are some; never to be called before the entry's effects.
   * @param entry the bytes of the entry, of which the ids are made.
   * @returns false when the store or the clock does not allow it now: to be repeated later with the same entry.
   */
  report(entry: Uint8Array, reported: readonly Reported[]): boolean {
    const created = this.#now();
    if (created === undefined) return reported.length === 0;
    const counts = new Map<EventType, number>();
    for (const one of reported) {
      const nth = counts.get(one.eventType) ?? 0;
      counts.set(one.eventType, nth + 1);
      const recordId = recordIdOf(entry, one.eventType, nth);
      if (!this.#made.has(recordId) && !this.#make(recordId, one, created)) return false;
    }
    this.#submitNext();
    return true;
  }

  /** `undefined` while the clock was never set. */
  #now(): EpochSeconds | undefined {
    try {
      return secondsOf(this.#parts.clock.now());
    } catch (error) {
      if (error instanceof ProtocolError) return undefined;
      throw error;
    }
  }

  #make(recordId: Id16, reported: Reported, now: EpochSeconds): boolean {
    const { self, random, privacyChannel } = this.#parts;
    const upstreamRecordId = this.#lineage.upstreamOf(reported);
    // A clock that went back since must not make the record older than its event.
    const createdAt = now > reported.eventTime ? now : reported.eventTime;
    const draft = {
      ...reported,
      ...{ recordId, createdAt, structureVersion: STRUCTURE_VERSION, hashAlgorithm: 'SHA-256' },
      ...(upstreamRecordId && { upstreamRecordId }),
      salt: random.bytes(SALT_BYTES),
    } as RecordDraft;
    const made = this.#signed(draft, { submitterId: self.id, iat: createdAt, privacyChannel });
    if (!made) return true;
    if (!this.#keep(made)) return false;
    this.#remember(made.record);
    this.#queue.add({ recordId, jws: made.anchor });
    return true;
  }

  /** What cannot be recorded is told; a report is never what stops a device. */
  #signed(draft: RecordDraft, submission: AnchorSubmission): RecordEntry | undefined {
    const { self, log } = this.#parts;
    try {
      const record = signRecord(draft, self.id, self.key);
      return { kind: 'record', record, anchor: signAnchor(anchorOf(record, submission), self.key) };
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      log.write('error', 'record-unmade', { eventType: draft.eventType, code: error.code });
      return undefined;
    }
  }

  #keep(entry: AttestationEntry): boolean {
    const { store, log } = this.#parts;
    try {
      store.append([encodeAttestation(entry)]);
      this.#room -= 1;
      return true;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      log.write('error', error.code);
      return false;
    }
  }

  /** Between two submissions, when nothing is half done. Where it is put off, the store goes on as it is. */
  #closeOff(): void {
    const { store, log, closesOffAfter = 0 } = this.#parts;
    this.#room = closesOffAfter;
    if (!store.rotate) return;
    try {
      const first = carriedAttestations(store);
      if (!first || !store.rotate(first)) return;
      this.#made = new Set([...this.#made].slice(-KNOWN_RECORDS));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      log.write('error', error.code);
    }
  }

  #submitNext(): void {
    if (!this.#isRunning || this.#stop) return;
    const waiting = this.#first();
    if (!waiting) return;
    let isOver = false;
    const stop = this.#parts.chain.submit(waiting.jws, (answer) => {
      isOver = true;
      this.#stop = undefined;
      if (this.#settled(waiting, answer)) {
        this.#waitMs = SUBMIT_AGAIN_MS.first;
        this.#queue.left(answer.kind === 'refused' ? 'refused' : 'anchored');
        if (this.#room <= 0) this.#closeOff();
        this.#wait(0);
      } else this.#waitLonger();
    });
    if (!isOver) this.#stop = stop;
  }

  #first(): Waiting | undefined {
    try {
      return this.#queue.first();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#parts.log.write('error', error.code);
      this.#waitLonger();
      return undefined;
    }
  }

  /** Whether nothing is left to be done for this record. */
  #settled({ recordId, refused }: Waiting, answer: SubmitAnswer): boolean {
    switch (answer.kind) {
      case 'anchored':
      case 'known':
        return this.#keep({ kind: 'anchored', recordId, position: answer.position, proof: answer.proof });
      case 'refused':
        return refused === answer.code || this.#refuse(recordId, answer.code);
      case 'lying':
        this.#accuse(answer);
        return false;
      case 'unreachable':
        return false;
    }
  }

  /** Told once, also over several lives. */
  #refuse(recordId: Id16, code: string): boolean {
    if (!this.#keep({ kind: 'refused', recordId, code })) return false;
    this.#parts.log.write('warn', 'anchor-refused', { recordId, code });
    return true;
  }

  /** The heads that show it are kept: they are the proof. */
  #accuse({ fault, checkpoints }: Extract<SubmitAnswer, { kind: 'lying' }>): void {
    if (this.#faults.has(fault)) return;
    this.#parts.log.write('error', `chain-${fault}`);
    if (this.#keep({ kind: 'fault', fault, checkpoints })) this.#faults.add(fault);
  }

  #waitLonger(): void {
    const [part = 0] = this.#parts.random.bytes(1);
    const half = this.#waitMs / 2;
    this.#waitMs = Math.min(2 * this.#waitMs, SUBMIT_AGAIN_MS.most);
    this.#wait(Math.round(half + (half * part) / 255));
  }

  #wait(delayMs: number): void {
    if (!this.#isRunning) return;
    this.#stop = this.#parts.clock.after(delayMs, () => {
      this.#stop = undefined;
      this.#submitNext();
    });
  }
}
