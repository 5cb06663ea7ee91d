/** What is timed, on the bytes of a played purchase. Cases of one group take turns with each other and with nothing else. */
import { createPublicKey, verify } from 'node:crypto';
import { Decoder, Encoder } from 'cbor-x/index-no-eval';
import {
  base64url,
  type CborValue,
  decodeCbor,
  type EpochSeconds,
  encodeCbor,
  type FrameReader,
  type Id16,
  type Message,
  OBJECTS,
  openEnvelope,
  openFrame,
  openingKeys,
  openRecipientKey,
  parseSign1,
  peekFrame,
  recipientKeyPair,
  type SessionId,
  sealEnvelope,
  sealFrame,
  signRecipientKey,
  softSigningKey,
  verifyEd25519,
} from '../../protocol/index.ts';
import { toBeSigned } from '../../protocol/sign1.ts';
import { actJsonContent } from './act-json.ts';
import type { Case } from './measure.ts';
import type { PlayedPurchase } from './purchase.ts';

const RECIPIENT_SEED = new Uint8Array(32).fill(7);

/** The case that the others of its group are counted in. */
export const BARE = 'bare verify';

/** All groups. */
export function groupsOf(purchase: PlayedPurchase): readonly (readonly Case[])[] {
  const { bare, opening, sealing } = frameCases(purchase);
  const { decoding, encoding } = codecCases(purchase);
  return [opening, sealing, decoding, encoding, [bare, ...envelopeCases(purchase)]];
}

function missing(name: string): never {
  throw new Error(`the purchase is without ${name}`);
}

/** The frame that the device waits for longest: the cashier challenge. */
function challengeFrame({ frames }: PlayedPurchase): Uint8Array {
  return frames.find((frame) => peekFrame(frame).type === 'challenge') ?? missing('a challenge');
}

/** The policy, a whole frame and a bare verification over as many bytes, with key objects made beforehand. */
function frameCases(purchase: PlayedPurchase): {
  readonly bare: Case;
  readonly opening: readonly Case[];
  readonly sealing: readonly Case[];
} {
  const frame = challengeFrame(purchase);
  const { tenant, directory, devices, psp } = purchase.tenant;
  const [device] = devices;
  if (!device) return missing('a device');
  const peek = peekFrame(frame);
  const session = device.session as SessionId;
  const reader: FrameReader = {
    tenant,
    self: { party: device.device, role: 'device' },
    trust: directory.trust,
    sessionOf: () => session,
  };
  const opened = openFrame(frame, reader, peek.iat);
  const signingKey = softSigningKey(psp.frameSeed);
  const { publicKey } = signingKey;
  const keyObject = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: base64url(publicKey) }, format: 'jwk' });
  const { protectedBytes, payload } = parseSign1(frame);
  const text = toBeSigned(protectedBytes, encodeCbor(['a context of some', 32, 'bytes']), payload);
  const signature = signingKey.sign(text);
  if (!verify(null, text, keyObject, signature)) return missing('a signature that verifies');
  const address = {
    tenant,
    from: { party: psp.party, role: 'psp' },
    to: { party: device.device, role: 'device' },
    session,
  } as const;
  const message = { type: opened.type, body: opened.body } as Message;
  const life = { iat: peek.iat, lifetimeS: 60, cti: peek.cti as Id16 };
  const bare = { name: BARE, run: () => verify(null, text, keyObject, signature) };
  return {
    bare,
    opening: [
      bare,
      { name: 'verifyEd25519', run: () => verifyEd25519(signature, text, publicKey) },
      { name: 'openFrame', run: () => openFrame(frame, reader, peek.iat) },
    ],
    sealing: [bare, { name: 'sealFrame', run: () => sealFrame(message, address, life, signingKey) }],
  };
}

/** The signed content of a cart, the largest object of the evidence. */
function codecCases({ evidence }: PlayedPurchase): {
  readonly decoding: readonly Case[];
  readonly encoding: readonly Case[];
} {
  const { payload } = parseSign1(evidence.cart);
  const value = decodeCbor(payload);
  const cart = OBJECTS.cart.body.decode(value, 'cart');
  const text = actJsonContent(evidence.cart);
  const json: unknown = JSON.parse(text);
  const options = { mapsAsObjects: false, useRecords: false };
  const decoder = new Decoder(options);
  const encoder = new Encoder({ ...options, tagUint8Array: false });
  return {
    decoding: [
      { name: 'decodeCbor', run: () => decodeCbor(payload) },
      { name: 'decodeCbor and the declaration', run: () => OBJECTS.cart.body.decode(decodeCbor(payload), 'cart') },
      { name: 'cbor-x decode', run: () => decoder.decode(payload) as CborValue },
      { name: 'JSON.parse', run: () => JSON.parse(text) as unknown },
    ],
    encoding: [
      { name: 'encodeCbor', run: () => encodeCbor(value) },
      { name: 'the declaration and encodeCbor', run: () => encodeCbor(OBJECTS.cart.body.encode(cart, 'cart')) },
      { name: 'cbor-x encode', run: () => encoder.encode(value) },
      { name: 'JSON.stringify', run: () => JSON.stringify(json) },
    ],
  };
}

/** The envelope round the challenge. */
function envelopeCases(purchase: PlayedPurchase): Case[] {
  const frame = challengeFrame(purchase);
  const { tenant, directory, devices } = purchase.tenant;
  const [device] = devices;
  if (!device) return missing('a device');
  const pair = recipientKeyPair(RECIPIENT_SEED);
  const { iat } = peekFrame(frame);
  const [notBefore, notAfter] = [(iat - 60) as EpochSeconds, (iat + 86_400) as EpochSeconds];
  const body = { party: device.device, role: 'device', publicKey: pair.publicKey, notBefore, notAfter } as const;
  const signed = signRecipientKey(body, tenant, softSigningKey(device.frameSeed));
  const recipient = openRecipientKey(signed, { trust: directory.trust, tenant });
  const seal = () => sealEnvelope({ frame, recipient, tenant, role: 'device', ephemeralSeed: RECIPIENT_SEED });
  const envelope = seal();
  const reader = { keys: openingKeys([{ key: pair, notAfter }], iat), tenant, role: 'device' } as const;
  return [
    { name: 'sealEnvelope', run: seal },
    { name: 'openEnvelope', run: () => openEnvelope(envelope, reader) },
  ];
}
