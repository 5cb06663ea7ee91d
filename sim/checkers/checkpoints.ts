/**
 * What a device signs about its journal is so, and stays so (T26, T27): a checkpoint counts no more than the journal holds, its root
 * is that of the exact bytes, no size has two roots, and what a witness has cosigned is there at every later start.
 */
import {
  concatBytes,
  fromUtf8,
  hex,
  type NoteKey,
  type OpenedCheckpoint,
  openCheckpoint,
  ProtocolError,
  sha256,
} from '../../protocol/index.ts';
import type { FoundRecords, SentFrame, StoredRecords } from '../world-record.ts';
import { bodyOf, type Findings, frameHead } from './facts.ts';
import type { Reading, Watching } from './reading.ts';

const [LEAF, NODE] = [new Uint8Array([0]), new Uint8Array([1])];

/** RFC 9162 §2.1.1 word for word, with the roots of full subtrees remembered: they never change while entries are only added. */
class Tree {
  readonly #leaves: Uint8Array[] = [];
  readonly #full = new Map<string, Uint8Array>();

  get size(): number {
    return this.#leaves.length;
  }

  add(entries: readonly Uint8Array[]): void {
    for (const entry of entries) this.#leaves.push(sha256(concatBytes(LEAF, entry)));
  }

  rootOf(size: number): string {
    return hex(this.#root(0, size));
  }

  #root(start: number, count: number): Uint8Array {
    if (count === 0) return sha256(new Uint8Array(0));
    if (count === 1) return this.#leaves[start] as Uint8Array;
    const name = `${start} ${count}`;
    const known = this.#full.get(name);
    if (known) return known;
    // The largest power of two that is smaller than the count.
    const left = 2 ** Math.ceil(Math.log2(count) - 1);
    const root = sha256(concatBytes(NODE, this.#root(start, left), this.#root(start + left, count - left)));
    if (count === 2 * left) this.#full.set(name, root);
    return root;
  }
}

interface Head {
  readonly size: number;
  readonly root: string;
}

/** One device: what its journal holds, and what it has said of it. */
class Journal {
  readonly #keys: readonly NoteKey[];
  readonly #party: string;
  #tree = new Tree();
  /** Notes that are on the disk, or were at some time. */
  readonly #kept = new Set<string>();
  readonly #roots = new Map<number, string>();
  readonly #judged = new Set<string>();
  #signed: Head | undefined;
  #cosigned: Head | undefined;

  constructor({ about: { tenant } }: Reading, party: string) {
    this.#party = party;
    this.#keys = tenant.directory.keys
      .filter((key) => key.party === party && key.role === 'device' && key.use === 'frame')
      .map(({ publicKey }) => ({ name: nameOf(tenant.tenant, party), publicKey }));
  }

  holds(records: readonly Uint8Array[]): void {
    this.#tree.add(records);
  }

  /** A new life begins with what is on the disk, and with nothing else. */
  begins(records: readonly Uint8Array[]): Findings {
    this.#tree = new Tree();
    this.#tree.add(records);
    const gone = (head: Head | undefined) =>
      head && (head.size > this.#tree.size || this.#tree.rootOf(head.size) !== head.root);
    return [
      ...(gone(this.#cosigned) ? [`${this.#party} has a journal that is not the one a witness has cosigned`] : []),
      ...(gone(this.#signed) ? [`${this.#party} has a journal that is not the one it had signed for`] : []),
    ];
  }

  keeps(note: string): Findings {
    this.#kept.add(textOfNote(note));
    return this.#judge(note);
  }

  sends(note: string): Findings {
    const isKept = this.#kept.has(textOfNote(note));
    return [...(isKept ? [] : [`${this.#party} showed a checkpoint before it was durable`]), ...this.#judge(note)];
  }

  cosigns(note: string, line: string, witness: NoteKey): Findings {
    const opened = this.#opened(note + line);
    // What is not the witness's own binds nobody.
    if (!opened || opened.cosignedAt(witness) === undefined) return [];
    if (opened.size >= (this.#cosigned?.size ?? 0)) this.#cosigned = headOf(opened);
    return this.#judge(note);
  }

  #judge(note: string): Findings {
    if (this.#judged.has(note)) return [];
    this.#judged.add(note);
    const opened = this.#opened(note);
    if (!opened) return [`${this.#party} keeps or shows a checkpoint that it has not signed`];
    const { size, root } = headOf(opened);
    const first = this.#roots.get(size) ?? root;
    this.#roots.set(size, first);
    if (size >= (this.#signed?.size ?? 0)) this.#signed = { size, root };
    if (first !== root) return [`${this.#party} has signed two roots for ${size} records`];
    if (size > this.#tree.size) return [`${this.#party} has signed for ${size} records and holds ${this.#tree.size}`];
    return this.#tree.rootOf(size) === root ? [] : [`${this.#party} has signed a root that is not of its records`];
  }

  #opened(note: string): OpenedCheckpoint | undefined {
    for (const key of this.#keys) {
      try {
        return openCheckpoint(note, key);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
      }
    }
    return undefined;
  }
}

const nameOf = (tenant: string, party: string) => `act-edge/${tenant}/${party}`;
const headOf = ({ size, root }: OpenedCheckpoint): Head => ({ size, root: hex(root) });

/** What a note says, whoever has signed below. */
function textOfNote(note: string): string {
  return note.slice(0, note.indexOf('\n\n'));
}

type Happened =
  | (FoundRecords & { readonly is: 'found' })
  | (StoredRecords & { readonly is: 'stored' })
  | (SentFrame & { readonly is: 'sent' });

export const checkpointsAreTrue: Watching = (reading) => {
  const { since, about } = reading;
  const journals = new Map([...reading.devices].map((party) => [party, new Journal(reading, party)]));
  const news = [
    () => found().map((one): Happened => ({ ...one, is: 'found' })),
    () => stored().map((one): Happened => ({ ...one, is: 'stored' })),
    () => sent().map((one): Happened => ({ ...one, is: 'sent' })),
  ];
  const found = since((record) => record.found);
  const stored = since((record) => record.stored);
  const sent = since((record) => record.sent);
  const { psp, directory } = about.tenant;
  const witnessKey = directory.witnessKeyOf(psp.party);
  const witness = witnessKey && { name: nameOf(about.tenant.tenant, psp.party), publicKey: witnessKey };
  /** Whose each offered note is, by the number of the request. */
  const offers = new Map<string, { readonly journal: Journal; readonly note: string }>();

  const said = ({ party, payload }: SentFrame): Findings => {
    const { type } = frameHead(payload);
    if (type === 'journal-checkpoint') {
      const journal = journals.get(party);
      if (!journal) return [];
      const { requestId, note } = bodyOf(payload).body as { readonly requestId: string; readonly note: string };
      offers.set(requestId, { journal, note });
      return journal.sends(note);
    }
    if (type !== 'journal-cosignature' || party !== psp.party || !witness) return [];
    const { requestId, line } = bodyOf(payload).body as { readonly requestId: string; readonly line?: string };
    const offer = offers.get(requestId);
    return offer && line !== undefined ? offer.journal.cosigns(offer.note, line, witness) : [];
  };
  const wrote = ({ is, party, disk, records }: Exclude<Happened, { readonly is: 'sent' }>): Findings => {
    const journal = journals.get(party);
    if (!journal) return [];
    if (disk === 'checkpoints') return records.map(fromUtf8).flatMap((note) => journal.keeps(note));
    if (disk !== 'journal') return [];
    if (is === 'found') return journal.begins(records);
    journal.holds(records);
    return [];
  };
  return () =>
    news
      .flatMap((take) => take())
      .sort((one, other) => one.seq - other.seq)
      .flatMap((one) => (one.is === 'sent' ? said(one) : wrote(one)));
};
