/**
 * Writes the test vectors of the binding to `protocol/vectors/`, for implementations in other languages.
 * Usage: `node dist/scripts/make-vectors.js`, from the top of the checkout. A test keeps the files equal to what this writes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { actVectors } from './make-published/act-vectors.ts';
import { cborVectors } from './make-published/cbor-vectors.ts';
import { ed25519Vectors } from './make-published/ed25519-vectors.ts';
import { frameVectors } from './make-published/frame-vectors.ts';
import { keysFile } from './make-published/keys.ts';
import { evidenceVectors, objectVectors } from './make-published/object-vectors.ts';
import { sealedVectors } from './make-published/sealed-vectors.ts';
import { statementVectors } from './make-published/statement-vectors.ts';
import { subAccountVectors, termsVectors } from './make-published/terms-vectors.ts';
import { moneyVectors, topicVectors, viewVectors } from './make-published/text-vectors.ts';
import { type Json, printJson, type Vector } from './make-published/vector.ts';
import { viewDigestVectors } from './make-published/view-digest-vectors.ts';

/** Where the vectors are, from the top of the checkout. */
export const VECTORS_FOLDER = 'protocol/vectors';

const FILES: Readonly<Record<string, readonly [about: string, make: () => Vector[]]>> = {
  'cbor.json': [
    'One item of the CBOR profile. decoded: diagnostic notation, text and keys as JSON spells them.',
    cborVectors,
  ],
  'ed25519.json': [
    'Signatures (signature, message, publicKey) and keys offered for enrolment (enrol).',
    ed25519Vectors,
  ],
  'frames.json': [
    'Signed frames. receiver, session and now: who reads it; a session of null is one the receiver has not.',
    frameVectors,
  ],
  'objects.json': ['Signed objects of one type.', objectVectors],
  'evidence.json': ['Evidence bundles.', evidenceVectors],
  'sealed.json': ['Envelopes for the device, opened in a role, and published keys to seal for.', sealedVectors],
  'topics.json': ['MQTT topics.', topicVectors],
  'money.json': ['Amounts as decimal text. decoded: minor units.', moneyVectors],
  'act.json': ['ACT objects in CBOR (input) and JSON (json, one line).', actVectors],
  'terms.json': [
    'The private part of a credential (terms), with its currency and mode. decoded: the terms of the delegation.',
    termsVectors,
  ],
  'sub-accounts.json': ['Signed requests that a sub-account is to pay, and its key.', subAccountVectors],
  'views.json': ['What is shown and said before a payment is confirmed, and the digest of it.', viewVectors],
  'views-delegation.json': [
    'What is shown and said before a delegation, a change of one or a binding is confirmed. names: of merchants.',
    statementVectors,
  ],
  'view-digests.json': [
    'What a wearer signed (signed), what it refers to (about) and the registry (names). decoded: where it was seen.',
    viewDigestVectors,
  ],
};

/** The text of every file by its name. */
export function vectorFiles(): ReadonlyMap<string, string> {
  const made = Object.entries(FILES).map(([file, [about, make]]): [string, Json] => [file, { about, vectors: make() }]);
  return new Map([['keys.json', keysFile()] as const, ...made].map(([file, json]) => [file, `${printJson(json)}\n`]));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  mkdirSync(VECTORS_FOLDER, { recursive: true });
  for (const [file, text] of vectorFiles()) writeFileSync(`${VECTORS_FOLDER}/${file}`, text);
}
