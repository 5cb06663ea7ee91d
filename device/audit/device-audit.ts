/**
 * Everything that makes a device's journal one that others can hold it to: tree, checkpoints, and the witnesses that cosign
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
import type { Clock, Cosigner, Journal, Log, Random, Stop } from '../ports.ts';
import type { DeviceSettings } from '../settings.ts';
import { type AuditedJournal, auditJournal } from './audited-journal.ts';
import { type History, openedOwn } from './history.ts';
import { journalKeysOf, noteSigner, witnessOf } from './journal-keys.ts';
import { Witnessing, type WitnessingParts } from './witnessing.ts';

export interface DeviceAuditParts {
  readonly journal: Journal;
  readonly checkpoints: Journal;
  readonly signer: NoteSigner;
  /** Every key that the device has signed with so far; the signer's alone where it is left out. */
  readonly ownKeys?: readonly NoteKey[];
  /** The PSP's key for it; absent where it does not cosign. */
  readonly witness?: NoteKey;
  /** A second witness, paired with this device. */
  readonly cosigner?: Cosigner;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What the audit of a device works with, apart from what its enrolment says. */
export type DeviceAuditPorts = Pick<
  DeviceAuditParts,
  'journal' | 'checkpoints' | 'cosigner' | 'clock' | 'random' | 'log'
>;

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
  readonly #psp: Witnessing | undefined;
  readonly #paired: Witnessing | undefined;
  #witnessed: History | undefined;
  #send: ((message: Message) => void) | undefined;
  #stopListening: Stop = () => {};
  #isPairedHere = false;
  /** For whoever cannot be offered it yet. */
  #newest: string | undefined;

  /** @throws StoreError as the journals do. */
  constructor(parts: DeviceAuditParts) {
    const { checkpoints, witness, cosigner } = parts;
    this.#parts = parts;
    this.journal = auditJournal({
      ...parts,
      onCheckpoint: (note) => this.#offer(note),
      isBroken: () => this.#witnessed !== undefined,
    });
    const kept = checkpoints.read().map(fromUtf8);
    this.#newest = kept.at(-1);
    if (this.history.kind === 'broken') this.#alarm(this.history);
    this.#psp = witness && this.#by(witness, kept, (body) => this.#send?.({ type: 'journal-checkpoint', body }));
    this.#paired = cosigner && this.#by(cosigner.key, kept, (body) => cosigner.offer(body));
  }

  #by(witness: NoteKey, kept: readonly string[], send: WitnessingParts['send']): Witnessing {
    const { signer, ownKeys: own = [signer], clock, random, log } = this.#parts;
    const parts: WitnessingParts = {
      ...{ tree: this.journal.tree, own, witness, clock, random, send },
      keep: (cosigned) => this.#keep(cosigned),
      onBroken: (history, newest) => this.#contradicted(history, witness, newest),
      onUnreadable: (error) => log.write('error', error.code),
    };
    return new Witnessing(parts, kept);
  }

  /** What the journal was found to be, here or by a witness. */
  get history(): History {
    return this.#witnessed ?? this.journal.history;
  }

  /** From now on there is a way to the PSP; the newest checkpoint goes first, so that a device put back hears of it early. */
  connect(send: (message: Message) => void): void {
    this.#send = send;
    if (this.#newest !== undefined) this.#offer(this.#newest);
    this.#stopListening();
    this.#stopListening = this.#listenToPaired();
  }

  /** What the PSP says. */
  answered(answer: JournalCosignature): void {
    this.#psp?.answered(answer);
  }

  /** Signs for what was added; to be called when money has moved. */
  checkpoint(): void {
    this.journal.checkpoint();
  }

  /** Offers nothing more. */
  stop(): void {
    this.#send = undefined;
    this.#stopListening();
    this.#isPairedHere = false;
    for (const witnessing of [this.#psp, this.#paired]) witnessing?.stop();
  }

  #listenToPaired(): Stop {
    const { cosigner } = this.#parts;
    const onAnswer = (answer: JournalCosignature) => {
      if (this.#isAccountable(answer)) this.#paired?.answered(answer);
    };
    const onHere = (isHere: boolean) => {
      this.#isPairedHere = isHere;
      if (!isHere) this.#paired?.stop();
      else if (this.#newest !== undefined) this.#offer(this.#newest, [this.#paired]);
    };
    return cosigner?.listen(onAnswer, onHere) ?? (() => {});
  }

  /** The way to a phone proves nothing about who speaks: it accuses with what it has signed itself, or not at all (T27). */
  #isAccountable({ newest }: JournalCosignature): boolean {
    const { cosigner, signer, ownKeys = [signer] } = this.#parts;
    if (newest === undefined || !cosigner) return true;
    return openedOwn(newest, ownKeys)?.cosignedAt(cosigner.key) !== undefined;
  }

  #offer(note: string, to: readonly (Witnessing | undefined)[] = [this.#psp, this.#paired]): void {
    this.#newest = note;
    if (this.history.kind === 'broken') return;
    for (const witnessing of to) {
      const isThere = witnessing === this.#paired ? this.#isPairedHere : this.#send !== undefined;
      if (isThere) witnessing?.offer(note);
    }
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

  /** A phone may be away at the next start; its note is this device's own word, and speaks for it then until it is settled. */
  #contradicted(history: History, witness: NoteKey, newest: string): void {
    this.#witnessed = history;
    if (witness === this.#parts.cosigner?.key) this.#keep(newest);
    for (const witnessing of [this.#psp, this.#paired]) witnessing?.stop();
    this.#alarm(history, witness);
  }

  #alarm(history: History, witness?: NoteKey): void {
    if (history.kind !== 'broken') return;
    const { fault, at: records } = history;
    this.#parts.log.write('error', `journal-${fault}`, { records, ...(witness && { witness: witness.name }) });
  }
}
