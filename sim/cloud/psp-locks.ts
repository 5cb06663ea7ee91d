/**
 * Devices that were reported lost (T18). From the moment a lock is acknowledged to whoever asked for it, nothing of the
 * device is paid; telling the device itself takes as long as it takes, so the order is sent again until it is acknowledged.
 */
import { type EpochMs, type ObjectValue, type SigningKey, secondsOf, signObject } from '../../protocol/index.ts';
import type { Drop, FrameOf, Outgoing, Reaction } from './handler.ts';

/** How soon an order that nobody acknowledged is sent again: doubling between these. */
export const LOCK_AGAIN_MS = { first: 2_000, most: 300_000 } as const;
/** A device that is heard before it has acknowledged is told at once, but not more often than this. */
const HEARD_MS = 1_000;

type LockState = ObjectValue<'lock-order'>['state'];

interface Standing {
  readonly state: LockState;
  readonly version: number;
  /** Was replaced: it is never unlocked again, so its tokens are dead with it. */
  readonly isRetired: boolean;
  readonly order: Uint8Array;
  isAcked: boolean;
  sentAt: EpochMs;
  nextAt: EpochMs;
  waitMs: number;
}

export class DeviceLocks {
  readonly #key: SigningKey;
  readonly #standings = new Map<string, Standing>();

  constructor(objectKey: SigningKey) {
    this.#key = objectKey;
  }

  isLocked(device: string): boolean {
    return this.#standings.get(device)?.state === 'locked';
  }

  isRetired(device: string): boolean {
    return this.#standings.get(device)?.isRetired ?? false;
  }

  /** Locks at once; what is locked stays so. @returns the order for the device. */
  lock(device: string, now: EpochMs, isRetired = false): readonly Outgoing[] {
    const known = this.#standings.get(device);
    if (known?.state === 'locked' && (known.isRetired || !isRetired)) return [];
    return this.#order(device, 'locked', isRetired, now);
  }

  /** Lifts a lock; one that was set for good stays. */
  unlock(device: string, now: EpochMs): readonly Outgoing[] | Drop {
    if (this.isRetired(device)) return { drop: 'device-retired' };
    return this.isLocked(device) ? this.#order(device, 'unlocked', false, now) : [];
  }

  acknowledged({ from, body }: FrameOf<'lock-ack'>): Reaction {
    const standing = this.#standings.get(from.party);
    if (standing?.version !== body.version || standing.state !== body.state) return { drop: 'lock-ack-differs' };
    standing.isAcked = true;
    return [];
  }

  /** A device was heard that does not know yet how it stands: it can be reached now. */
  heard(device: string, now: EpochMs): readonly Outgoing[] {
    const standing = this.#standings.get(device);
    if (!standing || standing.isAcked || now < standing.sentAt + HEARD_MS) return [];
    return [this.#send(device, standing, now)];
  }

  wakeAt(): EpochMs | undefined {
    const times = [...this.#standings.values()].filter(({ isAcked }) => !isAcked).map(({ nextAt }) => nextAt);
    return times.length > 0 ? (Math.min(...times) as EpochMs) : undefined;
  }

  tick(now: EpochMs): readonly Outgoing[] {
    const due = [...this.#standings].filter(([, { isAcked, nextAt }]) => !isAcked && nextAt <= now);
    return due.map(([device, standing]) => this.#send(device, standing, now));
  }

  /** Versions follow the time, so that an order is newer than any before it even where the books were lost (T4). */
  #order(device: string, state: LockState, isRetired: boolean, now: EpochMs): readonly Outgoing[] {
    const issuedAt = secondsOf(now);
    const version = Math.max((this.#standings.get(device)?.version ?? 0) + 1, issuedAt);
    const order = signObject('lock-order', { device, state, version, issuedAt }, this.#key);
    const times = { sentAt: now, nextAt: now, waitMs: LOCK_AGAIN_MS.first };
    const standing = { ...{ state, version, isRetired, order, isAcked: false }, ...times };
    this.#standings.set(device, standing);
    return [this.#send(device, standing, now)];
  }

  #send(device: string, standing: Standing, now: EpochMs): Outgoing {
    standing.sentAt = now;
    standing.nextAt = (now + standing.waitMs) as EpochMs;
    standing.waitMs = Math.min(standing.waitMs * 2, LOCK_AGAIN_MS.most);
    return { to: { party: device, role: 'device' }, message: { type: 'device-lock', body: { order: standing.order } } };
  }
}
