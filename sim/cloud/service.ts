/** The runtime of one cloud party: judge, journal, acknowledge, handle, answer. Everything it needs comes as a port. */
import type { Directory } from '../../device/directory.ts';
import { StoreError } from '../../device/errors.ts';
import { TokenBuckets } from '../../device/link/token-buckets.ts';
import type { Clock, Journal, Log, Random, Stop, Transport } from '../../device/ports.ts';
import {
  allDevicesUp,
  type EpochMs,
  type OpenFrame,
  ProtocolError,
  type Role,
  type SigningKey,
  serviceTopic,
} from '../../protocol/index.ts';
import type { Drop, Handler, Outgoing } from './handler.ts';
import { Inbox, type SessionOf } from './inbox.ts';
import { Outbox } from './outbox.ts';
import { decodeRecord, encodeRecord, type ServiceRecord } from './service-record.ts';

export interface ServicePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
  /** Every input the service ever acted on. The caller opens and closes it. */
  readonly journal: Journal;
  readonly log: Log;
  /** Puts somebody around the handler who watches it, its past included; nobody where it is left out. */
  around?(handler: Handler): Handler;
}

export interface ServiceOptions {
  readonly party: string;
  readonly role: Exclude<Role, 'device' | 'signer'>;
  readonly ports: ServicePorts;
  /** Names the tenant, too. */
  readonly directory: Directory;
  readonly frameKey: SigningKey;
  readonly sessionOf: SessionOf;
  /** Fresh: it is fed the journal before the first message. */
  readonly handler: Handler;
}

export interface Service {
  /** How many messages met which fate: `accepted`, `duplicate`, `not-for-me`, `rate-limited`, or the code of the refusal. */
  readonly counts: ReadonlyMap<string, number>;
  /** Carries out an operator's order, durably. @returns `done`, or the code of why not. */
  command(words: string): string;
  /** Stops timers and the transport; messages that still arrive are left to the broker. */
  stop(closed: () => void): void;
}

/** Normal in a network that delivers at least once to everybody: counted, not logged. */
const SILENT: ReadonlySet<string> = new Set(['accepted', 'duplicate', 'not-for-me']);
/** A flood is counted to the last frame; the log gets a sample of each code. */
const LOG_LINES = { burst: 10, perSecond: 0.1 } as const;
const STORE_AGAIN_MS = 1_000;

/**
 * Replays the journal, then starts the transport.
 * @throws StoreError `store-altered` when the journal holds frames that this directory does not verify: a service that
 *   forgot what it had paid or promised must not start.
 */
export function startService(options: ServiceOptions): Service {
  const service = new RunningService(options);
  service.start();
  return service;
}

class RunningService implements Service {
  readonly #options: ServiceOptions;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #counts = new Map<string, number>();
  readonly #logLines = new TokenBuckets(LOG_LINES);
  #timer: { readonly at: number; readonly stop: Stop } | undefined;
  #stopped = false;

  constructor(options: ServiceOptions) {
    const { party, role, ports, directory, frameKey, sessionOf } = options;
    const self = { party, role };
    const handler = ports.around?.(options.handler) ?? options.handler;
    this.#options = { ...options, handler };
    this.#inbox = new Inbox(self, directory, sessionOf);
    this.#outbox = new Outbox({ ...ports, tenant: directory.tenant, self, frameKey, sessionOf });
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  start(): void {
    const { ports, directory, party } = this.#options;
    const again = this.#replay();
    ports.transport.start([allDevicesUp(directory.tenant), serviceTopic(directory.tenant, party)], {
      onState: (state) => ports.log.write('info', `link-${state}`),
      onMessage: (topic, payload, ack) => this.#receive(topic, payload, ack),
    });
    const now = ports.clock.now();
    for (const [number, outgoing] of again) this.#outbox.send(number, outgoing, now);
    this.#arm();
  }

  stop(closed: () => void): void {
    this.#stopped = true;
    this.#timer?.stop();
    this.#options.ports.transport.stop(closed);
  }

  /** Feeds the handler its whole past. @returns the messages that the broker had not taken by then. */
  #replay(): readonly (readonly [number, Outgoing])[] {
    const records = this.#options.ports.journal.read().map(decodeRecord);
    const takenBelow = records.at(-1)?.takenBelow ?? 0;
    const again: (readonly [number, Outgoing])[] = [];
    for (const record of records) {
      for (const outgoing of this.#relive(record)) {
        const number = this.#outbox.number();
        if (number < takenBelow) this.#outbox.done(number);
        else again.push([number, outgoing]);
      }
    }
    return again;
  }

  #relive({ at, frame, command }: ServiceRecord): readonly Outgoing[] {
    const { handler } = this.#options;
    if (command !== undefined) return messagesOf(handler.command?.(command, at) ?? []);
    if (frame === undefined) return handler.tick?.(at) ?? [];
    const opened = this.#reopen(frame, at);
    this.#inbox.remember(opened, at);
    return messagesOf(handler.handle(opened, at));
  }

  #reopen(frame: Uint8Array, at: EpochMs): OpenFrame {
    try {
      return this.#inbox.reopen(frame, at);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      throw new StoreError(
        'store-altered',
        `a journalled frame is refused now with ${error.code}`,
        'start the service with the keys and the directory under which the journal was written',
      );
    }
  }

  #receive(topic: string, payload: Uint8Array, ack: () => void): void {
    if (this.#stopped) return;
    const now = this.#options.ports.clock.now();
    const judged = this.#inbox.judge(topic, payload, now);
    if ('drop' in judged) {
      this.#count(judged.drop, now);
      ack();
      return;
    }
    // A copy: the transport may write into its buffer again once something is published (T12).
    const frame = new Uint8Array(payload);
    // What was due before this frame happens before it, as it will when the journal is replayed.
    this.#tick(now);
    if (!this.#store({ at: now, takenBelow: this.#outbox.takenBelow, frame }, now)) return;
    this.#inbox.remember(judged, now);
    ack();
    this.#count('accepted', now);
    this.#act(this.#options.handler.handle(judged, now), now);
    this.#arm();
  }

  command(words: string): string {
    const { handler, ports } = this.#options;
    if (this.#stopped || handler.command === undefined) return 'command-unknown';
    const now = ports.clock.now();
    this.#tick(now);
    if (!this.#store({ at: now, takenBelow: this.#outbox.takenBelow, command: words }, now)) return 'store-failed';
    const reaction = handler.command(words, now);
    this.#act(reaction, now);
    this.#arm();
    return 'drop' in reaction ? reaction.drop : 'done';
  }

  #tick(now: EpochMs): void {
    const { handler } = this.#options;
    const due = handler.wakeAt?.();
    if (due === undefined || now < due || handler.tick === undefined) return;
    if (this.#store({ at: now, takenBelow: this.#outbox.takenBelow }, now)) this.#act(handler.tick(now), now);
  }

  #act(reaction: readonly Outgoing[] | Drop, now: EpochMs): void {
    if ('drop' in reaction) this.#count(reaction.drop, now);
    for (const outgoing of messagesOf(reaction)) this.#outbox.send(this.#outbox.number(), outgoing, now);
  }

  /** Journal first, act second (design 8). Unstored, the input counts as never seen and the broker delivers it again. */
  #store(record: ServiceRecord, now: EpochMs): boolean {
    try {
      this.#options.ports.journal.append([encodeRecord(record)]);
      return true;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#count(error.code, now);
      return false;
    }
  }

  #arm(): void {
    const { handler, ports } = this.#options;
    const due = handler.wakeAt?.();
    if (this.#stopped || due === this.#timer?.at) return;
    this.#timer?.stop();
    this.#timer = undefined;
    if (due === undefined) return;
    const delayMs = Math.max(0, due - ports.clock.now());
    this.#timer = { at: due, stop: ports.clock.after(delayMs, () => this.#wake()) };
  }

  #wake(): void {
    this.#timer = undefined;
    if (this.#stopped) return;
    const { handler, ports } = this.#options;
    const now = ports.clock.now();
    this.#tick(now);
    const due = handler.wakeAt?.();
    // Still due: the journal refused the tick.
    if (due !== undefined && due <= now) {
      this.#timer = { at: due, stop: ports.clock.after(STORE_AGAIN_MS, () => this.#wake()) };
    } else this.#arm();
  }

  #count(code: string, now: EpochMs): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
    if (!SILENT.has(code) && this.#logLines.take(code, now)) this.#options.ports.log.write('warn', code);
  }
}

function messagesOf(reaction: readonly Outgoing[] | Drop): readonly Outgoing[] {
  return 'drop' in reaction ? (reaction.also ?? []) : reaction;
}
