/** What happened in a world, as a person would tell it: one entry a moment, in order. The terminal and `--json` both print it. */

import type { AgentReport, Outcome, Paid, Purchase } from '../device/index.ts';
import { type EpochMs, encodeEvidence, type FrameType, parseSign1 } from '../protocol/index.ts';
import type { RunningDevice, World } from './world.ts';

export type StoryKind = 'wearer' | 'voice' | 'display' | 'button' | 'wire' | 'signature' | 'money' | 'operator' | 'end';

export interface StoryEntry {
  /** Virtual milliseconds since the story began. */
  readonly atMs: number;
  readonly kind: StoryKind;
  readonly text: string;
  /** The lines of a page, for `display`. */
  readonly lines?: readonly string[];
}

export interface StoryResult {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly debits: number;
  readonly totalMinor: number;
  readonly currency: string;
  readonly bytes: { readonly confirmation: number; readonly bundle: number; readonly wire: number };
  /** What the bundle is made of, in bytes. */
  readonly bundle: Readonly<Record<'cart' | 'challenge' | 'confirmation' | 'receipt', number>> | undefined;
  /** Sizes are those of the signed frames; on the wire each is sealed and padded to a size class. */
  readonly frames: readonly {
    readonly from: string;
    readonly to: string;
    readonly type: FrameType;
    readonly bytes: number;
  }[];
  readonly steps: readonly StoryEntry[];
}

export class Story {
  readonly entries: StoryEntry[] = [];
  readonly #start: EpochMs;
  readonly #world: World;
  readonly #on: (entry: StoryEntry) => void;
  readonly #debited: () => World['debits'];
  #debits = 0;
  #paid: Paid | undefined;
  #confirmation: Uint8Array | undefined;

  /** @param debited whose money it is about; by default that of instant purchases. */
  constructor(world: World, on: (entry: StoryEntry) => void, debited = (): World['debits'] => world.debits) {
    this.#world = world;
    this.#on = on;
    this.#debited = debited;
    this.#start = world.clock.now();
    world.onFrame = (frame) => {
      this.money();
      this.add('wire', `${frame.from} → ${frame.to}: ${frame.type}, ${frame.bytes} bytes`);
    };
  }

  add(kind: StoryKind, text: string, lines?: readonly string[]): void {
    const entry: StoryEntry = { atMs: this.#world.clock.now() - this.#start, kind, text, ...(lines && { lines }) };
    this.entries.push(entry);
    this.#on(entry);
  }

  /** Listens to the device's hardware from now on. */
  follow(device: RunningDevice): void {
    device.speaker.listen((text) => this.add('voice', text));
    device.display.listen((page) => {
      if (page.title === '') return;
      this.add('display', page.count > 1 ? `page ${page.index + 1} of ${page.count}` : '', page.lines);
    });
    let downAt: EpochMs | undefined;
    device.button.listen(
      (edge) => {
        const now = this.#world.clock.now();
        if (edge === 'down') downAt = now;
        else if (downAt !== undefined) this.add('button', `pressed for ${((now - downAt) / 1000).toFixed(1)} s`);
      },
      () => this.add('button', 'can no longer be read'),
    );
  }

  /** Takes the device's own report of each step; signatures are told from the exact bytes it holds. */
  observe({ purchases: { current } }: Pick<AgentReport, 'purchases'>): void {
    if (current.at === 'requesting') this.signed('cart', current.cart.bytes, `shop ${current.cart.cart.merchant}`);
    if (current.at === 'confirming') this.signed('challenge', current.challenge.bytes, 'PSP');
    if (current.at === 'settling') {
      this.#confirmation = current.payment.confirmation;
      this.signed('confirmation', current.payment.confirmation, 'wearer’s confirmation key');
    }
    if (current.at === 'following' || (current.at === 'ended' && current.paid)) {
      this.#paid = current.paid;
      if (this.#paid) this.signed('receipt', this.#paid.receiptBytes, 'PSP');
    }
    this.money();
  }

  readonly #told = new Set<string>();

  /** One line about a signed object, the first time that it is seen under this name. */
  signed(what: string, bytes: Uint8Array, by: string): void {
    if (this.#told.has(what)) return;
    this.#told.add(what);
    const kid = [...parseSign1(bytes).header.kid.subarray(0, 4)]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('');
    this.add('signature', `${what}, ${bytes.length} bytes, signed by the ${by} (kid ${kid}…), verified`);
  }

  /** Says what the PSP has debited, when that has become more. */
  money(): void {
    const { count, totalMinor } = this.#debited();
    if (count === this.#debits) return;
    this.#debits = count;
    this.add('money', `the PSP has debited ${count} time${count === 1 ? '' : 's'}, ${totalMinor} minor units in all`);
  }

  /** The whole story as data. @param wire bytes of MQTT payload that went over the broker. */
  result(last: Purchase, wire: number): StoryResult {
    const { count, totalMinor } = this.#world.debits;
    const parts = this.#paid && {
      cart: this.#paid.cart.bytes,
      challenge: this.#paid.challenge.bytes,
      confirmation: this.#paid.confirmation,
      receipt: this.#paid.receiptBytes,
    };
    const frames = this.#world.frames.map(({ from, to, type, bytes }) => ({ from, to, type, bytes }));
    const ended = last.at === 'ended' ? last : { outcome: 'unknown' as const, reason: `still-${last.at}` };
    return {
      outcome: ended.outcome,
      reason: ended.reason,
      debits: count,
      totalMinor,
      currency: 'CNY',
      bytes: {
        confirmation: this.#confirmation?.length ?? 0,
        bundle: parts ? encodeEvidence(parts).length : 0,
        wire,
      },
      bundle: parts && {
        cart: parts.cart.length,
        challenge: parts.challenge.length,
        confirmation: parts.confirmation.length,
        receipt: parts.receipt.length,
      },
      frames,
      steps: this.entries,
    };
  }
}
