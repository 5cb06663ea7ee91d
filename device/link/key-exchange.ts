/**
 * Recipient keys while the program runs: ours are replaced in time and told to whoever seals for us, those of the others
 * are learnt. Who missed ours is told again: when it uses an older one, when it asks, and from time to time.
 */
import {
  deviceTopic,
  type EpochMs,
  type EpochSeconds,
  hex,
  type Party,
  ProtocolError,
  parseTopic,
  RecipientKeySet,
  type RecipientPrivateKey,
  type RecipientPublicKey,
  secondsOf,
  serviceTopic,
} from '../../protocol/index.ts';
import type { Directory } from '../directory.ts';
import { StoreError } from '../errors.ts';
import type { Clock, Stop } from '../ports.ts';
import { KeyAnnouncements } from './key-announcements.ts';
import { KnownRecipients } from './known-recipients.ts';
import { OwnRecipientKeys, type OwnRecipientKeysParts, type Recipient } from './own-recipient-keys.ts';
import type { OwnKeyStore, StatementStore } from './recipient-stores.ts';

export interface KeyExchangeParts extends Omit<OwnRecipientKeysParts, 'tenant' | 'store'> {
  /** Who takes part, and the keys they enrolled with. */
  readonly directory: Directory;
  readonly stores: { readonly own: OwnKeyStore; readonly statements: StatementStore };
  readonly clock: Clock;
}

/** Seals one statement and publishes it. */
export type SendStatement = (topic: string, statement: Uint8Array, recipient: RecipientPublicKey) => void;

/** How many times a window a key is told again to everybody, should a broker have lost it: every 15 days of 90. */
const TOLD_PER_WINDOW = 6;
/** The least time between two statements to one party, whatever it does: a thousandth of a window, between these. */
const LEAST_GAP_MS = 1_000;
const MOST_GAP_MS = 60_000;
/** Timers stand still while a machine sleeps, so the clock is looked at again this often at the latest. */
const LOOK_AGAIN_MS = 3_600_000;
const STORE_AGAIN_MS = 60_000;

/** With whom a party exchanges frames: a device with services only, a service with everybody. */
function peersOf({ keys }: Directory, self: Recipient): ReadonlyMap<string, Recipient> {
  const peers = keys.flatMap(({ party, role, use }) => {
    if (use !== 'frame' || role === 'signer' || party === self.party) return [];
    return role === 'device' && self.role === 'device' ? [] : [[party, { party, role }] as const];
  });
  return new Map(peers);
}

/** The device whose own topic to the services this is, if it is one. @throws ProtocolError `topic-syntax`. */
function deviceWritingTo(topic: string): string | undefined {
  const place = parseTopic(topic);
  return place.kind === 'device' && place.direction === 'up' ? place.party : undefined;
}

export class KeyExchange {
  readonly #parts: KeyExchangeParts;
  readonly #send: SendStatement;
  readonly #peers: ReadonlyMap<string, Recipient>;
  readonly #own: OwnRecipientKeys;
  readonly #known: KnownRecipients;
  readonly #announcements: KeyAnnouncements;
  readonly #againMs: number;
  readonly #gapMs: number;
  #running = true;
  #online = false;
  #timer: Stop | undefined;
  #unreachable = 0;

  /** @throws DeviceError when own or learnt keys are kept and cannot be read. */
  constructor(parts: KeyExchangeParts, send: SendStatement) {
    const { directory, self, stores, clock, log, windowS } = parts;
    const { tenant, trust, recipients } = directory;
    this.#parts = parts;
    this.#send = send;
    const peers = peersOf(directory, self);
    this.#peers = peers;
    this.#own = new OwnRecipientKeys({ ...parts, tenant, store: stores.own });
    const keys = new RecipientKeySet(recipients.all);
    const isPeer = (party: string) => peers.has(party);
    this.#known = new KnownRecipients({ tenant, trust, keys, isPeer, store: stores.statements, log });
    this.#announcements = new KeyAnnouncements(clock, (to) => this.#announce(to));
    this.#againMs = Math.max(LEAST_GAP_MS, (windowS * 1000) / TOLD_PER_WINDOW);
    this.#gapMs = Math.min(MOST_GAP_MS, Math.max(LEAST_GAP_MS, windowS));
  }

  /** Our keys that open now, by `kid` in hex. */
  opening(now: EpochSeconds): ReadonlyMap<string, RecipientPrivateKey> {
    return this.#own.opening(now);
  }

  /** The key to seal a frame for this party now. Where there is none the party is asked, and nothing can be sent. */
  recipientOf(party: string, now: EpochSeconds): RecipientPublicKey | undefined {
    const peer = this.#peers.get(party);
    const recipient = peer && this.#known.current(peer, now);
    if (peer && !recipient) this.#tell([peer], this.#gapMs);
    return recipient;
  }

  /**
   * Takes in a statement that came on `topic`, sealed for our key `kid`.
   * @returns whether it was looked at; not where its signer sends too many.
   * @throws ProtocolError, StoreError as {@link KnownRecipients.learn}; `topic-syntax`.
   */
  learn(statement: Uint8Array, topic: string, kid: Uint8Array, now: EpochMs): boolean {
    const learnt = this.#known.learn(statement, deviceWritingTo(topic), now);
    // What we said before somebody came on line was said to nobody: its first word is answered at once.
    if (learnt) this.usedBy(learnt.party, kid, secondsOf(now), learnt.isNews ? 0 : this.#gapMs);
    return learnt !== undefined;
  }

  /** Who still seals for an older key of ours is told the newer one. Nothing is proven yet of who it is; being told harms nobody. */
  usedBy(party: string, kid: Uint8Array, now: EpochSeconds, gapMs: number = this.#gapMs): void {
    const newest = this.#own.newest(now);
    const peer = this.#peers.get(party);
    if (newest && peer && hex(newest.key.kid) !== hex(kid)) this.#tell([peer], gapMs);
  }

  /**
   * Something came that none of our keys opens. A device that was away too long seals its own statement for a key of ours
   * that is gone, and its topic says who asks. @throws ProtocolError `topic-syntax`.
   */
  unopened(topic: string, kid: Uint8Array): void {
    if (!this.#known.has(this.#parts.self, kid)) return;
    const party = deviceWritingTo(topic);
    const peer = party === undefined ? undefined : this.#peers.get(party);
    if (peer) this.#tell([peer], this.#gapMs);
  }

  linkChanged(online: boolean): void {
    this.#online = online;
    this.turn();
  }

  stop(): void {
    this.#running = false;
    this.#timer?.();
    this.#announcements.stop();
  }

  /** Makes and erases keys as they are due, tells who has to be told, and sets the alarm for the next time. */
  turn(): void {
    if (!this.#running) return;
    const { clock, log } = this.#parts;
    this.#timer?.();
    let nextMs = Math.min(LOOK_AGAIN_MS, this.#againMs);
    try {
      const now = secondsOf(clock.now());
      // Durable before anybody hears of it: what cannot be opened after a restart must not be asked for.
      if (this.#own.turn(now)) this.#announcements.startOver();
      this.#announceDue(now);
      nextMs = Math.min(nextMs, Math.max(LEAST_GAP_MS, this.#own.dueAt(now) * 1000 - clock.now()));
    } catch (error) {
      // A clock that was never set, or a store that is full: neither ends the process, both are tried again.
      if (!(error instanceof StoreError || error instanceof ProtocolError)) throw error;
      log.write('error', error.code);
      nextMs = STORE_AGAIN_MS;
    }
    this.#timer = clock.after(nextMs, () => this.turn());
  }

  #announceDue(now: EpochSeconds): void {
    const { log, self } = this.#parts;
    const peers = [...this.#peers.values()];
    const unreachable = peers.filter((peer) => this.#known.current(peer, now) === undefined);
    if (unreachable.length > this.#unreachable) log.write('warn', 'recipient-key-missing', { of: unreachable.length });
    this.#unreachable = unreachable.length;
    const newest = this.#own.newest(now);
    if (newest && this.#own.isRotated(newest)) {
      // A key of ours is known as such when its private part is gone.
      if (!this.#known.has(self, newest.key.kid)) this.#known.published(this.#own.statementOf(newest));
      this.#tell(peers, this.#againMs);
    } else if (self.role === 'device') {
      // Everybody has the key from the enrolment; who is out of reach is asked.
      this.#tell(unreachable, this.#againMs);
    }
  }

  #tell(peers: readonly Party[], gapMs: number): void {
    if (this.#online && this.#running) this.#announcements.tell(peers, gapMs);
  }

  /**
   * Sends our statement to one party. A device uses the last key it knows even if that has ended: the statement is no
   * secret, and the service it is for sees by key and topic that this device has missed the new one.
   */
  #announce(to: Party): void {
    const { clock, directory, self } = this.#parts;
    const { tenant } = directory;
    const now = secondsOf(clock.now());
    const newest = this.#own.newest(now);
    const asked = self.role === 'device' ? this.#known.latest(to) : undefined;
    const recipient = this.#known.current(to, now) ?? asked;
    if (newest === undefined || recipient === undefined) return;
    const inbox = to.role === 'device' ? deviceTopic(tenant, to.party, 'down') : serviceTopic(tenant, to.party);
    const topic = self.role === 'device' ? deviceTopic(tenant, self.party, 'up') : inbox;
    this.#send(topic, this.#own.statementOf(newest), recipient);
  }
}
