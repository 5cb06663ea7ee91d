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
import type { DeviceSettings } from '../settings.ts';
import { type AuditedJournal, auditJournal } from './audited-journal.ts';
import type { History } from './history.ts';
import { journalKeysOf, noteSigner, witnessOf } from './journal-keys.ts';
import { Witnessing } from './witnessing.ts';

export interface DeviceAuditParts {
  readonly journal: Journal;
  readonly checkpoints: Journal;
  readonly signer: NoteSigner;
  /** Every key that the device has signed with so far; the signer's alone where it is left out. */
  readonly ownKeys?: readonly NoteKey[];
  /** Who cosigns; absent where the device has nobody for it. */
  readonly witness?: NoteKey;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What the audit of a device works with, apart from what its enrolment says. */
export type DeviceAuditPorts = Pick<DeviceAuditParts, 'journal' | 'checkpoints' | 'clock' | 'random' | 'log'>;

/**
 * The audit of an enrolled device: it signs with its frame key, and its PSP is the witness.
 * @throws StoreError as the journals do.
 */
export function auditOf(
  { directory, device, psp }: Pick<DeviceSettings, 'directory' | 'device' | 'psp'>,
  key: Pick<NoteSigner, 'publicKey' | 'sign'>,
  ports: DeviceAuditPorts,
): DeviceAudit {
  const witness = witnessOf(directory, psp);
  return new DeviceAudit({
    ...ports,
    signer: noteSigner(directory.tenant, device, key),
    ownKeys: journalKeysOf(directory, device),
    ...(witness && { witness }),
  });
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
    const { checkpoints, signer, ownKeys = [signer], witness, clock, random } = parts;
    this.#parts = parts;
    this.journal = auditJournal({ ...parts, onCheckpoint: (note) => this.#offer(note) });
    const kept = checkpoints.read().map(fromUtf8);
    this.#waiting = kept.at(-1);
    if (this.history.kind === 'broken') this.#alarm(this.history);
    this.#witnessing =
      witness &&
      new Witnessing(
        {
          ...{ tree: this.journal.tree, own: ownKeys, witness, clock, random },
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
