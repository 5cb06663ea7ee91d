/** T25: everything that reads a signed or sealed message, fed with every message. New types join by being declared. */
import { describe, expect, it } from 'vitest';
import type { Role } from '../../protocol/fields.ts';
import { openFrame } from '../../protocol/frame.ts';
import { FRAMES } from '../../protocol/frames.ts';
import * as protocol from '../../protocol/index.ts';
import { OBJECTS, openObject } from '../../protocol/objects.ts';
import { openRecipientKey, signRecipientKey } from '../../protocol/recipient-key.ts';
import { openEnvelope } from '../../protocol/seal.ts';
import { type KeyUse, TrustSet } from '../../protocol/trust.ts';
import {
  anEnrolledKey,
  EVIDENCE,
  FRAME_KEYS,
  FRAME_TYPES,
  NOW,
  OBJECT_KEYS,
  OBJECT_TYPES,
  PARTIES,
  readerOf,
  SIGNED,
  sampleFrame,
  TENANT,
} from './builders.ts';
import { body, DEVICE, DEVICE_FRAME_KEY, TENANT as OTHER_TENANT, READER, sealed } from './seal-builder.ts';
import { verdict } from './support.ts';

interface Sender {
  readonly party: string;
  readonly publicKey: Uint8Array;
}
/** A kind of message: a sample with who signed it, and its reader, which is made to trust that signer for what it needs. */
interface Kind {
  readonly name: string;
  readonly sample: Uint8Array;
  readonly sender: Sender;
  /** The type that was read, for readers that are told it by the message. */
  read(bytes: Uint8Array, sender: Sender): string;
}

const trusting = ({ party, publicKey }: Sender, role: Role, use: KeyUse, tenant = TENANT) =>
  new TrustSet([anEnrolledKey({ party, role, use, publicKey, tenant })]);

const OBJECT_KINDS = OBJECT_TYPES.map((type): Kind => {
  const { signer } = OBJECTS[type];
  return {
    name: `object ${type}`,
    sample: SIGNED[type],
    sender: { party: PARTIES[signer].party, publicKey: OBJECT_KEYS[signer].publicKey },
    read(bytes, sender) {
      openObject(type, bytes, { trust: trusting(sender, signer, 'object'), tenant: TENANT });
      return `object ${type}`;
    },
  };
});

const FRAME_KINDS = FRAME_TYPES.map((type): Kind => {
  const [role] = FRAMES[type].from;
  return {
    name: `frame ${type}`,
    sample: sampleFrame(type),
    sender: { party: PARTIES[role].party, publicKey: FRAME_KEYS[role].publicKey },
    read: (bytes, sender) =>
      `frame ${openFrame(bytes, { ...readerOf(type), trust: trusting(sender, role, 'frame') }, NOW).type}`,
  };
});

const device: Sender = { party: DEVICE.party, publicKey: DEVICE_FRAME_KEY.publicKey };
const OTHER_KINDS: readonly Kind[] = [
  {
    name: 'recipient key',
    sample: signRecipientKey(body(), OTHER_TENANT, DEVICE_FRAME_KEY),
    sender: device,
    read(bytes, sender) {
      openRecipientKey(bytes, { trust: trusting(sender, 'device', 'frame', OTHER_TENANT), tenant: OTHER_TENANT });
      return 'recipient key';
    },
  },
  {
    name: 'envelope',
    sample: sealed(),
    sender: device,
    read(bytes) {
      openEnvelope(bytes, READER);
      return 'envelope';
    },
  },
  {
    name: 'evidence',
    sample: protocol.encodeEvidence(EVIDENCE),
    sender: device,
    read(bytes) {
      protocol.decodeEvidence(bytes);
      return 'evidence';
    },
  },
];

const KINDS = [...OBJECT_KINDS, ...FRAME_KINDS, ...OTHER_KINDS];
/** What a message is refused for once its signer has the right role: what it says it is, or its outer form. */
const BY_TYPE = [
  ...['cose-typ', 'cose-header', 'cose-malformed', 'frame-unknown-type', 'message-shape', 'cbor-tag'],
  ...['seal-plain', 'seal-size', 'seal-malformed'],
];
/** A frame reader fed with another frame may also find that it is not the receiver, or that it came from somebody else. */
const BY_ADDRESS = ['accepted', 'frame-not-for-me', 'cose-kid', 'cose-signature', 'frame-wrong-sender'];

describe('T25: every message at every reader', () => {
  it.each(KINDS)('$name is taken by its own reader', ({ name, sample, sender, read }) => {
    expect(read(sample, sender)).toBe(name);
  });

  it.each(KINDS)('$name is refused by every other one, or read by it as what it is', ({ name, sample, sender }) => {
    for (const reader of KINDS.filter((one) => one.name !== name)) {
      const code = verdict(() => {
        const readAs = reader.read(sample, sender);
        // One function opens all frames and says which type it found; only this one may be fed by another type's sample.
        expect([readAs, name, reader.name].map((text) => text.split(' ')[0])).toEqual(['frame', 'frame', 'frame']);
        expect(readAs).toBe(name);
      });
      const bothFrames = name.startsWith('frame ') && reader.name.startsWith('frame ');
      expect(bothFrames ? BY_ADDRESS : BY_TYPE, `${name} read as ${reader.name}`).toContain(code);
    }
  });

  it('goes through every reader that this layer has', () => {
    const readers = Object.keys(protocol).filter((name) => /^(?:open|decode)[A-Z]/.test(name));
    const fed = ['decodeEvidence', 'openEnvelope', 'openFrame', 'openObject', 'openRecipientKey'];
    // Plain CBOR, the text of a JWS and that of a note know no types of ours; the readers of enrolment are fed with every object in their own tests.
    const others = [
      'decodeCbor',
      'openAnchor',
      'openCheckpoint',
      'openDeviceCertificate',
      'openEnrolment',
      'openKeyHandOver',
    ];
    expect(readers.sort()).toEqual([...fed, ...others].sort());
    expect(KINDS).toHaveLength(OBJECT_TYPES.length + FRAME_TYPES.length + 3);
  });
});
