/**
 * A trust chain node as its proofs tell it: an anchor is believed to stand in the log when the node's key has signed a head
 * that includes it and that continues every head seen before (T27). Nothing else the node says counts for more than a hint.
 */
import {
  type Id16,
  leafHash,
  type NoteKey,
  type OpenedCheckpoint,
  openCheckpoint,
  ProtocolError,
  utf8,
  verifyConsistency,
  verifyInclusion,
} from '../../protocol/index.ts';
import type {
  ChainLie,
  ChainUnreachable,
  ChainWire,
  Clock,
  FindAnswer,
  HeadAnswer,
  Stop,
  SubmitAnswer,
  TrustChain,
} from '../ports.ts';
import { answerObject, answerText, codeIn, hashesIn, type Placed, peekAnchor, placedIn } from './chain-answers.ts';
import { Asking, Turns, type WireAnswer } from './chain-asking.ts';

export interface TrustChainParts {
  readonly wire: ChainWire;
  /** Under which name and key the node signs its heads. */
  readonly node: NoteKey;
  readonly clock: Clock;
  /** The newest head that was believed in an earlier life. */
  readonly seen?: string;
}

/** @throws ProtocolError `note-*` if `seen` is no head of this node. */
export function trustChain(parts: TrustChainParts): TrustChain {
  return new ProvedChain(parts);
}

interface Seen {
  readonly note: string;
  readonly head: OpenedCheckpoint;
}
type NotBelieved = ChainLie | ChainUnreachable;

const UNREACHABLE: ChainUnreachable = { kind: 'unreachable' };

function lie(fault: ChainLie['fault'], ...checkpoints: readonly string[]): ChainLie {
  return { kind: 'lying', fault, checkpoints };
}

/** Two anchors of one record. */
function isOfOne(one: string, other: string): boolean {
  const recordId = peekAnchor(one)?.recordId;
  return recordId !== undefined && recordId === peekAnchor(other)?.recordId;
}

class ProvedChain implements TrustChain {
  readonly #parts: TrustChainParts;
  readonly #turns = new Turns();
  #seen: Seen | undefined;

  constructor(parts: TrustChainParts) {
    this.#parts = parts;
    const { seen, node } = parts;
    this.#seen = seen === undefined ? undefined : { note: seen, head: openCheckpoint(seen, node) };
  }

  submit(jws: string, done: (answer: SubmitAnswer) => void): Stop {
    return this.#call(done, (asking, answer) =>
      asking.ask({ method: 'POST', path: '/anchors', body: jws }, (came) => this.#submitted(jws, came, asking, answer)),
    );
  }

  find(recordId: Id16, done: (answer: FindAnswer) => void): Stop {
    return this.#call(done, (asking, answer) =>
      asking.ask({ method: 'GET', path: `/anchors/${recordId}` }, (came) =>
        this.#found(recordId, came, asking, answer),
      ),
    );
  }

  head(done: (answer: HeadAnswer) => void): Stop {
    return this.#call(done, (asking, answer) =>
      asking.ask({ method: 'GET', path: '/checkpoint' }, (came) => {
        const checkpoint = came?.status === 200 ? answerText(came.body) : undefined;
        if (checkpoint === undefined) {
          answer(UNREACHABLE);
          return;
        }
        this.#advance(checkpoint, asking, (head) => answer('kind' in head ? head : { kind: 'head', checkpoint }));
      }),
    );
  }

  consistency(from: number, to: number, done: (hashes: readonly Uint8Array[] | undefined) => void): Stop {
    return this.#call(done, (asking, answer) => this.#consistency(from, to, asking, answer));
  }

  #call<A>(done: (answer: A) => void, work: (asking: Asking, answer: (answer: A) => void) => void): Stop {
    return this.#turns.run((finish) => {
      const asking = new Asking(this.#parts.wire, this.#parts.clock);
      work(asking, (answer) => {
        finish();
        done(answer);
      });
      return () => asking.stop();
    });
  }

  #submitted(jws: string, came: WireAnswer | undefined, asking: Asking, answer: (answer: SubmitAnswer) => void): void {
    const json = came && answerObject(came.body);
    if (!came || !json) {
      answer(UNREACHABLE);
      return;
    }
    const placed = came.status === 201 || came.status === 409 ? placedIn(json) : undefined;
    if (!placed) {
      const code = came.status >= 400 && came.status !== 409 ? codeIn(json) : undefined;
      answer(code === undefined ? UNREACHABLE : { kind: 'refused', code });
      return;
    }
    const { position, proof, jws: standing = jws } = placed;
    this.#prove(placed, standing, asking, (fault) => {
      if (fault) answer(fault);
      else if (standing === jws) answer({ kind: came.status === 201 ? 'anchored' : 'known', position, proof });
      else if (isOfOne(standing, jws)) answer({ kind: 'refused', code: 'record-id-taken', position });
      else answer(lie('anchor-other', proof.checkpoint));
    });
  }

  #found(recordId: Id16, came: WireAnswer | undefined, asking: Asking, answer: (answer: FindAnswer) => void): void {
    const json = came && answerObject(came.body);
    // Only the node's own word: a proxy that knows no such path answers 404, too.
    if (came?.status === 404 && json && codeIn(json) === 'anchor-not-found') {
      answer({ kind: 'not-found' });
      return;
    }
    const placed = came?.status === 200 && json ? placedIn(json) : undefined;
    if (placed?.jws === undefined) {
      answer(UNREACHABLE);
      return;
    }
    const { position, proof, jws } = placed;
    this.#prove(placed, jws, asking, (fault) => {
      if (fault) answer(fault);
      else if (peekAnchor(jws)?.recordId !== recordId) answer(lie('anchor-other', proof.checkpoint));
      else answer({ kind: 'found', jws, position, proof });
    });
  }

  #prove(
    { position, proof }: Placed,
    jws: string,
    asking: Asking,
    done: (fault: NotBelieved | undefined) => void,
  ): void {
    this.#advance(proof.checkpoint, asking, (head) => {
      if ('kind' in head) {
        done(head);
        return;
      }
      const isIn = verifyInclusion(leafHash(utf8(jws)), position, head, proof.hashes);
      done(isIn ? undefined : lie('inclusion-wrong', proof.checkpoint));
    });
  }

  /** Believes a head that continues what was seen; from then on it is what was seen. */
  #advance(note: string, asking: Asking, done: (head: OpenedCheckpoint | NotBelieved) => void): void {
    const head = this.#opened(note);
    if (!head) {
      done(lie('checkpoint-forged', note));
      return;
    }
    const seen = this.#seen;
    const believe = () => {
      this.#seen = { note, head };
      done(head);
    };
    // Every log continues an empty one.
    if (!seen || seen.head.size === 0) {
      believe();
      return;
    }
    if (head.size < seen.head.size) {
      done(lie('log-shrunk', seen.note, note));
      return;
    }
    const judge = (proof: readonly Uint8Array[]) =>
      verifyConsistency(seen.head, head, proof) ? believe() : done(lie('log-forked', seen.note, note));
    if (head.size === seen.head.size) {
      judge([]);
      return;
    }
    this.#consistency(seen.head.size, head.size, asking, (proof) => (proof ? judge(proof) : done(UNREACHABLE)));
  }

  #opened(note: string): OpenedCheckpoint | undefined {
    try {
      return openCheckpoint(note, this.#parts.node);
    } catch (error) {
      if (error instanceof ProtocolError) return undefined;
      throw error;
    }
  }

  #consistency(
    from: number,
    to: number,
    asking: Asking,
    done: (hashes: readonly Uint8Array[] | undefined) => void,
  ): void {
    asking.ask({ method: 'GET', path: `/proofs/consistency?from=${from}&to=${to}` }, (came) => {
      const json = came?.status === 200 ? answerObject(came.body) : undefined;
      done(json && hashesIn(json.proof));
    });
  }
}
