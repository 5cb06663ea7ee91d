/** Vectors of what a wearer signed, with all that is needed to find the view whose digest is in it. */
import { PROFILES, type ProfileId } from '../../device/confirm/view.ts';
import { openDirectory } from '../../device/directory.ts';
import type { SignRequest } from '../../device/signer/port.ts';
import { documentsOf, READERS } from '../../device/signer/readers.ts';
import {
  type CborValue,
  type ConfirmationMethod,
  digestOf,
  encodeCbor,
  hex,
  IacPayload,
  LifecycleChange,
  type ObjectType,
  type ObjectValue,
  openObject,
  SubAccountChange,
  signObject,
} from '../../protocol/index.ts';
import { at, OBJECT_KEYS, PARTIES, SIGNED, TENANT, VALUES } from '../fuzz-samples.ts';
import { NAMES } from './statement-vectors.ts';
import { plain, type Vector } from './vector.ts';

type Locale = keyof typeof NAMES;

const METHOD: ConfirmationMethod = 'hold-hardware-line';

const directory = openDirectory({
  tenant: TENANT,
  keys: (['merchant', 'psp', 'signer'] as const).map((role) => ({
    ...PARTIES[role],
    use: 'object',
    publicKeyHex: hex(OBJECT_KEYS[role].publicKey),
  })),
  merchants: Object.keys(NAMES['en-US']).map((party) => ({
    party,
    names: { 'en-US': [NAMES['en-US'][party] ?? ''], 'zh-CN': [NAMES['zh-CN'][party] ?? ''] },
  })),
});

const inBytes = (value: unknown) => encodeCbor(value as CborValue);
const iac = inBytes(IacPayload.encode(VALUES.authorization.iac, 'iac'));
const change = inBytes(LifecycleChange.encode(VALUES['lifecycle-order'].change, 'change'));
const { delegationId } = VALUES.authorization.iac;
const ofAccount = inBytes(SubAccountChange.encode({ ...VALUES['sub-account-order'].change, delegationId }, 'change'));

/** What the signer of the device signs after this request was confirmed on this surface. */
function signedBy(request: SignRequest, profile: ProfileId): Uint8Array {
  const settings = { psp: PARTIES.psp.party, device: PARTIES.device.party, profile: PROFILES[profile] };
  const documents = documentsOf(request);
  const reading = READERS[request.kind](documents, { directory, ...settings, locale: request.locale });
  if (!reading.ok) throw new Error(`the sample is refused: ${reading.reason}`);
  const gesture = { viewDigest: reading.view.digest, method: METHOD, counter: 421, confirmedAt: at(9) };
  return reading.sign({ digests: documents.map(digestOf), ...gesture }, OBJECT_KEYS.signer).signed;
}

interface Case {
  readonly name: string;
  readonly object: ObjectType;
  readonly request: SignRequest;
  /** What the object refers to, outermost first. */
  readonly about: readonly Uint8Array[];
  readonly profile: ProfileId;
}

function caseOf(object: ObjectType, profile: ProfileId, locale: Locale): Case {
  const { challenge, cart, authorization, 'delegation-challenge': asked, 'binding-offer': offer } = SIGNED;
  const cases: Readonly<Record<string, Pick<Case, 'request' | 'about'>>> = {
    confirmation: { request: { kind: 'payment', challenge, cart, locale }, about: [challenge, cart] },
    authorization: { request: { kind: 'delegation', challenge: asked, iac, locale }, about: [] },
    'lifecycle-order': { request: { kind: 'lifecycle', change, authorization, locale }, about: [authorization] },
    'sub-account-order': {
      request: { kind: 'account', change: ofAccount, authorization, locale },
      about: [authorization],
    },
    'binding-consent': { request: { kind: 'binding', offer, locale }, about: [offer] },
  };
  const one = cases[object];
  if (one === undefined) throw new Error(`nobody sees a ${object}`);
  return { name: `${object}: seen on ${profile}, ${locale}`, object, profile, ...one };
}

const input = ({ object, about }: Pick<Case, 'object' | 'about'>, signed: Uint8Array) => {
  return { object, signed: hex(signed), about: about.map(hex), names: plain(NAMES) };
};

const SEEN: readonly Case[] = [
  caseOf('confirmation', 'hud-480x640', 'zh-CN'),
  caseOf('authorization', 'oled-3', 'en-US'),
  caseOf('authorization', 'voice', 'zh-CN'),
  caseOf('lifecycle-order', 'phone', 'zh-CN'),
  caseOf('sub-account-order', 'hud-480x640', 'en-US'),
  caseOf('binding-consent', 'voice', 'en-US'),
];

/** The objects with a digest that belongs to no view of what they are about. */
function unseen(): Vector[] {
  const made = <T extends ObjectType>(type: T, value: ObjectValue<T>) => signObject(type, value, OBJECT_KEYS.signer);
  const consent = caseOf('binding-consent', 'voice', 'en-US');
  const other = signObject(
    'binding-offer',
    { ...VALUES['binding-offer'], limits: { currency: 'CNY' } },
    OBJECT_KEYS.psp,
  );
  const { authorization } = VALUES;
  const wider = { ...authorization.iac, maxTotalMinor: 60_001 };
  const seen = signedBy(caseOf('authorization', 'oled-3', 'en-US').request, 'oled-3');
  const { viewDigest } = openObject('authorization', seen, { trust: directory.trust, tenant: TENANT }).value;
  const cases: readonly (readonly [string, ObjectType, readonly Uint8Array[], Uint8Array])[] = [
    ['the digest of no view', 'confirmation', [SIGNED.challenge, SIGNED.cart], SIGNED.confirmation],
    [
      'the view of a smaller total',
      'authorization',
      [],
      made('authorization', { ...authorization, viewDigest, iac: wider }),
    ],
    ['another offer than it names', 'binding-consent', [other], signedBy(consent.request, consent.profile)],
  ];
  return cases.map(([name, object, about, signed]): Vector => {
    const proves = ['ACTC-CNF-018'];
    return { name: `${object}: ${name}`, proves, ...input({ object, about }, signed), code: 'view-differs' };
  });
}

/** `signed`, `about`, `names`: what was signed, what it refers to, the registry; `decoded`: where the wearer saw it. */
export function viewDigestVectors(): Vector[] {
  const seen = SEEN.map((one): Vector => {
    const { name, request, profile } = one;
    const proves = [one.object === 'confirmation' ? 'ACTC-CNF-002' : 'ACTC-CNF-018'];
    const decoded = { profile, locale: request.locale };
    return { name, proves, ...input(one, signedBy(request, profile)), decoded };
  });
  return [...seen, ...unseen()];
}
