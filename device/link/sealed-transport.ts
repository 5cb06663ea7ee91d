/**
 * Confidentiality on the way (design 4, T28): every frame leaves sealed for its receiver and comes in sealed for us. The
 * broker sees topics and size classes. There is no plain way past this: what cannot be sealed is not sent, what is not
 * sealed is dropped (T20). Above it, frames are what they were, so the journal keeps the signed bytes.
 */
import {
  type OwnRecipientKey,
  openEnvelope,
  openingKeys,
  type Party,
  ProtocolError,
  peekFrame,
  type RecipientKeySet,
  sealEnvelope,
  secondsOf,
} from '../../protocol/index.ts';
import type { Clock, Log, Random, Transport } from '../ports.ts';
import { DropLog } from './drop-log.ts';

export interface SealedTransportParts {
  readonly self: Party;
  readonly tenant: string;
  /** The keys of the others. */
  readonly recipients: RecipientKeySet;
  /** Our own, the current one and those before it that may still be needed. */
  readonly own: readonly OwnRecipientKey[];
  /** Which role a party of this tenant has; `undefined` for nobody we know. */
  readonly roleOf: (party: string) => Party['role'] | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Not for us: on a topic that several parties read, most messages are somebody else's. */
const SOMEBODY_ELSES = 'seal-kid';

export function sealedTransport(inner: Transport, parts: SealedTransportParts): Transport {
  const { self, tenant, recipients, own, roleOf, clock, random, log } = parts;
  const drops = new DropLog(log);

  function seal(frame: Uint8Array): Uint8Array | undefined {
    const { aud } = peekFrame(frame);
    const role = roleOf(aud);
    const recipient = role && recipients.current({ party: aud, role }, secondsOf(clock.now()));
    if (!role || !recipient) {
      log.write('error', 'seal-no-recipient-key');
      return undefined;
    }
    return sealEnvelope({ frame, recipient, tenant, role, ephemeralSeed: random.bytes(32) });
  }

  return {
    start: (subscriptions, { onState, onMessage }) =>
      inner.start(subscriptions, {
        onState,
        onMessage(topic, payload, ack) {
          let frame: Uint8Array;
          try {
            const keys = openingKeys(own, secondsOf(clock.now()));
            frame = openEnvelope(payload, { keys, tenant, role: self.role });
          } catch (error) {
            if (!(error instanceof ProtocolError)) throw error;
            if (error.code !== SOMEBODY_ELSES) drops.note(error.code, clock.now());
            return ack();
          }
          onMessage(topic, frame, ack);
        },
      }),
    publish(topic, frame, acked) {
      const sealed = seal(frame);
      // Unsent is unacknowledged: whoever waits for an answer asks again.
      if (sealed) inner.publish(topic, sealed, acked);
    },
    stop: (closed) => inner.stop(closed),
  };
}
