/** The ports of a device with a tape in between, one by one. */

import type { AgentPorts } from '../../device/agent-ports.ts';
import type { Clock, DeviceSettings, Journal, Random, Transport } from '../../device/index.ts';
import type { Signer } from '../../device/signer/port.ts';
import type { Message, SigningKey } from '../../protocol/index.ts';
import { hiddenTokens } from './hidden-tokens.ts';
import { digestOfValue } from './tape.ts';
import type { TapeWriter } from './tape-writer.ts';

export function recordedKey(tape: TapeWriter, inner: SigningKey): SigningKey {
  return { kid: inner.kid, sign: (toBeSigned) => tape.told('signature', [], () => inner.sign(toBeSigned)) };
}

export function recordedClock(tape: TapeWriter, inner: Clock): Clock {
  return {
    now: () => tape.told('now', [], () => inner.now()),
    after: (delayMs, fire) => {
      const number = tape.number();
      const stop = tape.did('timer', [number, delayMs], () =>
        inner.after(delayMs, () => tape.enter('timer', [number], fire)),
      );
      return () => tape.did('stop-timer', [number], stop);
    },
  };
}

export function recordedRandom(tape: TapeWriter, inner: Random): Random {
  return {
    bytes: (length) =>
      tape.told(
        'random',
        [],
        () => inner.bytes(length),
        (bytes) => tape.private(bytes),
      ),
  };
}

export function recordedJournal(tape: TapeWriter, name: string, inner: Journal): Journal {
  const { rotate } = inner;
  return {
    read: () =>
      tape.told(
        'records',
        [name],
        () => inner.read(),
        (records) => (tape.withWords ? records : records.length),
      ),
    append: (records) => {
      const shown = tape.withWords ? records.map((one) => tape.digest(one)) : records.length;
      tape.did('append', [name, shown], () => inner.append(records));
    },
    ...(rotate && {
      rotate: (first: readonly Uint8Array[]) =>
        tape.told('rotate', [name, first.length], () => rotate.call(inner, first)),
    }),
    close: () => inner.close(),
  };
}

/** Where a payload is an envelope, the number that it was given when it was sealed. */
export type NumberOf = (payload: Uint8Array) => number | undefined;

export function recordedTransport(
  tape: TapeWriter,
  inner: Transport,
  { settings, envelope = () => undefined }: { readonly settings: DeviceSettings; readonly envelope?: NumberOf },
): Transport {
  let messages = 0;
  return {
    start: (topics, handlers) =>
      tape.did('subscribe', [topics], () =>
        inner.start(topics, {
          onState: (state) => tape.enter('link', [state], () => handlers.onState(state)),
          onMessage: (topic, payload, ack) => {
            messages += 1;
            const number = messages;
            tape.enter('message', [number, topic, hiddenTokens(tape.mask, payload, settings)], () =>
              handlers.onMessage(topic, payload, () => tape.did('ack', [number], ack)),
            );
          },
        }),
      ),
    publish: (topic, payload, acked) =>
      tape.did('publish', [topic, envelope(payload) ?? tape.private(payload)], () =>
        inner.publish(topic, payload, acked),
      ),
    stop: (closed) => tape.did('disconnect', [], () => inner.stop(() => tape.enter('disconnected', [], closed))),
  };
}

export function recordedSigner(tape: TapeWriter, inner: Signer): Signer {
  const { takeOrder } = inner;
  return {
    confirm: (request, answer) => {
      const number = tape.number();
      tape.did('confirm', [number, request.kind, digestOfValue(request)], () =>
        inner.confirm(request, (given) => tape.enter('signer', [number, given], () => answer(given))),
      );
    },
    withdraw: () => tape.did('withdraw', [], () => inner.withdraw()),
    ...(takeOrder && {
      takeOrder: (order: Uint8Array, answer: Parameters<typeof takeOrder>[1]) => {
        const number = tape.number();
        tape.did('lock-order', [number, order], () =>
          takeOrder.call(inner, order, (taken) => tape.enter('lock-taken', [number, taken], () => answer(taken))),
        );
      },
    }),
  };
}

type Audit = NonNullable<AgentPorts['audit']>;

/** Only what a device asks of it; the rest belongs to who has made it. */
export function recordedAudit(tape: TapeWriter, inner: Audit): Audit {
  return {
    get history() {
      return tape.told('history', [], () => inner.history);
    },
    journal: { tree: { frontier: () => tape.told('frontier', [], () => inner.journal.tree.frontier()) } },
    connect(send: (message: Message) => void) {
      tape.did('witness', [], () =>
        inner.connect((message) => tape.enter('to-witness', [message], () => send(message))),
      );
    },
    answered(answer: Parameters<typeof inner.answered>[0]) {
      tape.did('cosignature', [digestOfValue(answer)], () => inner.answered(answer));
    },
    checkpoint: () => tape.did('checkpoint', [], () => inner.checkpoint()),
    stop: () => tape.did('no-witness', [], () => inner.stop()),
  } as unknown as Audit;
}
