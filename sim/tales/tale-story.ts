/** What happens to one delegation in a world, told line by line, and what it came to: by the PSP's books and by the device's receipts. */
import type { KeptRefund, KeptSpend } from '../../device/delegation/book.ts';
import { type HeldDelegation, isHeld } from '../../device/delegation/state.ts';
import type { AgentReport } from '../../device/index.ts';
import type { EpochMs, IacState, SpendNotice } from '../../protocol/index.ts';
import { encodeCbor } from '../../protocol/index.ts';
import { type HttpAnswer, type HttpRequest, pathOf } from '../a402/http.ts';
import type { RunningDevice } from '../running-device.ts';
import { Story, type StoryEntry, type StoryResult } from '../story.ts';
import type { World } from '../world.ts';
import type { Claim, SoFar } from './tale.ts';

/** Payments as one side counts them, in minor units. */
export interface Sums {
  readonly count: number;
  readonly spentMinor: number;
  readonly refundedMinor: number;
}

export interface TaleResult {
  readonly scenario: string;
  /** Whether all that was claimed of the story is so. */
  readonly cameTrue: boolean;
  /** What was not so, each in one sentence. */
  readonly otherwise: readonly string[];
  /** As the PSP has it; `none`: it knows of no delegation. */
  readonly state: IacState | 'none';
  readonly currency: string;
  /** The most that could be spent, in minor units. */
  readonly maxTotalMinor: number;
  /** By the PSP's books. */
  readonly ledger: Sums;
  /** By the receipts that the device has verified. */
  readonly device: Sums;
  readonly bytes: { readonly authorization: number; readonly bundle: number; readonly wire: number };
  /** What the largest bundle is made of, in bytes; what was bought over HTTP has no cart. */
  readonly bundle: Readonly<Partial<Record<keyof Bundle, number>>> | undefined;
  readonly frames: StoryResult['frames'];
  readonly steps: readonly StoryEntry[];
}

/** Enough to show who sold what, what the wearer had allowed, who paid it and what was paid. */
type Bundle = Readonly<{ cart?: Uint8Array; request: Uint8Array; receipt: Uint8Array }>;

/** No evidence of one delegated payment is to be longer, in bytes. */
export const MOST_BUNDLE_BYTES = 1_500;

const BUNDLE_KEYS = { cart: 1, request: 2, receipt: 3 } as const;

function bundleOf({ cart, request, receipt }: SpendNotice): Bundle {
  return { ...(cart && { cart }), request, receipt };
}

function encoded(bundle: Bundle): Uint8Array {
  return encodeCbor(new Map(Object.entries(bundle).map(([name, bytes]) => [BUNDLE_KEYS[name as keyof Bundle], bytes])));
}

/** What must be so however a story goes. */
const ALWAYS: readonly (readonly [
  claim: string,
  holds: (result: Omit<TaleResult, 'cameTrue' | 'otherwise'>) => boolean,
])[] = [
  ['the device has counted what the PSP has', ({ ledger, device }) => sameSums(ledger, device)],
  ['no more was spent than allowed', ({ ledger, maxTotalMinor }) => ledger.spentMinor <= maxTotalMinor],
  [`the evidence of each payment fits ${MOST_BUNDLE_BYTES} bytes`, ({ bytes }) => bytes.bundle <= MOST_BUNDLE_BYTES],
];

function sameSums(one: Sums, other: Sums): boolean {
  return one.count === other.count && one.spentMinor === other.spentMinor && one.refundedMinor === other.refundedMinor;
}

export class TaleStory {
  readonly story: Story;
  readonly #world: World;
  #held: HeldDelegation | undefined;
  readonly #spends: KeptSpend[] = [];
  readonly #refunds: KeptRefund[] = [];
  readonly #bundles: Bundle[] = [];
  readonly #said: string[] = [];
  #questions = 0;

  constructor(world: World, on: (entry: StoryEntry) => void) {
    this.#world = world;
    this.story = new Story(world, on, () => this.#debits());
  }

  #debits(): World['debits'] {
    const { count, spentMinor } = this.#ledgerSums();
    return { count, totalMinor: spentMinor };
  }

  get #standing() {
    const { clock, cloud } = this.#world;
    return this.#held && cloud.psp.delegations.status(this.#held.id, clock.now() as EpochMs);
  }

  #ledgerSums(): Sums {
    const { spends: count = 0, spentMinor = 0, refundedMinor = 0 } = this.#standing ?? {};
    return { count, spentMinor, refundedMinor };
  }

  get soFar(): SoFar {
    return {
      now: this.#world.clock.now(),
      held: this.#held,
      spends: this.#spends,
      refunds: this.#refunds,
      questions: this.#questions,
      said: this.#said,
    };
  }

  follow(device: RunningDevice): void {
    this.story.follow(device);
    device.speaker.listen((text) => this.#said.push(text));
  }

  /** Tells one exchange with the data desk. */
  exchanged({ method, url }: HttpRequest, answer: HttpAnswer): void {
    const outcome = 'failed' in answer ? answer.failed : `${answer.status}, ${answer.body.length} bytes`;
    this.story.add('wire', `agent → data-desk: HTTP ${method} ${pathOf(url) ?? ''}: ${outcome}`);
  }

  /** Takes the device's own report of each step. */
  observe({ event, delegations, effects }: AgentReport): void {
    const held = [...delegations.values()].filter(isHeld).at(-1);
    if (held) this.story.signed('authorization', held.authorization, 'wearer’s confirmation key');
    if (held?.asked?.step === 'open' && this.#held?.asked?.step !== 'open') this.#questions += 1;
    this.#held = held;
    for (const effect of effects) {
      if (effect.do !== 'keep') continue;
      if (effect.kept.kind === 'spend') this.#spends.push(effect.kept);
      else this.#refunds.push(effect.kept);
      if (event.kind === 'frame' && event.frame.type === 'spend-notice') this.#paid(event.frame.body);
      if (event.kind === 'frame' && event.frame.type === 'refund-notice')
        this.story.signed(`refund ${this.#refunds.length}`, event.frame.body.refund, 'PSP');
    }
    this.story.money();
  }

  #paid(notice: SpendNotice): void {
    this.#bundles.push(bundleOf(notice));
    const number = this.#bundles.length;
    if (notice.cart) this.story.signed(`cart ${number}`, notice.cart, 'merchant');
    this.story.signed(`payment request ${number}`, notice.request, 'agent');
    this.story.signed(`receipt ${number}`, notice.receipt, 'PSP');
  }

  /** The whole story as data. @param wire bytes of MQTT payload that went over the broker. */
  result(scenario: string, claims: readonly Claim[], wire: number): TaleResult {
    const { sums, iac, authorization } = this.#held ?? {};
    const largest = [...this.#bundles].sort((one, other) => encoded(other).length - encoded(one).length)[0];
    const told = {
      scenario,
      state: this.#standing?.state ?? ('none' as const),
      currency: 'CNY',
      maxTotalMinor: iac?.maxTotalMinor ?? 0,
      ledger: this.#ledgerSums(),
      device: {
        count: sums?.count ?? 0,
        spentMinor: sums?.spentMinor ?? 0,
        refundedMinor: sums?.refundedMinor ?? 0,
      },
      bytes: { authorization: authorization?.length ?? 0, bundle: largest ? encoded(largest).length : 0, wire },
      bundle: largest && Object.fromEntries(Object.entries(largest).map(([name, bytes]) => [name, bytes.length])),
      frames: this.#world.frames.map(({ from, to, type, bytes }) => ({ from, to, type, bytes })),
      steps: this.story.entries,
    };
    const { soFar } = this;
    const otherwise = [
      ...claims.filter(([, holds]) => !holds(soFar)).map(([claim]) => claim),
      ...ALWAYS.filter(([, holds]) => !holds(told)).map(([claim]) => claim),
    ];
    return { ...told, cameTrue: otherwise.length === 0, otherwise };
  }
}
