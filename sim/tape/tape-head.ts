/** The first line of a life on a tape: what the device was, without its keys and its payment token. */
import * as z from 'zod/mini';
import {
  type DeviceSettings,
  delegationVoice,
  directorySchema,
  openDirectory,
  PROFILES,
  type ProfileId,
  type SealedTransportParts,
} from '../../device/index.ts';
import { checkVocabulary } from '../../device/voice/vocabulary-file.ts';
import {
  type Currency,
  epochSeconds,
  fromHex,
  hex,
  isCurrency,
  ProtocolError,
  parseSessionId,
} from '../../protocol/index.ts';
import { withKnownKey } from './hidden-tokens.ts';
import type { ReplayedDevice, ReplayedLinkParts } from './replay.ts';
import { maskOf } from './secret-mask.ts';

export const TAPE_FORMAT = 'act-edge tape';
export const TAPE_VERSION = 1;

const hexOf = (bytes: number) => z.string().check(z.regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`)));

const linkSchema = z.strictObject({
  windowS: z.int(),
  enrolled: z.optional(
    z.strictObject({ kidHex: hexOf(8), publicKeyHex: hexOf(32), notBefore: z.int(), notAfter: z.int() }),
  ),
});

const headSchema = z.strictObject({
  format: z.literal(TAPE_FORMAT),
  version: z.literal(TAPE_VERSION),
  /** The purchases' runtime, or the one that binds an account. */
  program: z.enum(['agent', 'bind']),
  /** Whether the wearer's words are on the tape. Without them it can be looked at and compared, and not be played again. */
  words: z.boolean(),
  display: z.string(),
  kidHex: hexOf(8),
  sessionHex: hexOf(8),
  /** How its link sealed frames; absent where they went as they are, as in a simulated world. */
  link: z.optional(linkSchema),
  /** The rest of the settings; the payment token is as many zeros. */
  settings: z.strictObject({
    device: z.string(),
    agentId: z.string(),
    locale: z.enum(['en-US', 'zh-CN']),
    agent: z.string(),
    psp: z.string(),
    currency: z.string().check(z.refine(isCurrency)),
    orderCapMinor: z.number(),
    paymentToken: z.string().check(z.regex(/^0*$/)),
    paymentMethod: z.string(),
    place: z.strictObject({ latitudeE3: z.number(), longitudeE3: z.number() }),
    principal: z.optional(z.string()),
  }),
  /** The directory and the vocabulary, as their files had them. */
  directory: z.unknown(),
  vocabulary: z.unknown(),
});
export type TapeHead = z.infer<typeof headSchema>;

export interface HeadParts {
  readonly program: TapeHead['program'];
  readonly settings: DeviceSettings;
  readonly display: ProfileId;
  readonly kid: Uint8Array;
  readonly link?: Pick<SealedTransportParts, 'enrolled' | 'windowS'>;
  readonly directory: unknown;
  readonly vocabulary: unknown;
  readonly words: boolean;
}

/** The line. */
export function tapeHead({ settings, kid, link, ...parts }: HeadParts): string {
  const { program, words, display, directory, vocabulary } = parts;
  const { directory: _open, vocabulary: _checked, session, delegation, paymentToken, ...rest } = settings;
  const head: TapeHead = {
    ...({ format: TAPE_FORMAT, version: TAPE_VERSION, program, words, display } as const),
    ...{ kidHex: hex(kid), sessionHex: session },
    ...(link && {
      link: { windowS: link.windowS, ...(link.enrolled && { enrolled: publicPartOf(link.enrolled) }) },
    }),
    settings: {
      ...rest,
      paymentToken: maskOf(paymentToken),
      ...(delegation && { principal: delegation.principal }),
    },
    ...{ directory, vocabulary },
  };
  return JSON.stringify(head);
}

function publicPartOf({ key, notBefore, notAfter }: NonNullable<SealedTransportParts['enrolled']>) {
  return { kidHex: hex(key.kid), publicKeyHex: hex(key.publicKey), notBefore, notAfter };
}

/** @throws RangeError that says what is wrong with the line. */
export function readHead(line: string): TapeHead {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new RangeError('it is broken off');
  }
  const { version } = Object(json) as { readonly version?: unknown };
  if (typeof version === 'number' && version > TAPE_VERSION)
    throw new RangeError(`it is of version ${version}, and this program reads version ${TAPE_VERSION}`);
  const parsed = headSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new RangeError(`${parsed.error.issues[0]?.path.join('.') || 'it'} is not what it should be`);
}

/** What the tape is played with. @throws RangeError where the head says something that cannot be. */
export function replayedDevice(head: TapeHead): ReplayedDevice {
  try {
    return deviceOf(head);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new RangeError(`it says what cannot be: ${error.message}`);
  }
}

function deviceOf({ settings, ...head }: TapeHead): ReplayedDevice {
  const checked = checkVocabulary(head.vocabulary);
  if (!checked.ok) throw new RangeError(`its vocabulary is none: ${checked.fault}`);
  if (!Object.hasOwn(PROFILES, head.display)) throw new RangeError('its display is none of this version');
  const { principal, currency, ...plain } = settings;
  return {
    settings: {
      ...plain,
      currency: currency as Currency,
      session: parseSessionId(head.sessionHex),
      directory: withKnownKey(openedDirectory(head.directory), settings.psp),
      vocabulary: checked.vocabulary,
      ...(principal !== undefined && { delegation: { principal, voice: delegationVoice } }),
    },
    profile: PROFILES[head.display as ProfileId],
    kid: fromHex(head.kidHex),
    ...(head.link && { link: linkOf(head.link) }),
    isBinding: head.program === 'bind',
  };
}

function openedDirectory(file: unknown): DeviceSettings['directory'] {
  const parsed = directorySchema.safeParse(file);
  if (!parsed.success) throw new RangeError('its directory is none');
  return openDirectory(parsed.data);
}

function linkOf({ windowS, enrolled }: z.infer<typeof linkSchema>): ReplayedLinkParts {
  if (!enrolled) return { windowS };
  const { kidHex, publicKeyHex, notBefore, notAfter } = enrolled;
  const window = { notBefore: epochSeconds(notBefore), notAfter: epochSeconds(notAfter) };
  return { windowS, enrolled: { kid: fromHex(kidHex), publicKey: fromHex(publicKeyHex), ...window } };
}
