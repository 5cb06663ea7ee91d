/** A sealed link with a tape in between: what its private keys are used for passes over it, the keys do not. */
import type { DeviceSettings, SealedTransportParts, Transport } from '../../device/index.ts';
import { ENVELOPES, type Envelopes } from '../../device/link/envelopes.ts';
import { hiddenTokens } from './hidden-tokens.ts';
import { recordedClock, recordedKey, recordedTransport } from './record-ports.ts';
import type { TapeWriter } from './tape-writer.ts';

export interface LinkParts {
  readonly inner: Transport;
  readonly parts: SealedTransportParts;
}

/** What the sealed transport of a device is to be made of, in place of these. Its random numbers go into keys only, and nowhere else. */
export function recordedLink(tape: TapeWriter, { inner, parts }: LinkParts, settings: DeviceSettings): LinkParts {
  const numbers = new WeakMap<Uint8Array, number>();
  const envelope = (payload: Uint8Array) => numbers.get(payload);
  return {
    inner: recordedTransport(tape, inner, { settings, envelope }),
    parts: {
      ...parts,
      clock: recordedClock(tape, parts.clock),
      frameKey: recordedKey(tape, parts.frameKey),
      stores: recordedStores(tape, parts.stores),
      envelopes: recordedEnvelopes(tape, settings, (made, number) => numbers.set(made, number)),
    },
  };
}

function recordedEnvelopes(
  tape: TapeWriter,
  settings: DeviceSettings,
  numbered: (envelope: Uint8Array, number: number) => void,
): Envelopes {
  return {
    keyPair: (seed) =>
      tape.told(
        'key-pair',
        [],
        () => ENVELOPES.keyPair(seed),
        ({ kid, publicKey }) => ({ kid, publicKey }),
      ),
    seal: (input) => {
      const number = tape.number();
      const envelope = tape.did('seal', [number, input.recipient.kid, tape.private(input.frame)], () =>
        ENVELOPES.seal(input),
      );
      numbered(envelope, number);
      return envelope;
    },
    open: (bytes, reader) =>
      tape.told(
        'opened',
        [],
        () => ENVELOPES.open(bytes, reader),
        (message) => hiddenTokens(tape.mask, message, settings),
      ),
  };
}

function recordedStores(
  tape: TapeWriter,
  { own, statements }: SealedTransportParts['stores'],
): SealedTransportParts['stores'] {
  return {
    own: {
      read: () =>
        tape.told(
          'own-keys',
          [],
          () => own.read(),
          (keys) => keys.map(({ notBefore, notAfter }) => ({ notBefore, notAfter })),
        ),
      keep: (key, statement) => tape.did('keep-key', [statement], () => own.keep(key, statement)),
      erase: (kid) => tape.did('erase-key', [kid], () => own.erase(kid)),
    },
    statements: {
      read: () => tape.told('statements', [], () => statements.read()),
      replace: (all) => tape.did('keep-statements', [all], () => statements.replace(all)),
    },
  };
}
