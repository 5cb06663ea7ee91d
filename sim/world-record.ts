/** What really happened in a world, taken down at the edges: wires, disks, display, button, signing key, ledger. Checkers judge it. */
import type { AgentReport, ButtonEdge, Locale, Page, Purchases } from '../device/index.ts';
import type { Debit } from './cloud/index.ts';
import type { Posting } from './ledger/money.ts';

/** When and in whose life something happened. */
export interface Lived {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Grows with everything that happens, also within one millisecond. */
  readonly seq: number;
  readonly party: string;
  /** Counts the lives of a party's process from 1. */
  readonly life: number;
}

/** A frame that a party handed to its transport. */
export interface SentFrame extends Lived {
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** A message that a party acknowledged to the broker: from then on only the party has it. */
export interface AckedMessage extends Lived {
  readonly payload: Uint8Array;
}

/** Records that `append` accepted. */
export interface StoredRecords extends Lived {
  readonly disk: string;
  readonly records: readonly Uint8Array[];
}

/** A disk as a party found it when it started. */
export interface FoundRecords extends Lived {
  readonly disk: string;
  readonly records: readonly Uint8Array[];
}

/** A page on the display or a sentence from the speaker, in the order in which the wearer got them. */
export type Presented = Lived & ({ readonly page: Page } | { readonly sentence: string; readonly locale: Locale });

/** The exact bytes over which the confirmation key signed. */
export interface SignatureMade extends Lived {
  readonly toBeSigned: Uint8Array;
}

export interface StepTaken extends Lived {
  readonly event: AgentReport['event'];
  readonly purchases: Purchases;
}

/** Money that moved in the books of delegated payments, as it was first seen there. */
export interface Movement extends Posting, Pick<Lived, 'at' | 'seq'> {
  readonly id: string;
}

export class WorldRecord {
  readonly sent: SentFrame[] = [];
  /** What the broker put through, in the bytes in which it did. */
  readonly wire: { readonly topic: string; readonly payload: Uint8Array }[] = [];
  readonly acked: AckedMessage[] = [];
  readonly stored: StoredRecords[] = [];
  readonly found: FoundRecords[] = [];
  readonly presented: Presented[] = [];
  readonly edges: (Lived & { readonly edge: ButtonEdge })[] = [];
  readonly worn: (Lived & { readonly worn: boolean })[] = [];
  readonly links: (Lived & { readonly online: boolean })[] = [];
  readonly signatures: SignatureMade[] = [];
  readonly steps: StepTaken[] = [];
  /** Ends of lives. */
  readonly crashes: Lived[] = [];
  /** All debits the PSP's ledger ever showed, by trade number, and the count of them at each look. */
  readonly debits = new Map<string, Debit>();
  /** Whether {@link debits} are those of now: while the PSP is dead nobody can look. */
  isLedgerSeen = true;
  /** Faults of the ledger's own history: a debit that changed or went away. */
  readonly ledgerFaults: string[] = [];
  /** Every movement of money of delegated payments, once for its id, in the order in which they were made. */
  readonly movements: Movement[] = [];
  readonly #movementsById = new Map<string, Movement>();
  /** What the wearer said; none of it may be on the wire. */
  readonly words: string[] = [];
  /** Messages a new subscriber got from the broker without anybody publishing them. */
  readonly retained: string[] = [];

  #seq = 0;

  /** How much was taken down: nothing has happened while it is the same. */
  get length(): number {
    const wires = this.sent.length + this.wire.length + this.acked.length + this.retained.length;
    const disks = this.stored.length + this.found.length + this.crashes.length;
    const bodies = this.presented.length + this.edges.length + this.worn.length + this.links.length + this.words.length;
    const money = this.debits.size + this.movements.length + this.ledgerFaults.length;
    return wires + disks + bodies + money + this.signatures.length + this.steps.length;
  }

  /** The next place in the order of things. */
  nextSeq(): number {
    this.#seq += 1;
    return this.#seq;
  }

  /** A movement stands in the books. Those that are made anew out of a journal have the same ones again. */
  seePosting(posting: Posting & { readonly id: string; readonly at: number }): void {
    const known = this.#movementsById.get(posting.id);
    if (!known) {
      // Between two entries: whether anybody looks at the books changes no other number.
      const movement = { ...posting, seq: this.#seq + 0.5 };
      this.#movementsById.set(posting.id, movement);
      this.movements.push(movement);
    } else if (
      known.from !== posting.from ||
      known.to !== posting.to ||
      known.currency !== posting.currency ||
      known.amountMinor !== posting.amountMinor
    )
      this.ledgerFaults.push(`the movement ${posting.id} has changed`);
  }

  /** Looks at the ledger: what was debited once stays debited, once and with the same amount. */
  seeDebits(debits: readonly Debit[]): void {
    this.isLedgerSeen = true;
    for (const debit of debits) {
      const known = this.debits.get(debit.tradeNo);
      if (known && (known.amountMinor !== debit.amountMinor || known.currency !== debit.currency))
        this.ledgerFaults.push(`the debit of trade ${debit.tradeNo} has changed`);
      this.debits.set(debit.tradeNo, debit);
    }
    const numbers = new Set(debits.map(({ tradeNo }) => tradeNo));
    if (numbers.size !== debits.length) this.ledgerFaults.push('a trade is debited twice');
    for (const tradeNo of this.debits.keys())
      if (!numbers.has(tradeNo)) this.ledgerFaults.push(`the debit of trade ${tradeNo} has gone`);
  }
}
