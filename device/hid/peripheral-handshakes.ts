/** The signer's side of pairing and of opening a session. Each step is taken once; what comes out of turn is refused (ACT-HID.md §5). */

import { type AgreementKey, x25519Key } from '../../protocol/crypto.ts';
import { concatBytes } from '../../protocol/index.ts';
import type { Random } from '../ports.ts';
import type { HidError } from './commands.ts';
import { uint32 } from './framing.ts';
import {
  type Agreement,
  agree,
  type Beginning,
  codeOf,
  type IdentityKey,
  isCommitted,
  isSoundKey,
  KEY_BYTES,
  PROOF_BYTES,
  prove,
  provenBy,
  sessionKeys,
} from './handshake.ts';
import { HID_VERSION, HID_VERSION_FLOOR } from './limits.ts';
import type { PairedHosts } from './paired-hosts.ts';
import { SecureSession } from './session.ts';

export type Refused = { readonly error: HidError };
/** A channel, and the nonce for which it was given. */
export interface Line {
  readonly channel: number;
  readonly nonce: Uint8Array;
}

type Pending =
  | {
      readonly kind: 'committed';
      readonly beginning: Beginning;
      readonly commitment: Uint8Array;
      readonly own: AgreementKey;
    }
  | { readonly kind: 'greeted'; readonly agreement: Agreement; readonly proof: Uint8Array };

interface HandshakeParts {
  readonly identity: IdentityKey;
  readonly hosts: PairedHosts;
  readonly random: Random;
}

export class Handshakes {
  readonly #parts: HandshakeParts;
  /** One for each channel at most. */
  readonly #pending = new Map<number, Pending>();

  constructor(parts: HandshakeParts) {
    this.#parts = parts;
  }

  forget(channel: number): void {
    this.#pending.delete(channel);
  }

  /** PAIR-COMMIT: version, commitment to the host's fresh key. The answer is the signer's. */
  commit(line: Line, payload: Uint8Array): { readonly reply: Uint8Array } | Refused {
    const begun = this.#begin('pair', line, payload);
    if ('error' in begun) return begun;
    const { beginning, own, said: commitment } = begun;
    this.#pending.set(line.channel, { kind: 'committed', beginning, own, commitment });
    return { reply: own.publicKey };
  }

  /**
   * PAIR-REVEAL: the host's fresh key and its proof. Gives the digits to compare, and what to tell the host once the wearer
   * has confirmed.
   */
  reveal(
    { channel }: Line,
    payload: Uint8Array,
  ): { readonly host: Uint8Array; readonly code: string; readonly reply: Uint8Array } | Refused {
    const pending = this.#take(channel, 'committed');
    if (!pending || payload.length !== KEY_BYTES + PROOF_BYTES) return { error: pending ? 'body' : 'turn' };
    const ephemeral = payload.slice(0, KEY_BYTES);
    if (!isCommitted(pending.commitment, ephemeral)) return { error: 'refused' };
    const { beginning, own } = pending;
    const agreement = agree(beginning, own, { host: ephemeral, signer: own.publicKey });
    const host = agreement && provenBy(agreement, 'host', payload.slice(KEY_BYTES));
    if (!host || !isSoundKey(host)) return { error: 'refused' };
    return { host, code: codeOf(agreement), reply: prove(agreement, 'signer', this.#parts.identity, host) };
  }

  /** HELLO: version, the host's fresh key. The answer is the signer's, and the proof of who it is. */
  hello(line: Line, payload: Uint8Array): { readonly reply: Uint8Array } | Refused {
    const begun = this.#begin('session', line, payload);
    if ('error' in begun) return begun;
    const { beginning, own, said: ephemeral } = begun;
    const agreement = agree(beginning, own, { host: ephemeral, signer: own.publicKey });
    if (!agreement) return { error: 'refused' };
    const proof = prove(agreement, 'signer', this.#parts.identity);
    this.#pending.set(line.channel, { kind: 'greeted', agreement, proof });
    return { reply: concatBytes(own.publicKey, proof) };
  }

  /** PROVE: the host's proof, about this very signer. Only a paired host gets a session. */
  prove(
    { channel }: Line,
    payload: Uint8Array,
  ): { readonly host: Uint8Array; readonly secure: SecureSession } | Refused {
    const pending = this.#take(channel, 'greeted');
    if (!pending) return { error: 'turn' };
    const { agreement, proof } = pending;
    const host = provenBy(agreement, 'host', payload, this.#parts.identity.publicKey);
    if (!host) return { error: 'refused' };
    if (!this.#parts.hosts.has(host)) return { error: 'not-paired' };
    const keys = sessionKeys(agreement, 'signer', { host: payload, signer: proof });
    return { host, secure: new SecureSession(keys, uint32(channel)) };
  }

  /** A message that begins something: one byte of version and 32 of what it is about. What was begun before is over. */
  #begin(
    kind: Beginning['kind'],
    { channel, nonce }: Line,
    payload: Uint8Array,
  ): { readonly beginning: Beginning; readonly own: AgreementKey; readonly said: Uint8Array } | Refused {
    this.forget(channel);
    const [version = 0] = payload;
    if (payload.length !== 1 + KEY_BYTES) return { error: 'body' };
    if (version < HID_VERSION_FLOOR || version > HID_VERSION) return { error: 'version' };
    const offered = { version: HID_VERSION, floor: HID_VERSION_FLOOR };
    const own = x25519Key(this.#parts.random.bytes(KEY_BYTES));
    return { beginning: { kind, version, offered, nonce, channel }, own, said: payload.slice(1) };
  }

  #take<K extends Pending['kind']>(channel: number, kind: K): Extract<Pending, { kind: K }> | undefined {
    const pending = this.#pending.get(channel);
    this.forget(channel);
    return pending?.kind === kind ? (pending as Extract<Pending, { kind: K }>) : undefined;
  }
}
