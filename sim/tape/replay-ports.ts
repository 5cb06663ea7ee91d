/** Ports that lead back to a tape: each answers as it is told there. */
import type { AgentPorts } from '../../device/agent-ports.ts';
import type { Clock, Journal, Random, SealedTransportParts, Transport } from '../../device/index.ts';
import type { Envelopes } from '../../device/link/envelopes.ts';
import type { StoredRecipientKey } from '../../device/link/recipient-stores.ts';
import type { Signer } from '../../device/signer/port.ts';
import type { EpochMs, Message, RecipientPrivateKey, SigningKey } from '../../protocol/index.ts';
import { digestOfBytes, digestOfValue } from './tape.ts';
import type { TapePlayer } from './tape-player.ts';

export function replayedKey(tape: TapePlayer, kid: Uint8Array): SigningKey {
  return { kid, sign: () => tape.told('signature')[0] as Uint8Array };
}

export function replayedClock(tape: TapePlayer): Clock {
  return {
    now: () => tape.told('now')[0] as EpochMs,
    after: (delayMs, fire) => {
      const number = tape.number();
      tape.await('timer', number, fire);
      tape.did('timer', number, delayMs);
      return () => tape.did('stop-timer', number);
    },
  };
}

export function replayedRandom(tape: TapePlayer): Random {
  return { bytes: () => tape.told('random')[0] as Uint8Array };
}

export function replayedJournal(tape: TapePlayer, name: string): Journal {
  return {
    read: () => tape.told('records', name)[0] as Uint8Array[],
    append: (records) => tape.did('append', name, records.map(digestOfBytes)),
    rotate: (first) => tape.told('rotate', name, first.length)[0] as boolean,
    close: () => {},
  };
}

/** @param numberOf of an envelope, where frames are sealed. */
export function replayedTransport(
  tape: TapePlayer,
  numberOf: (payload: Uint8Array) => number | undefined = () => undefined,
): Transport {
  return {
    start: (topics, handlers) => {
      tape.await('link', undefined, handlers.onState);
      tape.await('message', undefined, (number: number, topic: string, payload: Uint8Array) => {
        handlers.onMessage(topic, payload, () => tape.did('ack', number));
      });
      tape.did('subscribe', topics);
    },
    publish: (topic, payload) => tape.did('publish', topic, numberOf(payload) ?? payload),
    stop: (closed) => {
      tape.await('disconnected', undefined, closed);
      tape.did('disconnect');
    },
  };
}

export function replayedSigner(tape: TapePlayer): Signer {
  return {
    confirm: (request, answer) => {
      const number = tape.number();
      tape.await('signer', number, (_number: number, given: Parameters<typeof answer>[0]) => answer(given));
      tape.did('confirm', number, request.kind, digestOfValue(request));
    },
    withdraw: () => tape.did('withdraw'),
    takeOrder: (order, answer) => {
      const number = tape.number();
      tape.await('lock-taken', number, (_number: number, taken: Parameters<typeof answer>[0]) => answer(taken));
      tape.did('lock-order', number, order);
    },
  };
}

export function replayedSurfaces(tape: TapePlayer): Pick<AgentPorts, 'display' | 'speaker' | 'ear'> {
  return {
    display: { show: (page) => tape.did('show', page), clear: () => tape.did('clear') },
    speaker: { say: (text, locale) => tape.did('say', text, locale) },
    ear: {
      listen: (request, on) => {
        const number = tape.number();
        tape.await('ear', number, (_number: number, event: Parameters<typeof on>[0]) => on(event));
        tape.did('listen', number, request);
        return () => tape.did('stop-listening', number);
      },
    },
  };
}

type Audit = NonNullable<AgentPorts['audit']>;

export function replayedAudit(tape: TapePlayer): Audit {
  return {
    get history() {
      return tape.told('history')[0];
    },
    journal: { tree: { frontier: () => tape.told('frontier')[0] } },
    connect(send: (message: Message) => void) {
      tape.await('to-witness', undefined, send);
      tape.did('witness');
    },
    answered: (answer: unknown) => tape.did('cosignature', digestOfValue(answer)),
    checkpoint: () => tape.did('checkpoint'),
    stop: () => tape.did('no-witness'),
  } as unknown as Audit;
}

/** A private key without what is private of it. */
export function publicPart(kid: Uint8Array, publicKey: Uint8Array): RecipientPrivateKey {
  const agree = () => {
    throw new Error('no private key is on a tape');
  };
  return { kid, publicKey, agree };
}

/** What seals, opens and keeps keys under a sealed transport, and that transport's own way to the broker. */
export function replayedLink(
  tape: TapePlayer,
): Pick<SealedTransportParts, 'stores'> & { readonly envelopes: Envelopes; readonly inner: Transport } {
  const numbers = new WeakMap<Uint8Array, number>();
  const envelopes: Envelopes = {
    keyPair: () => {
      const [made] = tape.told('key-pair') as readonly [{ readonly kid: Uint8Array; readonly publicKey: Uint8Array }];
      return publicPart(made.kid, made.publicKey);
    },
    seal: ({ recipient, frame }) => {
      const number = tape.number();
      tape.did('seal', number, recipient.kid, frame);
      const envelope = new Uint8Array();
      numbers.set(envelope, number);
      return envelope;
    },
    open: () => tape.told('opened')[0] as Uint8Array,
  };
  const stores: SealedTransportParts['stores'] = {
    own: {
      read: () => {
        const [kept] = tape.told('own-keys') as readonly [readonly Omit<StoredRecipientKey, 'seed'>[]];
        return kept.map((one) => ({ ...one, seed: new Uint8Array() }));
      },
      keep: (_key, statement) => tape.did('keep-key', statement),
      erase: (kid) => tape.did('erase-key', kid),
    },
    statements: {
      read: () => tape.told('statements')[0] as readonly Uint8Array[],
      replace: (all) => tape.did('keep-statements', all),
    },
  };
  return { envelopes, stores, inner: replayedTransport(tape, (payload) => numbers.get(payload)) };
}
