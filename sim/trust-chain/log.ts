/**
 * The log of an ACT trust chain node (ACT 2.1 TSD-ATT-OCA): anchors in the order they came, each once, never overwritten, in
 * a Merkle tree (RFC 9162) whose heads the node signs. Pure: it is told the anchors that are durable and decides nothing of
 * how they are kept.
 */
import { peekAnchor } from '../../device/audit/chain-answers.ts';
import { JournalTree } from '../../device/audit/journal-tree.ts';
import {
  type Anchor,
  type Id16,
  type NoteSigner,
  openAnchor,
  ProtocolError,
  type ProtocolErrorCode,
  signCheckpoint,
  utf8,
  type VerifyingKey,
} from '../../protocol/index.ts';

export interface TrustLogOptions {
  /** Under which name and key the node signs its heads. */
  readonly signer: NoteSigner;
  /** The keys that are registered for a submitter: its own one, and those it had before. */
  keysOf(submitterId: string): readonly VerifyingKey[];
  /** The privacy channels that this node serves. */
  readonly channels: ReadonlySet<string>;
}

export type Verdict =
  /** To be made durable, then taken. */
  | { readonly kind: 'new' }
  /** The same anchor stands there already. */
  | { readonly kind: 'known'; readonly position: number }
  /** Another anchor has this record id. */
  | { readonly kind: 'taken'; readonly position: number }
  | { readonly kind: 'refused'; readonly code: 'submitter-unknown' | 'channel-unknown' | ProtocolErrorCode };

export class TrustLog {
  readonly #options: TrustLogOptions;
  readonly #anchors: string[] = [];
  readonly #tree = new JournalTree();
  readonly #positions = new Map<Id16, number>();

  constructor(options: TrustLogOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#anchors.length;
  }

  /** What is to be done with an anchor that was submitted. Nothing changes. */
  judge(jws: string): Verdict {
    const keys = this.#options.keysOf(peekAnchor(jws)?.submitterId ?? '');
    if (keys.length === 0) return { kind: 'refused', code: 'submitter-unknown' };
    const anchor = opened(jws, keys);
    if (typeof anchor === 'string') return { kind: 'refused', code: anchor };
    if (!this.#options.channels.has(anchor.privacyChannel)) return { kind: 'refused', code: 'channel-unknown' };
    const position = this.#positions.get(anchor.recordId);
    if (position === undefined) return { kind: 'new' };
    return { kind: this.#anchors[position] === jws ? 'known' : 'taken', position };
  }

  /** Adds an anchor that was judged new and is durable. @returns where it stands from now on. */
  take(jws: string): number {
    const position = this.#anchors.length;
    const recordId = peekAnchor(jws)?.recordId;
    if (recordId === undefined || this.#positions.has(recordId)) throw new Error('only a new anchor is taken');
    this.#positions.set(recordId, position);
    this.#anchors.push(jws);
    this.#tree.append(utf8(jws));
    return position;
  }

  positionOf(recordId: string): number | undefined {
    return this.#positions.get(recordId as Id16);
  }

  /** The anchor at a position there is. */
  at(position: number): string {
    const jws = this.#anchors[position];
    if (jws === undefined) throw new RangeError('no such anchor');
    return jws;
  }

  /** The newest head, signed. */
  checkpoint(): string {
    const { signer } = this.#options;
    return signCheckpoint({ origin: signer.name, ...this.#tree.head }, signer);
  }

  /** Shows the anchor at a position to be in the tree of the first `size`. @throws RangeError. */
  inclusion(position: number, size = this.size): readonly Uint8Array[] {
    return this.#tree.inclusionOf(position, size);
  }

  /** Shows the tree of the first `to` to begin with that of the first `from`; 1 ≤ `from` ≤ `to` ≤ size. @throws RangeError. */
  consistency(from: number, to: number): readonly Uint8Array[] {
    return this.#tree.consistencyBetween(from, to);
  }
}

/** A submitter that has rotated its key may still bring anchors it had signed before. @returns why not, if it does not verify. */
function opened(jws: string, keys: readonly VerifyingKey[]): Anchor | ProtocolErrorCode {
  let code: ProtocolErrorCode = 'jws-kid';
  for (const key of keys) {
    try {
      return openAnchor(jws, key);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (error.code !== 'jws-kid') code = error.code;
    }
  }
  return code;
}
