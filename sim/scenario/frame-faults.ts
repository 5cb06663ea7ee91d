/** What the network and dishonest senders do to chosen frames: which one is counted where it is published, once, however often it is delivered. */
import { newId, peekFrame } from '../../protocol/index.ts';
import { bodyOf } from '../checkers/facts.ts';
import type { Delivery, DeliveryPlan, MemoryBroker } from '../memory-broker.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { World } from '../world.ts';
import { Liar, LieError } from './lies.ts';
import type { Lie, Step } from './schema.ts';
import { spanMs } from './units.ts';

/** What became of a frame, for the diagram. */
export type Fate = 'sent' | 'dropped' | 'delayed' | 'duplicated' | 'corrupted' | 'rewritten' | 'forged' | 'replayed';

type Aim = NonNullable<Step['drop']>;
type Work = { readonly fate: Fate; readonly plan?: DeliveryPlan; readonly payload?: Uint8Array };

interface Armed {
  readonly aim: Aim;
  readonly work: (payload: Uint8Array) => Work;
  seen: number;
}

export interface Captured {
  readonly from: string;
  readonly topic: string;
  readonly payload: Uint8Array;
}

const AT_ONCE: DeliveryPlan = { delaysMs: [1] };

export class FrameFaults {
  /** Everything that was published, with what became of it, oldest first. */
  readonly published: (Captured & { readonly atMs: number; readonly fate: Fate })[] = [];
  /** What went wrong with a lie: a scenario that asks for what cannot be said. */
  problem: string | undefined;
  readonly #world: World;
  readonly #broker: MemoryBroker;
  readonly #random: SeededRandom;
  readonly #liar: Liar;
  readonly #armed: Armed[] = [];
  readonly #works = new WeakMap<Uint8Array, Work>();
  #fateOfNext: Fate = 'sent';

  constructor(world: World, broker: MemoryBroker) {
    this.#world = world;
    this.#broker = broker;
    this.#random = world.random.fork('faults');
    this.#liar = new Liar(world);
    broker.onPublish = (from, topic, payload) => this.#note(from, topic, payload);
    broker.plan = ({ payload }: Delivery) => this.#works.get(payload)?.plan ?? AT_ONCE;
    broker.alter = ({ payload }: Delivery) => this.#works.get(payload)?.payload ?? payload;
  }

  #note(from: string, topic: string, payload: Uint8Array): void {
    const { record, clock } = this.#world;
    record.wire.push({ topic, payload: payload.slice() });
    const injected = this.#fateOfNext;
    const work: Work = injected === 'sent' ? this.#decide(payload) : { fate: injected };
    this.#works.set(payload, work);
    this.published.push({
      from,
      topic,
      payload: work.fate === 'rewritten' ? (work.payload ?? payload) : payload,
      atMs: clock.now(),
      fate: work.fate,
    });
  }

  #decide(payload: Uint8Array): Work {
    const { type } = peekFrame(payload);
    for (const fault of this.#armed) {
      if (fault.aim.frame !== type) continue;
      fault.seen += 1;
      const { nth = 1, times = 1 } = fault.aim;
      if (fault.seen >= nth && fault.seen < nth + times) return fault.work(payload);
    }
    return { fate: 'sent' };
  }

  #arm(aim: Aim, work: Armed['work']): void {
    this.#armed.push({ aim, work, seen: 0 });
  }

  drop(aim: Aim): undefined {
    this.#arm(aim, () => ({ fate: 'dropped', plan: { delaysMs: [] } }));
  }

  delay(aim: Aim & { readonly by: string }): undefined {
    this.#arm(aim, () => ({ fate: 'delayed', plan: { delaysMs: [spanMs(aim.by)] } }));
  }

  duplicate(aim: NonNullable<Step['duplicate']>): undefined {
    const { copies = 3, apart = '1 s' } = aim;
    const delaysMs = Array.from({ length: copies }, (_, i) => 1 + i * spanMs(apart));
    this.#arm(aim, () => ({ fate: 'duplicated', plan: { delaysMs } }));
  }

  corrupt(aim: Aim): undefined {
    this.#arm(aim, (payload) => {
      const altered = payload.slice();
      const at = this.#random.below(altered.length);
      altered[at] = (altered[at] ?? 0) ^ (1 << this.#random.below(8));
      return { fate: 'corrupted', payload: altered };
    });
  }

  rewrite(aim: Aim & Lie): undefined {
    this.#arm(aim, (payload) => {
      const told = this.#attempt(() => this.#liar.told(payload, aim));
      if (!told) return { fate: 'sent' };
      this.#own(told, aim);
      return { fate: 'rewritten', payload: told };
    });
  }

  /** Codes of all refusals that were sent, in order. */
  get refusals(): readonly string[] {
    const refused = this.published.filter(
      ({ payload, fate }) => fate !== 'corrupted' && peekFrame(payload).type === 'refusal',
    );
    return refused.map(({ payload }) => String(bodyOf(payload).body.code));
  }

  /** Frames that are on their way keep their fate. */
  heal(): void {
    this.#armed.length = 0;
  }

  /** @returns what is wrong, or nothing. */
  forge(lie: Lie): string | undefined {
    const latest = this.published.findLast(({ payload }) => peekFrame(payload).type === lie.frame);
    if (!latest) return `no ${lie.frame} was sent so far`;
    const told = this.#attempt(() => this.#liar.told(latest.payload, lie, newId(this.#random.bytes(16))));
    if (!told) return this.problem;
    this.#own(told, lie);
    this.#inject({ ...latest, payload: told }, 'forged');
    return undefined;
  }

  /** @returns what is wrong, or nothing. */
  replay(type: string): string | undefined {
    const frames = this.published.filter(
      ({ payload, fate }) => fate !== 'replayed' && (type === 'everything' || peekFrame(payload).type === type),
    );
    if (frames.length === 0) return `no ${type} was sent so far`;
    for (const frame of frames) this.#inject(frame, 'replayed');
    return undefined;
  }

  #inject({ from, topic, payload }: Captured, fate: Fate): void {
    this.#fateOfNext = fate;
    this.#broker.inject(from, topic, payload.slice());
    this.#fateOfNext = 'sent';
  }

  #attempt(work: () => Uint8Array): Uint8Array | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof LieError)) throw error;
      this.problem = error.message;
      return undefined;
    }
  }

  /**
   * Properly signed by its sender, so whoever acts on it acts on something genuine; another's signature makes it nobody's word. It did
   * not go through the sender's own hands, which would have journalled it first.
   */
  #own(payload: Uint8Array, lie: Lie): void {
    if (lie.inside === undefined && (lie['signed-by'] ?? 'owner') !== 'owner') return;
    const { record, clock } = this.#world;
    const stamp = { at: clock.now(), seq: record.nextSeq(), party: `${peekFrame(payload).iss}, lying`, life: 1 };
    record.sent.push({ ...stamp, topic: '', payload });
  }
}
