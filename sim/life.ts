/**
 * One life of one process in a world. It ends by a power cut or a kill at any moment, also in the middle of a call, and
 * nothing of it is called again: its alarms do not ring, its transport delivers nothing. What it did is taken down.
 */
import type { Button, Clock, Ear, Journal, Transport, TransportHandlers, WearSensor } from '../device/index.ts';
import type { EpochMs, SigningKey } from '../protocol/index.ts';
import { PowerCut } from './memory-journal.ts';
import { privateCopy } from './private-copy.ts';
import type { Lived, WorldRecord } from './world-record.ts';

/** The instants between which a process can die: each has its effect just before or just behind it. */
export type Moment = 'store' | 'stored' | 'send' | 'sent' | 'taken' | 'ack' | 'acked' | 'sign' | 'signed' | 'present';

export interface LifeParts {
  readonly party: string;
  /** Counts the lives of the party from 1. */
  readonly number: number;
  readonly clock: Clock;
  readonly record: WorldRecord;
  readonly onMoment: OnMoment;
  /** How far the party's own clock is ahead of the world's, in milliseconds. */
  readonly clockAheadMs?: () => number;
}

/** Called at each moment, about a store with the name of the disk; throws {@link PowerCut} where the process is to die. */
export type OnMoment = (party: string, moment: Moment, disk?: string) => void;

export class Life {
  readonly party: string;
  readonly number: number;
  /** The wall time of the party, which may be wrong and may be set. */
  readonly clock: Clock;
  /** The party's monotonic clock, which nobody sets: what a signer counts on (T16). */
  readonly steadyClock: Clock;
  readonly #parts: LifeParts;
  readonly #lastWishes: (() => void)[] = [];
  #isOver = false;
  /** Until when the process is held up, in the world's milliseconds. */
  #heldUntil = 0;
  /** What happens to the process meanwhile, after an alarm that was due before any of it. */
  readonly #held: (() => void)[] = [];
  /** Its other alarms: as in Node, what has come is read before they ring. */
  readonly #alarms: (() => void)[] = [];

  constructor(parts: LifeParts) {
    this.#parts = parts;
    this.party = parts.party;
    this.number = parts.number;
    const { clock, clockAheadMs = () => 0 } = parts;
    const after: Clock['after'] = (delayMs, fire) => {
      let isOff = false;
      const stop = clock.after(delayMs, () => this.#whenFree(() => !isOff && fire(), true));
      return () => {
        isOff = true;
        stop();
      };
    };
    this.clock = { now: () => (clock.now() + clockAheadMs()) as EpochMs, after };
    this.steadyClock = { now: () => clock.now(), after };
  }

  /**
   * The process stands still for a while, as in an append to a slow disk. What happens to it meanwhile reaches it later, in
   * the order in which it happened, and alarms that are due meanwhile after that.
   */
  holdUp(ms: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#parts.clock.now() + ms);
  }

  #whenFree(work: () => void, isAlarm = false): void {
    if (this.#isOver) return;
    const { clock } = this.#parts;
    const isBehind = this.#isBehind;
    if (!isBehind && clock.now() >= this.#heldUntil) {
      work();
      return;
    }
    if (!isBehind) clock.after(this.#heldUntil - clock.now(), () => this.#release());
    (isAlarm && isBehind ? this.#alarms : this.#held).push(work);
  }

  get #isBehind(): boolean {
    return this.#held.length > 0 || this.#alarms.length > 0;
  }

  #release(): void {
    const { clock } = this.#parts;
    if (this.#isOver || !this.#isBehind) return;
    const next = clock.now() >= this.#heldUntil ? (this.#held.shift() ?? this.#alarms.shift()) : undefined;
    // The rest is due whatever becomes of this one.
    if (this.#isBehind || !next) clock.after(Math.max(0, this.#heldUntil - clock.now()), () => this.#release());
    next?.();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The process is gone, now. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#parts.record.crashes.push(this.stamp());
    for (const wish of this.#lastWishes) wish();
  }

  /** What the world does when this life ends: a disk loses its user, the broker its client. */
  atEnd(wish: () => void): void {
    this.#lastWishes.push(wish);
  }

  stamp(): Lived {
    const { clock, record } = this.#parts;
    return { at: clock.now(), seq: record.nextSeq(), party: this.party, life: this.number };
  }

  /** The process reaches an instant at which it may die. @throws PowerCut */
  pass(moment: Moment, disk?: string): void {
    // Whoever took its own death for a fault of the disk gets no further than here.
    if (this.#isOver) throw new PowerCut('this life is over');
    this.#orDie(() => this.#parts.onMoment(this.party, moment, disk));
  }

  #orDie<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof PowerCut) this.end();
      throw error;
    }
  }

  journal(disk: string, inner: Journal): Journal {
    const { record } = this.#parts;
    record.found.push({ ...this.stamp(), disk, records: inner.read() });
    return {
      read: () => inner.read(),
      append: (records) => {
        this.pass('store', disk);
        this.#orDie(() => inner.append(records));
        record.stored.push({ ...this.stamp(), disk, records: records.map(privateCopy) });
        this.pass('stored', disk);
      },
      close: () => inner.close(),
    };
  }

  transport(inner: Transport): Transport {
    const { record } = this.#parts;
    this.atEnd(() => inner.stop(() => {}));
    return {
      start: (topics, handlers) => inner.start(topics, this.#handlers(handlers)),
      publish: (topic, payload, acked) => {
        this.pass('send');
        record.sent.push({ ...this.stamp(), topic, payload: privateCopy(payload) });
        inner.publish(topic, payload, () => {
          this.pass('taken');
          acked();
        });
        this.pass('sent');
      },
      stop: (closed) => inner.stop(closed),
    };
  }

  #handlers(inner: TransportHandlers): TransportHandlers {
    const { record } = this.#parts;
    return {
      onState: (state) => {
        if (state !== 'connecting') record.links.push({ ...this.stamp(), online: state === 'online' });
        this.#whenFree(() => inner.onState(state));
      },
      onMessage: (topic, payload, ack) =>
        this.#whenFree(() =>
          inner.onMessage(topic, payload, () => {
            this.pass('ack');
            ack();
            record.acked.push({ ...this.stamp(), payload: privateCopy(payload) });
            this.pass('acked');
          }),
        ),
    };
  }

  /** The same physical button for each life; who is dead feels nothing. */
  button(inner: Button): Button {
    return {
      assurance: inner.assurance,
      listen: (onEdge, onLost) =>
        inner.listen(
          (edge) => this.#whenFree(() => onEdge(edge)),
          () => this.#whenFree(onLost),
        ),
    };
  }

  /** What was said to a process that has died meanwhile was said to nobody. */
  ear(inner: Ear): Ear {
    return {
      listen: (request, on) =>
        inner.listen(request, (event) => {
          if (!this.#isOver) on(event);
        }),
    };
  }

  /** As {@link button}. */
  wear(inner: WearSensor): WearSensor {
    return { listen: (onChange) => inner.listen((worn) => this.#whenFree(() => onChange(worn))) };
  }

  key(inner: SigningKey): SigningKey {
    const { record } = this.#parts;
    return {
      kid: inner.kid,
      sign: (toBeSigned) => {
        this.pass('sign');
        const signature = inner.sign(toBeSigned);
        record.signatures.push({ ...this.stamp(), toBeSigned: privateCopy(toBeSigned) });
        this.pass('signed');
        return signature;
      },
    };
  }
}
