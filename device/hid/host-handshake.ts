/** The host's side of opening a session, and of pairing. The signer's answers are checked as any peer's (ACT-HID.md §5). */

import { type AgreementKey, x25519Key } from '../../protocol/crypto.ts';
import { concatBytes, equalBytes } from '../../protocol/index.ts';
import { uint32 } from './framing.ts';
import {
  type Agreement,
  agree,
  type Beginning,
  codeOf,
  commitmentTo,
  type IdentityKey,
  isSoundKey,
  KEY_BYTES,
  PROOF_BYTES,
  prove,
  provenBy,
  sessionKeys,
} from './handshake.ts';
import type { HostChannel, HostPorts, Reply } from './host-channel.ts';
import { HID_VERSION, HID_VERSION_FLOOR } from './limits.ts';
import { SecureSession } from './session.ts';

/**
 * Why a signer cannot be used, as it stands in a `failed` answer: nobody there; unplugged in the middle; without memory of the
 * session; no answer; busy with
 * another host; this host is not paired; a version below the floor (T20); another signer than the paired one (T11); refused.
 */
export type HostFault =
  | 'signer-absent'
  | 'signer-gone'
  | 'signer-restarted'
  | 'signer-timed-out'
  | 'signer-busy'
  | 'signer-unpaired'
  | 'signer-version'
  | 'signer-other'
  | 'signer-refused';

const FAULTS: Partial<Readonly<Record<Extract<Reply, { ok: false }>['why'], HostFault>>> = {
  gone: 'signer-gone',
  busy: 'signer-busy',
  'not-paired': 'signer-unpaired',
  version: 'signer-version',
  // What a lost report leads to.
  ...{ silent: 'signer-timed-out', timeout: 'signer-timed-out', crc: 'signer-timed-out', sequence: 'signer-timed-out' },
  ...{ channel: 'signer-timed-out', session: 'signer-timed-out', turn: 'signer-timed-out' },
};

export function faultOf(why: Extract<Reply, { ok: false }>['why']): HostFault {
  return FAULTS[why] ?? 'signer-refused';
}

type Outcome<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly fault: HostFault };

interface HostIdentity {
  /** The host's pairing key. */
  readonly key: IdentityKey;
  /** The identity key of the signer it is paired with. */
  readonly signer: Uint8Array;
}

/** Asks for a channel and finds out which version both speak. */
function begin(
  kind: Beginning['kind'],
  channel: HostChannel,
  done: (outcome: Outcome<{ readonly beginning: Beginning }>) => void,
): void {
  channel.open((reply) => {
    const init = channel.beginning;
    if (!reply.ok || !init) return done({ ok: false, fault: reply.ok ? 'signer-refused' : faultOf(reply.why) });
    if (init.version < HID_VERSION_FLOOR || init.floor > HID_VERSION)
      return done({ ok: false, fault: 'signer-version' });
    const { nonce, channel: number, version, floor } = init;
    const offered = { version, floor };
    done({ ok: true, beginning: { kind, version: Math.min(version, HID_VERSION), offered, nonce, channel: number } });
  });
}

/** Opens a session with the signer that this host is paired with, and with no other. */
export function openSession(
  channel: HostChannel,
  { key, signer }: HostIdentity,
  { random }: HostPorts,
  done: (outcome: Outcome<{ readonly secure: SecureSession }>) => void,
): void {
  const fail = (fault: HostFault) => done({ ok: false, fault });
  begin('session', channel, (begun) => {
    if (!begun.ok) return done(begun);
    const { beginning } = begun;
    const own = x25519Key(random.bytes(KEY_BYTES));
    channel.exchange('hello', concatBytes(Uint8Array.of(beginning.version), own.publicKey), (reply) => {
      if (!reply.ok) return fail(faultOf(reply.why));
      const greeted = greetedBy(reply.payload, beginning, own);
      // A signer that proves nothing is none; one that proves to be another must not see who this host is.
      if (!greeted || !equalBytes(greeted.signer, signer)) return fail('signer-other');
      const { agreement, proof: theirs } = greeted;
      const ours = prove(agreement, 'host', key, signer);
      channel.exchange('prove', ours, (last) => {
        if (!last.ok) return fail(faultOf(last.why));
        const keys = sessionKeys(agreement, 'host', { host: ours, signer: theirs });
        const secure = new SecureSession(keys, uint32(beginning.channel));
        if (secure.open(last.payload)?.plaintext.length === 0) done({ ok: true, secure });
        else fail('signer-other');
      });
    });
  });
}

interface Greeted {
  readonly agreement: Agreement;
  readonly signer: Uint8Array;
  readonly proof: Uint8Array;
}

/** The signer's fresh key and its proof. */
function greetedBy(payload: Uint8Array, beginning: Beginning, own: AgreementKey): Greeted | undefined {
  if (payload.length !== KEY_BYTES + PROOF_BYTES) return undefined;
  const agreement = agree(beginning, own, { host: own.publicKey, signer: payload.slice(0, KEY_BYTES) });
  const proof = payload.slice(KEY_BYTES);
  const signer = agreement && provenBy(agreement, 'signer', proof);
  return signer && { agreement, signer, proof };
}

export type PairingFault = HostFault | 'pairing-declined' | 'pairing-timed-out';

export type PairingOutcome =
  | { readonly ok: true; readonly signer: Uint8Array }
  | { readonly ok: false; readonly fault: PairingFault };

/**
 * Pairs with whatever signer is on the channel. `show` gets the digits for the wearer to compare with those on the signer;
 * a person who did not see the same on both must not keep the signer's key that `done` gets.
 */
export function pairOn(
  channel: HostChannel,
  key: IdentityKey,
  { random }: HostPorts,
  show: (code: string) => void,
  done: (outcome: PairingOutcome) => void,
): void {
  const fail = (fault: PairingFault) => done({ ok: false, fault });
  begin('pair', channel, (begun) => {
    if (!begun.ok) return done(begun);
    const { beginning } = begun;
    const own = x25519Key(random.bytes(KEY_BYTES));
    const commitment = concatBytes(Uint8Array.of(beginning.version), commitmentTo(own.publicKey));
    channel.exchange('pair-commit', commitment, (reply) => {
      if (!reply.ok) return fail(faultOf(reply.why));
      const agreement = agree(beginning, own, { host: own.publicKey, signer: reply.payload });
      if (!agreement) return fail('signer-other');
      show(codeOf(agreement));
      channel.exchange('pair-reveal', concatBytes(own.publicKey, prove(agreement, 'host', key)), (last) => {
        if (!last.ok) return fail(pairingFaultOf(last.why));
        const signer = provenBy(agreement, 'signer', last.payload, key.publicKey);
        if (signer && isSoundKey(signer)) done({ ok: true, signer });
        else fail('signer-other');
      });
    });
  });
}

function pairingFaultOf(why: Extract<Reply, { ok: false }>['why']): PairingFault {
  return why === 'declined' || why === 'timed-out' ? `pairing-${why}` : faultOf(why);
}
