/** Keys, parties and addresses of all vectors. The seeds are for tests only: everybody knows them. */
import { type Digest, hex, type Role, recipientKeyPair, SERVICE_SESSION, sha256, utf8 } from '../../protocol/index.ts';
import { FRAME_KEYS, keyOf, NOW, OBJECT_KEYS, PARTIES, SESSION, TENANT } from '../fuzz-samples.ts';
import type { Json } from './vector.ts';

/** The seed behind a label, as the samples derive it. */
const seedOf = (label: string) => sha256(utf8(`act-edge sample key ${label}`));
/** The seed of a key to seal for. */
export const recipientSeedOf = (role: string) => sha256(utf8(`act-edge sample recipient key ${role}`));
/** The keys to seal for, of those who receive frames. */
export const RECIPIENTS = {
  device: recipientKeyPair(recipientSeedOf('device')),
  agent: recipientKeyPair(recipientSeedOf('agent')),
  merchant: recipientKeyPair(recipientSeedOf('merchant')),
  psp: recipientKeyPair(recipientSeedOf('psp')),
};

/** A second PSP, whose receipts fit no challenge of the first. */
const OTHER_PSP = { party: 'psp-2', role: 'psp', use: 'object', label: 'other psp objects' } as const;
export const OTHER_PSP_KEY = keyOf(OTHER_PSP.label);

function otherPsp() {
  const { label, ...owner } = OTHER_PSP;
  const { publicKey, kid } = OTHER_PSP_KEY;
  return { ...owner, seed: hex(seedOf(label)), publicKey: hex(publicKey), kid: hex(kid) };
}

function signing(use: 'frame' | 'object', keys: Readonly<Record<string, { kid: Uint8Array; publicKey: Uint8Array }>>) {
  return Object.entries(keys).map(([role, { kid, publicKey }]) => ({
    ...PARTIES[role as Role],
    use,
    seed: hex(seedOf(`${role} ${use}s`)),
    publicKey: hex(publicKey),
    kid: hex(kid),
  }));
}

/** The content of `keys.json`. */
export function keysFile(): Json {
  return {
    about:
      'The enrolment that all vectors assume. Ed25519 seeds and keys by party, role and use; X25519 keys to seal for. ' +
      'A session belongs to each device; frames between services have the other one. Times are epoch seconds.',
    tenant: TENANT,
    now: NOW,
    deviceSession: SESSION,
    serviceSession: SERVICE_SESSION,
    signing: [...signing('frame', FRAME_KEYS), ...signing('object', OBJECT_KEYS), otherPsp()],
    recipients: Object.entries(RECIPIENTS).map(([role, { kid, publicKey }]) => ({
      ...PARTIES[role as Role],
      seed: hex(recipientSeedOf(role)),
      publicKey: hex(publicKey),
      kid: hex(kid),
    })),
  };
}

/** A digest that stands for bytes nobody has to see. */
export const digestFor = (label: string) => hex(sha256(utf8(label))) as Digest;
