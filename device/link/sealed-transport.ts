/**
 * Confidentiality on the way (design 4, T28): every frame leaves sealed for its receiver and comes in sealed for us. The
 * broker sees topics and size classes. There is no plain way past this: what cannot be sealed is not sent, what is not
 * sealed is dropped (T20). Above it, frames are what they were, so the journal keeps the signed bytes. Statements of
 * recipient keys travel beside the frames, sealed like them, so that keys are replaced while everybody goes on.
 */
import {
  type EpochMs,
  hex,
  ProtocolError,
  peekFrame,
  type RecipientPublicKey,
  secondsOf,
} from '../../protocol/index.ts';
import { isRecipientKey } from '../../protocol/recipient-key.ts';
import { envelopeKid } from '../../protocol/seal.ts';
import { StoreError } from '../errors.ts';
import type { Transport, TransportHandlers } from '../ports.ts';
import { DropLog } from './drop-log.ts';
import { ENVELOPES } from './envelopes.ts';
import { KeyExchange, type KeyExchangeParts } from './key-exchange.ts';

export type SealedTransportParts = KeyExchangeParts;

/** Not for us: on a topic that several parties read, most messages are somebody else's. */
const SOMEBODY_ELSES = 'seal-kid';

/**
 * A transport that seals, opens and replaces keys.
 * @throws DeviceError when own or learnt keys are kept and cannot be read.
 */
export function sealedTransport(inner: Transport, parts: SealedTransportParts): Transport {
  return new SealedTransport(inner, parts);
}

class SealedTransport implements Transport {
  readonly #inner: Transport;
  readonly #parts: SealedTransportParts;
  readonly #keys: KeyExchange;
  readonly #drops: DropLog;

  constructor(inner: Transport, parts: SealedTransportParts) {
    this.#inner = inner;
    this.#parts = parts;
    this.#drops = new DropLog(parts.log);
    this.#keys = new KeyExchange(parts, (topic, statement, recipient) =>
      inner.publish(topic, this.#seal(statement, recipient), () => {}),
    );
  }

  start(subscriptions: readonly string[], { onState, onMessage }: TransportHandlers): void {
    this.#keys.turn();
    this.#inner.start(subscriptions, {
      onState: (state) => {
        this.#keys.linkChanged(state === 'online');
        onState(state);
      },
      onMessage: (topic, payload, ack) => {
        const frame = this.#receive(topic, payload, ack);
        if (frame) onMessage(topic, frame, ack);
      },
    });
  }

  publish(topic: string, frame: Uint8Array, acked: () => void): void {
    const { clock, log } = this.#parts;
    const { aud } = peekFrame(frame);
    const recipient = this.#keys.recipientOf(aud, secondsOf(clock.now()));
    // Unsent is unacknowledged: whoever waits for an answer asks again.
    if (recipient) this.#inner.publish(topic, this.#seal(frame, recipient), acked);
    else log.write('error', 'seal-no-recipient-key', { party: aud });
  }

  stop(closed: () => void): void {
    this.#keys.stop();
    this.#inner.stop(closed);
  }

  #seal(message: Uint8Array, recipient: RecipientPublicKey): Uint8Array {
    const { directory, random, envelopes = ENVELOPES } = this.#parts;
    const { role } = recipient;
    const ephemeralSeed = random.bytes(32);
    return envelopes.seal({ frame: message, recipient, tenant: directory.tenant, role, ephemeralSeed });
  }

  /** @returns the frame in it, to be handed up and acknowledged there; everything else is dealt with here. */
  #receive(topic: string, payload: Uint8Array, ack: () => void): Uint8Array | undefined {
    const { clock, log } = this.#parts;
    const now = clock.now();
    try {
      const frame = this.#open(topic, payload, now);
      if (frame) return frame;
    } catch (error) {
      if (error instanceof StoreError) {
        // Not acknowledged: the broker keeps the statement until it can be stored.
        log.write('error', error.code);
        return undefined;
      }
      if (!(error instanceof ProtocolError)) throw error;
      if (error.code !== SOMEBODY_ELSES) this.#drops.note(error.code, now);
    }
    ack();
    return undefined;
  }

  /** The frame in an envelope; `undefined` for a statement, which is learnt. */
  #open(topic: string, payload: Uint8Array, now: EpochMs): Uint8Array | undefined {
    const { directory, self, envelopes = ENVELOPES } = this.#parts;
    const seconds = secondsOf(now);
    const kid = envelopeKid(payload);
    const keys = this.#keys.opening(seconds);
    if (!keys.has(hex(kid))) this.#keys.unopened(topic, kid);
    const message = envelopes.open(payload, { keys, tenant: directory.tenant, role: self.role });
    if (isRecipientKey(message)) {
      if (!this.#keys.learn(message, topic, kid, now)) this.#drops.note('link-flooded', now);
      return undefined;
    }
    const from = senderOf(message);
    if (from !== undefined) this.#keys.usedBy(from, kid, seconds);
    return message;
  }
}

function senderOf(frame: Uint8Array): string | undefined {
  try {
    return peekFrame(frame).iss;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
