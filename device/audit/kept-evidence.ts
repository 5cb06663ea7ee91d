/**
 * The signed objects in a device's journal that are about a purchase or a delegation without being the payment itself: news,
 * refunds, the wearer's orders, the PSP's words. Only what the device itself had found sound when it came is taken up.
 */
import {
  type Authorization,
  type Digest,
  decodeCbor,
  digestOf,
  FRAMES,
  type FrameBody,
  type Id16,
  type ObjectType,
  type ObjectValue,
  parseSign1,
  peekFrame,
} from '../../protocol/index.ts';
import type { WireType } from '../../protocol/wire.ts';
import { isHeld } from '../delegation/state.ts';
import type { JournalRecord } from '../journal-record.ts';
import { keptObject, readableObject } from './kept-object.ts';

/** One object, byte for byte and read. */
export interface Piece<T extends ObjectType> {
  readonly type: T;
  readonly bytes: Uint8Array;
  readonly value: ObjectValue<T>;
  readonly digest: Digest;
}

/** Objects of one type by what they are about, each once, in order of arrival. */
class Shelf<T extends ObjectType> {
  readonly #type: T;
  readonly #all = new Map<string, Map<Digest, Piece<T>>>();

  constructor(type: T) {
    this.#type = type;
  }

  add(about: string, bytes: Uint8Array): void {
    const pieces = this.#all.get(about) ?? new Map<Digest, Piece<T>>();
    const digest = digestOf(bytes);
    if (!pieces.has(digest)) pieces.set(digest, { type: this.#type, bytes, ...keptObject(this.#type, bytes) });
    this.#all.set(about, pieces);
  }

  of(about: string): readonly Piece<T>[] {
    return [...(this.#all.get(about)?.values() ?? [])];
  }
}

/** Is shown the entries of a journal in order. */
export class KeptEvidence {
  readonly #updates = new Shelf('fulfilment');
  readonly #refunds = new Shelf('refund');
  readonly #challenges = new Shelf('delegation-challenge');
  readonly #orders = new Shelf('lifecycle-order');
  readonly #statuses = new Shelf('delegation-status');
  readonly #authorizations = new Shelf('authorization');

  take(record: JournalRecord): void {
    const { received, delegations } = record;
    const update = readable('fulfilment', bodyOf(received, 'fulfilment')?.update);
    if (update) this.#updates.add(update.value.orderNo, update.bytes);
    const refund = readable('refund', bodyOf(received, 'refund-notice')?.refund);
    const isKept = delegations?.kept.some(({ kind, digest }) => kind === 'refund' && digest === refund?.digest);
    if (refund && isKept) this.#refunds.add(refund.value.tradeNo, refund.bytes);
    const status = readable('delegation-status', bodyOf(received, 'delegation-status')?.status);
    for (const state of delegations?.changed ?? []) {
      if (state.at === 'confirming') this.#challenges.add(state.id, state.challenge);
      if (!isHeld(state)) continue;
      this.#authorizations.add(state.id, state.authorization);
      if (state.change?.step === 'telling') this.#orders.add(state.id, state.change.order);
      const known = state.status;
      // A frame says what it likes; that the state became so shows that it was the PSP's signed word.
      const isTaken = known && status?.value.asOf === known.asOf && status.value.version === known.version;
      if (isTaken && status.value.delegationId === state.id && status.value.state === known.state)
        this.#statuses.add(state.id, status.bytes);
    }
  }

  updatesOf(orderNo: string): readonly Piece<'fulfilment'>[] {
    return this.#updates.of(orderNo);
  }

  refundsOf(tradeNo: string): readonly Piece<'refund'>[] {
    return this.#refunds.of(tradeNo);
  }

  /** The wearer's signed changes of state, told to the PSP or still on their way. */
  ordersOf(delegationId: Id16): readonly Piece<'lifecycle-order'>[] {
    return this.#orders.of(delegationId);
  }

  /** Of what the PSP said the first and the last of each state: nothing is learnt from those between. */
  statusesOf(delegationId: Id16): readonly Piece<'delegation-status'>[] {
    const all = this.#statuses.of(delegationId);
    const isLike = (one: (typeof all)[number] | undefined, other: (typeof all)[number]) =>
      one?.value.state === other.value.state && one.value.version === other.value.version;
    return all.filter((one, i) => !isLike(all[i - 1], one) || !all[i + 1] || !isLike(all[i + 1], one));
  }

  authorizationOf(delegationId: Id16): Piece<'authorization'> | undefined {
    return this.#authorizations.of(delegationId)[0];
  }

  /** What the PSP had asked for the signature on these bounds with. */
  challengeFor(delegationId: Id16, { challengeDigest }: Authorization): Piece<'delegation-challenge'> | undefined {
    return this.#challenges.of(delegationId).find(({ digest }) => digest === challengeDigest);
  }
}

type Carrying = 'spend-notice' | 'fulfilment' | 'refund-notice' | 'delegation-status';

/** The body of a frame that was let in, where it is of this type. */
export function bodyOf<T extends Carrying>(frame: Uint8Array | undefined, type: T): FrameBody<T> | undefined {
  if (!frame || peekFrame(frame).type !== type) return undefined;
  const body = FRAMES[type].body as unknown as WireType<FrameBody<T>>;
  return body.decode(decodeCbor(parseSign1(frame).payload), type);
}

function readable<T extends ObjectType>(type: T, bytes: Uint8Array | undefined): Piece<T> | undefined {
  const read = bytes && readableObject(type, bytes);
  return read && bytes && { type, bytes, ...read };
}
