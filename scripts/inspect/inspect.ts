/** Tells what some bytes are: a signed frame or object, a sealed envelope, an evidence bundle, or other CBOR. */

import { StrictReader } from '../../protocol/cbor-strict.ts';
import { Evidence } from '../../protocol/evidence.ts';
import {
  decodeCbor,
  decodeEvidence,
  digestOf,
  hex,
  isBytes,
  openEnvelope,
  type RecipientPrivateKey,
  ROLES,
  SEALED_SIZES,
  verifyEvidence,
} from '../../protocol/index.ts';
import { ALG_HPKE_4 } from '../../protocol/seal.ts';
import { KID_BYTES } from '../../protocol/sign1-header.ts';
import type { WireType } from '../../protocol/wire.ts';
import { type Item, readItem } from './cbor-items.ts';
import { diagnose } from './diagnostic.ts';
import { bytesField, fieldsOf, offsetOf } from './fields.ts';
import { inspectSigned } from './inspect-signed.ts';
import type { Judge } from './judge.ts';
import type { Fault, Field, Report } from './report.ts';
import { faultOf } from './sign1-layout.ts';

const TAG_16 = 0xd0;
const TAG_18 = 0xd2;
/** COSE header label of the key identifier (RFC 9052 §3.1). */
const LABEL_KID = 4;

export interface Context extends Judge {
  /** Opens what was sealed for it. */
  readonly key: RecipientPrivateKey | undefined;
}

/** @throws InspectError `inspect-malformed` for what is no CBOR and looks like nothing of ours. */
export function inspect(bytes: Uint8Array, context: Context): Report {
  if (bytes[0] === TAG_18) return inspectSigned(bytes, 0, context);
  if (bytes[0] === TAG_16) return inspectSealed(bytes, context);
  return inspectEvidence(bytes, context) ?? inspectCbor(bytes);
}

const about = (bytes: Uint8Array) => ({ bytes: bytes.length, sha256: digestOf(bytes) });

/** COSE_Encrypt0: all that can be told without the key is for whom it is and how large. */
function inspectSealed(bytes: Uint8Array, context: Context): Report {
  const sealed = { kind: 'sealed', ...about(bytes), fields: [] } as const;
  const probe = refusalOf(() => openEnvelope(bytes, { keys: new Map(), tenant: '', role: 'device' }));
  // Without any key a sound envelope is refused for its kid, after everything that can be seen was judged.
  if (probe.code !== 'seal-kid') return { ...sealed, header: [], parts: [], faults: [probe] };
  const [encrypt0] = readItem(bytes).children as [Item];
  const [protectedPart, , cipherPart] = encrypt0.children.map(partOf) as [PartOf, PartOf, PartOf];
  const labels = decodeCbor(protectedPart.content) as ReadonlyMap<number, unknown>;
  const kid = labels.get(LABEL_KID);
  // The same code is that of a header whose kid has another length.
  if (!isBytes(kid) || kid.length !== KID_BYTES) return { ...sealed, header: [], parts: [], faults: [probe] };
  const kidHex = hex(kid);
  const header: Field[] = [
    { path: 'alg', value: ALG_HPKE_4, means: 'HPKE-4: X25519, HKDF-SHA256, ChaCha20-Poly1305' },
    { path: 'for', value: kidHex, means: ownerOf(kidHex, context) },
    { path: 'size', value: bytes.length, means: `one of ${SEALED_SIZES.join(', ')}` },
  ];
  const parts = [
    { name: 'protected header', at: protectedPart.at, bytes: protectedPart.content.length },
    { name: 'ciphertext', at: cipherPart.at, bytes: cipherPart.content.length },
    {
      name: 'tag, heads and encapsulated key',
      at: 0,
      bytes: bytes.length - cipherPart.content.length - protectedPart.content.length,
    },
  ];
  return { ...sealed, header, parts, ...opened(bytes, kidHex, context) };
}

interface PartOf {
  readonly content: Uint8Array;
  /** Where the content begins. */
  readonly at: number;
}

/** A byte string of the input; a container has no content of its own. */
function partOf({ content = new Uint8Array(), end }: Item): PartOf {
  return { content, at: end - content.length };
}

function ownerOf(kid: string, { key }: Context): string {
  if (key === undefined) return 'kid of a recipient key; give --key FILE to open it';
  return hex(key.kid) === kid
    ? 'kid of the key that was given'
    : `kid of another key than ${hex(key.kid)}, which was given`;
}

/** The receiver's role is bound and not carried, so each is tried. */
function opened(bytes: Uint8Array, kid: string, context: Context): Pick<Report, 'inside' | 'faults'> {
  const { key, directory } = context;
  if (key === undefined || directory === undefined || hex(key.kid) !== kid) return { faults: [] };
  const faults: Fault[] = [];
  for (const role of ROLES) {
    try {
      const frame = openEnvelope(bytes, { keys: new Map([[kid, key]]), tenant: directory.tenant, role });
      return { inside: inspectSigned(frame, 0, context), faults: [] };
    } catch (error) {
      faults.push(faultOf(error, 0));
    }
  }
  // Each role but the right one fails to decrypt; another refusal is that of the right one.
  return { faults: [faults.find(({ code }) => code !== 'seal-open') ?? (faults[0] as Fault)] };
}

/** An evidence bundle, or `undefined` for anything that is no map of its four entries. */
function inspectEvidence(bytes: Uint8Array, context: Context): Report | undefined {
  const declared = Evidence as WireType<unknown>;
  const keys = keysOf(bytes);
  if (keys === undefined || keys.join() !== '1,2,3,4') return undefined;
  const report = { kind: 'evidence', ...about(bytes), header: [], parts: [], fields: [] } as const;
  let evidence: ReturnType<typeof decodeEvidence>;
  try {
    evidence = decodeEvidence(bytes);
  } catch (error) {
    const fault = faultOf(error, 0);
    return { ...report, faults: [{ ...fault, at: offsetOf(declared, readItem(bytes), fault.path ?? '') }] };
  }
  const values = readItem(bytes).children.filter((_, i) => i % 2 === 1);
  const parts = Object.keys(evidence).map((name, i) => {
    const { at, content } = partOf(values[i] as Item);
    return { name, at, bytes: content.length };
  });
  const fields = fieldsOf(declared, evidence, (part, path) => {
    const at = parts.find(({ name }) => name === path)?.at ?? 0;
    return { ...bytesField(part, path), inside: inspectSigned(part, at, context) };
  });
  return { ...report, parts, fields, ...links(evidence, context) };
}

/** With a directory, whether the four belong together; a part with a fault of its own has said so already. */
function links(
  evidence: Parameters<typeof verifyEvidence>[0],
  { directory }: Context,
): Pick<Report, 'header' | 'faults'> {
  if (directory === undefined)
    return {
      header: [{ path: 'links', value: 'unchecked', means: 'give --directory FILE to check them' }],
      faults: [],
    };
  try {
    verifyEvidence(evidence, directory);
    return {
      header: [{ path: 'links', value: 'verified', means: 'four signatures, each object refers to the one before it' }],
      faults: [],
    };
  } catch (error) {
    const fault = faultOf(error, 0);
    return { header: [{ path: 'links', value: 'refused' }], faults: [fault] };
  }
}

function keysOf(bytes: Uint8Array): readonly (number | string)[] | undefined {
  const decoded = readable(() => decodeCbor(bytes));
  return decoded instanceof Map ? [...(decoded.keys() as Iterable<number | string>)] : undefined;
}

function inspectCbor(bytes: Uint8Array): Report {
  const notation = diagnose(bytes);
  const fields = [{ path: 'content', value: notation }];
  const faults = refusalsOf(() => {
    const reader = new StrictReader(bytes);
    reader.item();
    reader.end();
  });
  return { kind: 'cbor', ...about(bytes), header: [], parts: [], fields, faults };
}

function readable<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    faultOf(error, 0);
    return undefined;
  }
}

function refusalsOf(action: () => unknown): Fault[] {
  try {
    action();
    return [];
  } catch (error) {
    return [faultOf(error, 0)];
  }
}

function refusalOf(action: () => unknown): Fault {
  const [fault] = refusalsOf(action);
  if (fault === undefined) throw new Error('opened without a key');
  return fault;
}
