/**
 * Frames: one message from one party to another, signed, addressed, fresh. The external AAD binds profile, version, type,
 * receiver role, tenant and session, so that no frame can be read as another type, by another receiver or in another
 * enrolment (T5, T25); what the AAD says is never taken from the frame alone.
 */

import { isBytes } from './bytes.ts';
import { CBOR_LIMITS, type CborKey, type CborValue, decodePrivateCbor, encodeCbor } from './cbor.ts';
import { ProtocolError } from './errors.ts';
import type { Role } from './fields.ts';
import { FRAMES, type FrameType, frameTypeOf, type Message } from './frames.ts';
import { type Id16, id16, type SessionId, sessionId } from './ids.ts';
import { type ParsedSign1, parseSign1, type SigningKey, signSign1, verifyParsed } from './sign1.ts';
import { type EpochSeconds, epochSeconds } from './time.ts';
import type { TrustSet } from './trust.ts';
import { PROFILE, PROFILE_FLOOR, PROFILE_VERSION } from './version.ts';
import type { WireType } from './wire.ts';

/** A longer frame is refused before anything else is looked at (T21). */
export const FRAME_MAX_BYTES = CBOR_LIMITS.bytes;
/** The longest life a sender may give a frame (T2). */
export const FRAME_MAX_LIFETIME_S = 120;
/** How far two clocks may be apart, in both directions. */
export const CLOCK_SKEW_S = 30;

export interface Party {
  readonly party: string;
  readonly role: Role;
}

export interface FrameAddress {
  readonly tenant: string;
  readonly from: Party;
  readonly to: Party;
  /** The enrolment session of the device at one end; between services, {@link SERVICE_SESSION}. */
  readonly session: SessionId;
}

/** The session of frames that no device sends or receives. */
export const SERVICE_SESSION = '0000000000000000' as SessionId;

/** External AADs kept: they repeat with every frame of a peer, and writing one costs more than the other checks together. */
const KEPT_AADS = 1_024;
const keptAads = new Map<string, Uint8Array>();

function aadOf(typ: number, version: number, to: Role, tenant: string, session: SessionId): Uint8Array {
  // The one text of any length comes with its length, so that no two contexts have one name.
  const name = `${tenant.length} ${tenant} ${typ} ${version} ${to} ${session}`;
  const kept = keptAads.get(name);
  if (kept !== undefined) return kept;
  const made = encodeCbor([PROFILE, version, 'frame', typ, to, tenant, sessionId.encode(session, 'session')]);
  // A Map lists its oldest entry first; many peers cost writing, never memory.
  const [oldest] = keptAads.keys();
  if (oldest !== undefined && keptAads.size >= KEPT_AADS) keptAads.delete(oldest);
  keptAads.set(name, made);
  return made;
}

/**
 * Encodes, addresses and signs one message.
 * @param life issued-at and lifetime in seconds, at most {@link FRAME_MAX_LIFETIME_S}.
 * @throws ProtocolError `message-shape` for a body out of bounds, `frame-*` for an address the type does not allow,
 *   `time-range` for a clock that was never set, `cbor-too-long` beyond {@link FRAME_MAX_BYTES}.
 */
export function sealFrame(
  message: Message,
  address: FrameAddress,
  life: { readonly iat: EpochSeconds; readonly lifetimeS: number; readonly cti: Id16 },
  key: SigningKey,
): Uint8Array {
  const kind = FRAMES[message.type];
  const { from, to, tenant, session } = address;
  if (!(kind.from as readonly Role[]).includes(from.role) || !(kind.to as readonly Role[]).includes(to.role))
    throw new ProtocolError('frame-wrong-sender', `${message.type} does not go from ${from.role} to ${to.role}`);
  if (!Number.isInteger(life.lifetimeS) || life.lifetimeS < 1 || life.lifetimeS > FRAME_MAX_LIFETIME_S)
    throw new ProtocolError('frame-lifetime', `a frame lives 1 to ${FRAME_MAX_LIFETIME_S} seconds`);
  const [iat, exp] = [epochSeconds(life.iat), epochSeconds(life.iat + life.lifetimeS)];
  return signSign1({
    payload: encodeCbor((kind.body as WireType<unknown>).encode(message.body, message.type)),
    key,
    typ: kind.typ,
    version: PROFILE_VERSION,
    claims: { iss: from.party, aud: to.party, iat, exp, cti: id16.encode(life.cti, 'cti') },
    externalAad: aadOf(kind.typ, PROFILE_VERSION, to.role, tenant, session),
  });
}

/** What a frame says of itself before anything was verified: good for routing and dropping, for nothing else. */
export interface FramePeek {
  readonly type: FrameType;
  readonly version: number;
  readonly iss: string;
  readonly aud: string;
  readonly iat: EpochSeconds;
  readonly exp: EpochSeconds;
  /** Unique per frame; what duplicates are recognised by (T3). */
  readonly cti: Id16;
}

/** Parses the header of a frame, strictly, without verifying its signature. @throws ProtocolError */
export function peekFrame(bytes: Uint8Array): FramePeek {
  return peek(parse(bytes));
}

function parse(bytes: Uint8Array): ParsedSign1 {
  if (isBytes(bytes) && bytes.length > FRAME_MAX_BYTES)
    throw new ProtocolError('frame-too-long', `over ${FRAME_MAX_BYTES} bytes`);
  return parseSign1(bytes);
}

function peek({ header }: ParsedSign1): FramePeek {
  const type = frameTypeOf(header.typ);
  if (type === undefined) throw new ProtocolError('frame-unknown-type', 'no frame has this type number');
  const { iss, aud, iat, exp, cti } = header.claims ?? {};
  const { version } = header;
  if (iss === undefined || aud === undefined || iat === undefined || exp === undefined || cti?.length !== 16)
    throw new ProtocolError('frame-malformed', 'iss, aud, iat, exp and a 16-byte cti are required');
  if (version === undefined || version < PROFILE_FLOOR || version > PROFILE_VERSION)
    throw new ProtocolError('frame-version', `speaks another profile version than ${PROFILE_VERSION}`);
  return { type, version, iss, aud, iat: epochSeconds(iat), exp: epochSeconds(exp), cti: id16.decode(cti, 'cti') };
}

export type OpenFrame = Message & FramePeek & { readonly from: Party };

export interface FrameReader {
  readonly tenant: string;
  readonly self: Party;
  readonly trust: TrustSet;
  /** The enrolment session to expect from this sender; `undefined` refuses it. */
  sessionOf(sender: string): SessionId | undefined;
}

/**
 * Verifies and decodes a frame for one receiver at one time. Cheap checks come first; the signature is checked before the
 * body is looked at. The receiver still has to drop a `cti` it has seen (T2, T3).
 * @throws ProtocolError `frame-*`, `cose-*`, `cbor-*`, `time-range` or `message-shape`.
 */
export function openFrame(bytes: Uint8Array, reader: FrameReader, now: EpochSeconds): OpenFrame {
  const parsed = parse(bytes);
  const head = peek(parsed);
  const kind = FRAMES[head.type];
  if (head.aud !== reader.self.party || !(kind.to as readonly Role[]).includes(reader.self.role))
    throw new ProtocolError('frame-not-for-me', 'addressed to another party or role');
  if (head.exp <= head.iat || head.exp - head.iat > FRAME_MAX_LIFETIME_S)
    throw new ProtocolError('frame-lifetime', `a frame lives 1 to ${FRAME_MAX_LIFETIME_S} seconds`);
  // A clock without a time of ours compares false with everything, and would let everything through (T16).
  const instant = epochSeconds(now);
  if (head.iat > instant + CLOCK_SKEW_S) throw new ProtocolError('frame-not-yet-valid', 'issued in the future');
  if (head.exp <= instant - CLOCK_SKEW_S) throw new ProtocolError('frame-expired', 'its time is over');
  const key = reader.trust.find(parsed.header.kid, {
    tenant: reader.tenant,
    use: 'frame',
    roles: kind.from,
    at: instant,
  });
  const session = reader.sessionOf(head.iss);
  if (key.party !== head.iss || session === undefined)
    throw new ProtocolError('frame-wrong-sender', 'the key does not belong to the sender it names');
  const externalAad = aadOf(kind.typ, head.version, reader.self.role, reader.tenant, session);
  verifyParsed(parsed, { key, typ: kind.typ, externalAad });
  const body = (kind.body as WireType<unknown>).decode(withoutExtensions(decodePrivateCbor(parsed.payload)), head.type);
  // Named one by one: spreading `head` takes the engine longer than decoding the body.
  const { type, version, iss, aud, iat, exp, cti } = head;
  return { type, version, iss, aud, iat, exp, cti, body, from: { party: key.party, role: key.role } } as OpenFrame;
}

/**
 * A body without its extensions: the negative keys of its outermost map, which a later writer may add and which change
 * the meaning of nothing else (SPEC ACTC-VER-003). All other maps are closed, those of signed objects above all: nobody
 * confirms what no display can show.
 */
function withoutExtensions(payload: CborValue): CborValue {
  if (!(payload instanceof Map) || ![...payload.keys()].some(isExtension)) return payload;
  return new Map([...payload].filter(([key]) => !isExtension(key)));
}

function isExtension(key: CborKey): boolean {
  return typeof key === 'number' && key < 0;
}
