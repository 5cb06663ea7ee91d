/** What can be asked of a signer without a session: who it says it is, to show itself, and to be paired. */
import { ProtocolError } from '../../protocol/index.ts';
import type { IdentityKey } from './handshake.ts';
import { HostChannel, type HostPorts } from './host-channel.ts';
import { faultOf, type HostFault, type PairingOutcome, pairOn } from './host-handshake.ts';
import { decodeInfo, type SignerInfo } from './messages.ts';
import type { ReportLink } from './report-link.ts';

export type InfoOutcome =
  | { readonly ok: true; readonly info: SignerInfo }
  | { readonly ok: false; readonly fault: HostFault };
export type WinkOutcome = { readonly ok: true } | { readonly ok: false; readonly fault: HostFault };

/** Reads what a signer says of itself. Nothing of it is proven. `done` once; the link stays the caller's. */
export function readSignerInfo(link: ReportLink, ports: HostPorts, done: (outcome: InfoOutcome) => void): void {
  visit(link, ports, 'info', (payload) => done(typeof payload === 'string' ? no(payload) : infoIn(payload)));
}

/** Has a signer show which one it is. */
export function winkSigner(link: ReportLink, ports: HostPorts, done: (outcome: WinkOutcome) => void): void {
  visit(link, ports, 'wink', (payload) => done(typeof payload === 'string' ? no(payload) : { ok: true }));
}

interface Pairing extends HostPorts {
  readonly key: IdentityKey;
  /** Gets the six digits that the wearer compares with those on the signer. */
  readonly show: (code: string) => void;
}

/**
 * Pairs with the signer on a link. The person must have seen the same digits on both before the key in the outcome is kept.
 * @returns takes the pairing back; `done` follows nevertheless.
 */
export function pairSigner(link: ReportLink, pairing: Pairing, done: (outcome: PairingOutcome) => void): () => void {
  const channel = new HostChannel(link, pairing);
  pairOn(channel, pairing.key, pairing, pairing.show, (outcome) => {
    channel.close();
    done(outcome);
  });
  return () => channel.send('cancel', new Uint8Array(0));
}

function visit(
  link: ReportLink,
  ports: HostPorts,
  command: 'info' | 'wink',
  done: (answer: Uint8Array | HostFault) => void,
): void {
  const channel = new HostChannel(link, ports);
  const leave = (answer: Uint8Array | HostFault) => {
    channel.close();
    done(answer);
  };
  channel.open((opened) => {
    if (!opened.ok) return leave(faultOf(opened.why));
    channel.exchange(command, new Uint8Array(0), (reply) => leave(reply.ok ? reply.payload : faultOf(reply.why)));
  });
}

function infoIn(payload: Uint8Array): InfoOutcome {
  try {
    return { ok: true, info: decodeInfo(payload) };
  } catch (error) {
    if (error instanceof ProtocolError) return no('signer-refused');
    throw error;
  }
}

function no(fault: HostFault): { readonly ok: false; readonly fault: HostFault } {
  return { ok: false, fault };
}
