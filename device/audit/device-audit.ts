/**
 * Everything that makes a device's journal one that others can hold it to: tree, checkpoints, and the witness that cosigns
 * them. While the history is broken the device starts nothing new; what is under way goes on, and stopping always works.
 */
import {
  fromUtf8,
  type JournalCosignature,
  type Message,
  type NoteKey,
  type NoteSigner,
  utf8,
} from '../../protocol/index.ts';
import { StoreError } from '../errors.ts';
import type { Clock, Journal, Log, Random } from '../ports.ts';
import { type AuditedJournal, auditJournal } from './audited-journal.ts';
import type { History } from './history.ts';
import { Witnessing } from './witnessing.ts';

/** The name under which a device, or a witness, signs for journals. */
export function journalName(tenant: string, party: string): string {
  return `act-edge/${tenant}/${party}`;
}

/** A party's key as one that signs notes. */
export function noteSigner(tenant: string, party: string, key: Pick<NoteSigner, 'publicKey' | 'sign'>): NoteSigner {
  return { name: journalName(tenant, party), publicKey: key.publicKey, sign: (message) => key.sign(message) };
}

export interface DeviceAuditParts {
  readonly journal: Journal;
  readonly checkpoints: Journal;
  readonly signer: NoteSigner;
  /** The keys that the device signed with before. */
  readonly formerKeys?: readonly NoteKey[];
  /** Who cosigns; absent where the device has nobody for it. */
  readonly witness?: NoteKey;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export class DeviceAudit {
  /** To be written to in place of the one it was made of. */
  readonly journal: AuditedJournal;
  readonly #parts: DeviceAuditParts;
  readonly #witnessing: Witnessing | undefined;
  #witnessed: History | undefined;
  #send: ((message: Message) => void) | undefined;
  /** The newest checkpoint, as long as there is nobody to send it to. */
  #waiting: string | undefined;

  /** @throws StoreError as the journals do. */
  constructor(parts: DeviceAuditParts) {
    const { checkpoints, signer, formerKeys = [], witness, clock, random } = parts;
    this.#parts = parts;
    this.journal = auditJournal({ ...parts, onCheckpoint: (note) => this.#offer(note) });
    const kept = checkpoints.read().map(fromUtf8);
    this.#waiting = kept.at(-1);
    if (this.history.kind === 'broken') this.#alarm(this.history);
    this.#witnessing =
      witness &&
      new Witnessing(
        {
          ...{ tree: this.journal.tree, own: [signer, ...formerKeys], witness, clock, random },
          send: (message) => this.#send?.(message),
          keep: (cosigned) => this.#keep(cosigned),
          onBroken: (history) => {
            this.#witnessed = history;
            this.#alarm(history);
          },
        },
        kept,
      );
  }

  /** What the journal was found to be, here or by the witness. */
  get history(): History {
    return this.#witnessed ?? this.journal.history;
  }

  /** From now on there is a way to the witness; the newest checkpoint goes first, so that a device put back hears of it early. */
  connect(send: (message: Message) => void): void {
    this.#send = send;
    if (this.#waiting !== undefined) this.#offer(this.#waiting);
  }

  answered(answer: JournalCosignature): void {
    this.#witnessing?.answered(answer);
  }

  /** Signs for what was added; to be called when money has moved. */
  checkpoint(): void {
    if (this.#witnessed === undefined) this.journal.checkpoint();
  }

  /** Offers nothing more. */
  stop(): void {
    this.#send = undefined;
    this.#witnessing?.stop();
  }

  #offer(note: string): void {
    this.#waiting = note;
    if (this.#send && this.history.kind === 'sound') this.#witnessing?.offer(note);
  }

  /** A cosignature that cannot be kept is asked for again with the next checkpoint. */
  #keep(cosigned: string): void {
    try {
      this.#parts.checkpoints.append([utf8(cosigned)]);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#parts.log.write('error', error.code);
    }
  }

  #alarm(history: History): void {
    if (history.kind === 'broken') this.#parts.log.write('error', `journal-${history.fault}`, { records: history.at });
  }
}
