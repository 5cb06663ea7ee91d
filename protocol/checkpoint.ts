/**
 * Signed tree heads in the form that witnesses of transparency logs share: a C2SP signed note (`c2sp.org/signed-note`) that
 * holds a checkpoint (`c2sp.org/tlog-checkpoint`), and cosignatures with their time (`c2sp.org/tlog-cosignature`).
 */
import { base64url, concatBytes, equalBytes, fromBase64url, hex, utf8 } from './bytes.ts';
import { sha256 } from './crypto.ts';
import { verifyEd25519 } from './ed25519.ts';
import { ProtocolError } from './errors.ts';
import type { TreeHead } from './merkle.ts';
import type { EpochSeconds } from './time.ts';

/** What a log says of itself. */
export interface Checkpoint extends TreeHead {
  /** The log's name: one line without spaces or plus signs, 1 to 128 characters of visible ASCII. */
  readonly origin: string;
}

/** Who signs a note: the name under which its key is known. */
export interface NoteKey {
  readonly name: string;
  readonly publicKey: Uint8Array;
}

/** A note key that can sign. */
export interface NoteSigner extends NoteKey {
  sign(message: Uint8Array): Uint8Array;
}

const [ED25519, COSIGNATURE] = [0x01, 0x04];
const NAME = /^[!-*,-~]{1,128}$/;
const VERIFIER = /^([!-*,-~]{1,128})\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/;
const SIZE = /^(0|[1-9][0-9]{0,15})$/;
const SIGNATURE_LINE = /^\u2014 ([!-*,-~]{1,128}) ([A-Za-z0-9+/]+={0,2})$/;
/** A longer note is refused before it is looked at. */
const MAX_CHARS = 8_192;
const MAX_SIGNATURES = 16;

/** The text that is signed. @throws ProtocolError `note-malformed` for a name or a head that cannot stand in it. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  if (!NAME.test(origin) || !Number.isSafeInteger(size) || size < 0 || root.length !== 32)
    throw new ProtocolError('note-malformed', 'a checkpoint has a name, a size and a root of 32 bytes');
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

function keyHash({ name, publicKey }: NoteKey, algorithm: number): Uint8Array {
  return sha256(concatBytes(utf8(`${name}\n`), new Uint8Array([algorithm]), publicKey)).slice(0, 4);
}

function line(name: string, ...parts: readonly Uint8Array[]): string {
  return `\u2014 ${name} ${toBase64(concatBytes(...parts))}\n`;
}

/** Signs a checkpoint: the whole note, with one signature. @throws ProtocolError `note-malformed`. */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): string {
  const text = checkpointText(checkpoint);
  return `${text}\n${line(signer.name, keyHash(signer, ED25519), signer.sign(utf8(text)))}`;
}

/** What a witness signs: that at this time it had seen nothing that contradicts the checkpoint. */
function witnessed(text: string, at: EpochSeconds): Uint8Array {
  return utf8(`cosignature/v1\ntime ${at}\n${text}`);
}

/** A witness's line for a note, to be put behind those that are there. @throws ProtocolError `note-malformed`. */
export function cosign(checkpoint: Checkpoint, at: EpochSeconds, witness: NoteSigner): string {
  const signature = witness.sign(witnessed(checkpointText(checkpoint), at));
  return line(witness.name, keyHash(witness, COSIGNATURE), u64(at), signature);
}

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

/** A witness's key in one line, as C2SP spells verifier keys (`c2sp.org/signed-note`): to be pinned elsewhere. */
export function witnessKeyText(witness: NoteKey): string {
  const key = concatBytes(new Uint8Array([COSIGNATURE]), witness.publicKey);
  return `${witness.name}+${hex(keyHash(witness, COSIGNATURE))}+${toBase64(key)}`;
}

/** The way back. @throws ProtocolError `note-malformed` for another kind of key, and for a slip of the pen: the hash tells. */
export function readWitnessKey(text: string): NoteKey {
  const [, name = '', , encoded = ''] = VERIFIER.exec(text) ?? malformed('a key is name+hash+base64');
  const [algorithm, ...publicKey] = base64(encoded);
  const witness = { name, publicKey: new Uint8Array(publicKey) };
  if (algorithm !== COSIGNATURE || publicKey.length !== 32 || witnessKeyText(witness) !== text)
    malformed('the key is no witness’s');
  return witness;
}

interface NoteSignature {
  readonly name: string;
  readonly bytes: Uint8Array;
}

interface Note {
  readonly checkpoint: Checkpoint;
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A note whose log signature holds. */
export interface OpenedCheckpoint extends Checkpoint {
  /** When a witness had signed it; `undefined` without a genuine line of this witness. */
  cosignedAt(witness: NoteKey): EpochSeconds | undefined;
}

/**
 * Reads a note and verifies its log's signature. Lines of other names or keys are passed over, as C2SP wants it.
 * @throws ProtocolError `note-malformed` for what is no checkpoint, `note-signature` without a genuine line of the log.
 */
export function openCheckpoint(note: string, log: NoteKey): OpenedCheckpoint {
  const { checkpoint, text, signatures } = parse(note);
  const own = signatures.find(({ name, bytes }) => name === log.name && startsWith(bytes, keyHash(log, ED25519)));
  if (checkpoint.origin !== log.name || !own || !verifyEd25519(own.bytes.slice(4), utf8(text), log.publicKey))
    throw new ProtocolError('note-signature', 'the log has not signed this');
  return { ...checkpoint, cosignedAt: (witness) => cosignedAt(text, signatures, witness) };
}

function cosignedAt(text: string, signatures: readonly NoteSignature[], witness: NoteKey): EpochSeconds | undefined {
  const times = signatures.flatMap(({ name, bytes }) => {
    if (name !== witness.name || bytes.length !== 76 || !startsWith(bytes, keyHash(witness, COSIGNATURE))) return [];
    const at = Number(new DataView(bytes.buffer, bytes.byteOffset + 4, 8).getBigUint64(0)) as EpochSeconds;
    return verifyEd25519(bytes.slice(12), witnessed(text, at), witness.publicKey) ? [at] : [];
  });
  return times[0];
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return equalBytes(bytes.subarray(0, start.length), start);
}

function malformed(why: string): never {
  throw new ProtocolError('note-malformed', why);
}

function parse(note: string): Note {
  if (note.length > MAX_CHARS) malformed('the note is too long');
  const end = note.indexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) malformed('a note has a text, an empty line and signatures');
  const text = note.slice(0, end + 1);
  const [origin = '', size = '', root = '', ...extensions] = text.slice(0, -1).split('\n');
  // Extension lines would be signed along and mean something to others only.
  if (extensions.length > 0 || !NAME.test(origin) || !SIZE.test(size)) malformed('the text is no checkpoint');
  const checkpoint = { origin, size: Number(size), root: base64(root) };
  if (checkpoint.root.length !== 32 || checkpointText(checkpoint) !== text) malformed('the root is no hash');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) malformed('there are too many signatures');
  return { checkpoint, text, signatures: lines.map(signatureOf) };
}

function signatureOf(spelling: string): NoteSignature {
  const [, name, encoded] = SIGNATURE_LINE.exec(spelling) ?? [];
  if (name === undefined || encoded === undefined) return malformed('a signature line is malformed');
  return { name, bytes: base64(encoded) };
}

/** RFC 4648 §4, as C2SP spells bytes. */
function toBase64(bytes: Uint8Array): string {
  const text = base64url(bytes).replaceAll('-', '+').replaceAll('_', '/');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

function base64(spelling: string): Uint8Array {
  const text = spelling.replaceAll('=', '');
  if (/[-_]/.test(spelling) || text.padEnd(Math.ceil(text.length / 4) * 4, '=') !== spelling)
    malformed('a line is not base64');
  try {
    return fromBase64url(text.replaceAll('+', '-').replaceAll('/', '_'));
  } catch {
    return malformed('a line is not base64');
  }
}
