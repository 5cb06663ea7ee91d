/**
 * What an operator writes to run a device (`examples/agent.yaml`) or the services it talks to (`examples/cloud.yaml`).
 * The shape is closed: a misspelt key is an error, not a default nobody notices. Units stand in the names.
 */
import * as z from 'zod/mini';
import { type Currency, MAX_MINOR } from '../protocol/money.ts';
import { RECIPIENT_KEY_MAX_WINDOW_S } from '../protocol/recipient-key.ts';
import { auditConfig, chainConfig } from './config-audit.ts';
import { buttonConfig } from './config-button.ts';
import { deskConfig, plannerConfig } from './config-outside.ts';
import { brokerUrl, file, matching, oneOf, refuse, required, rule, whole } from './config-rules.ts';
import { signerConfig, signerKeys } from './config-signer.ts';
import { witnessConfig } from './config-witness.ts';
import { PROFILES, type ProfileId } from './confirm/profiles.ts';
import { DeviceError } from './errors.ts';

const NAME = '1 to 32 of a-z, 0-9 and -, not starting with -';
const name = matching(/^[a-z0-9][a-z0-9-]{0,31}$/, NAME);
const tenant = name;
const DISPLAYS = Object.keys(PROFILES) as ProfileId[];
const LOCALES = ['zh-CN', 'en-US'] as const;
const MQTT_VERSIONS = ['5', '3.1.1'] as const;
const RECOGNIZERS = ['typed', 'pocketsphinx', 'sherpa', 'pushed'] as const;
const LEDGERS = ['sqlite', 'postgres', 'journal'] as const;
const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

const broker = required({
  url: brokerUrl,
  mqttVersion: z._default(oneOf(MQTT_VERSIONS), '5'),
  username: z.optional(matching(/^[\x21-\x7e]{1,64}$/, '1 to 64 visible ASCII characters')),
  passwordFile: z.optional(file),
  caFile: z.optional(file),
  certFile: z.optional(file),
  keyFile: z.optional(file),
  keepaliveSeconds: z._default(whole(5, 3600), 30),
  reconnectMinMs: z._default(whole(50, 60_000), 500),
  reconnectMaxMs: z._default(whole(100, 600_000), 30_000),
  sessionExpirySeconds: z._default(whole(60, 2_592_000), 86_400),
}).check((context) => {
  const { url, username, passwordFile, caFile, certFile, keyFile, reconnectMinMs, reconnectMaxMs } = context.value;
  const encrypted = url.startsWith('mqtts:') || url.startsWith('wss:');
  refuse(context, passwordFile !== undefined && username === undefined, 'username', 'needed beside passwordFile');
  refuse(context, certFile !== undefined && keyFile === undefined, 'keyFile', 'needed beside certFile');
  refuse(context, keyFile !== undefined && certFile === undefined, 'certFile', 'needed beside keyFile');
  const tlsFile = (['caFile', 'certFile'] as const).find((key) => (key === 'caFile' ? caFile : certFile) !== undefined);
  refuse(context, tlsFile !== undefined && !encrypted, tlsFile ?? 'url', 'takes effect with mqtts:// or wss:// only');
  refuse(context, reconnectMinMs > reconnectMaxMs, 'reconnectMinMs', 'expected at most reconnectMaxMs');
});

const peers = required({ trustFile: file });
/** How long a recipient key holds; the next one is made when a third of it is left. */
const recipientKeyWindowSeconds = z._default(whole(30, RECIPIENT_KEY_MAX_WINDOW_S), RECIPIENT_KEY_MAX_WINDOW_S);
const log = z._default(z.strictObject({ level: z._default(oneOf(LEVELS), 'info') }), { level: 'info' });

const voice = required({
  recognizer: oneOf(RECOGNIZERS),
  vocabularyFile: file,
  sherpaModelDirectory: z.optional(file),
  vadModelFile: z.optional(file),
  rejectBelow: z.optional(
    rule<number>((value) => typeof value === 'number' && value >= 0 && value <= 1, 'a number from 0 to 1'),
  ),
  /** So long the sound of what led to a confirmed intent stays, on the device and sealed; absent: it is never kept. */
  keepAudioHours: z.optional(whole(1, 8_760)),
}).check((context) => {
  const { recognizer, sherpaModelDirectory, keepAudioHours } = context.value;
  const isSilent = keepAudioHours !== undefined && (recognizer === 'typed' || recognizer === 'pushed');
  refuse(context, isSilent, 'keepAudioHours', 'takes effect with pocketsphinx or sherpa only');
  const modelMissing = recognizer === 'sherpa' && sherpaModelDirectory === undefined;
  refuse(context, modelMissing, 'sherpaModelDirectory', 'needed by the recognizer sherpa');
});

const agentConfig = required({
  tenant,
  device: required({
    id: name,
    agentId: matching(
      /^(?=.{1,96}$)did:act:[a-z0-9.-]+\/[A-Za-z0-9._-]+$/,
      'an agent id such as did:act:example.com/device-1',
    ),
    /** The wearer as the PSP knows them; needed to bind an account. */
    principalId: z.optional(
      matching(/^(?=.{1,96}$)did:[a-z0-9]+:[!-~]+$/, 'an identifier such as did:act:example.com/person-1'),
    ),
    sessionHex: matching(/^[0-9a-f]{16}$/, '8 bytes as 16 lower-case hex digits, in quotes'),
    locale: z._default(oneOf(LOCALES), 'zh-CN'),
    display: z._default(oneOf(DISPLAYS), 'hud-480x640'),
  }),
  broker,
  peers,
  keys: required({
    agentKeyFile: file,
    /** Of the signer in this process; any other has its own. */
    confirmationKeyFile: z.optional(file),
    recipientKeyFile: file,
    passphraseFile: file,
    recipientKeyWindowSeconds,
  }),
  state: required({ directory: file }),
  purchase: required({
    /** The parser hears amounts as yuan, so another currency would give them another meaning (T7). */
    currency: rule<Currency>((value) => value === 'CNY', '"CNY"'),
    /** In minor units of `currency`; the most one order may cost, whatever the wearer said. */
    orderCapMinor: whole(1, MAX_MINOR),
    paymentTokenFile: file,
    /** Millionths of a degree, where deliveries go. */
    location: required({ latE6: whole(-90_000_000, 90_000_000), lonE6: whole(-180_000_000, 180_000_000) }),
  }),
  voice,
  button: buttonConfig,
  signer: signerConfig,
  audit: auditConfig,
  witness: witnessConfig,
  log,
}).check((context) => {
  const { signer, keys } = context.value;
  const isMissing = signer.kind === 'soft' && keys.confirmationKeyFile === undefined;
  refuse(context, isMissing, 'keys.confirmationKeyFile', 'needed by the signer soft');
});

const signerProgram = required({
  tenant,
  device: required({
    id: name,
    locale: z._default(oneOf(LOCALES), 'zh-CN'),
    display: z._default(oneOf(DISPLAYS), 'hud-480x640'),
  }),
  peers,
  keys: signerKeys,
  state: required({ directory: file }),
  button: buttonConfig,
  socketFile: file,
  log,
});

const cloudConfig = required({
  tenant,
  /** Each service logs in under its own name, so `username` only says that there is a password. */
  broker,
  peers,
  /** The secret from which all keys of the services are derived, and what the devices enrolled with. */
  keys: required({ tenantSeedFile: file, enrolmentsFile: file, recipientKeyWindowSeconds }),
  state: required({ directory: file }),
  /**
   * Where delegated payments are kept: a file of its own, a server that several PSP processes may share, or, for one process
   * that needs no package for it, only the PSP's journal.
   */
  ledger: z._default(
    required({ kind: oneOf(LEDGERS), urlFile: z.optional(file) }).check((context) => {
      const { kind, urlFile } = context.value;
      refuse(
        context,
        (kind === 'postgres') !== (urlFile !== undefined),
        'urlFile',
        'goes with postgres, and only with it',
      );
    }),
    { kind: 'sqlite' },
  ),
  chain: chainConfig,
  desk: deskConfig,
  planner: plannerConfig,
  log,
});

/** A checked agent configuration: defaults filled in, paths absolute. */
export type AgentConfig = z.infer<typeof agentConfig>;
/** A checked configuration of the services a device talks to, run by `act-edge cloud`. */
export type CloudConfig = z.infer<typeof cloudConfig>;
export type BrokerConfig = AgentConfig['broker'];
export type { AuditConfig } from './config-audit.ts';
export type { ButtonConfig } from './config-button.ts';

/** A checked configuration of `act-edge signer --emulate`. */
export type SignerProgramConfig = z.infer<typeof signerProgram>;
export type { SignerConfig } from './config-signer.ts';

/** Makes a path of the configuration absolute; relative ones count from the file they stand in. */
export type ResolvePath = (path: string) => string;

/**
 * Checks what was read from YAML.
 * @throws DeviceError `config-invalid`, naming every problem with its path: `broker.keepaliveSeconds: expected …; …`.
 */
export function checkAgentConfig(read: unknown, resolve: ResolvePath): AgentConfig {
  return withPaths(checked(agentConfig, read), resolve);
}

/** As {@link checkAgentConfig}, for the services. @throws DeviceError `config-invalid`. */
export function checkCloudConfig(read: unknown, resolve: ResolvePath): CloudConfig {
  return withPaths(checked(cloudConfig, read), resolve);
}

/** As {@link checkAgentConfig}, for a signer that is a program of its own. @throws DeviceError `config-invalid`. */
export function checkSignerConfig(read: unknown, resolve: ResolvePath): SignerProgramConfig {
  return withPaths(checked(signerProgram, read), resolve);
}

function checked<T>(schema: z.ZodMiniType<T>, read: unknown): T {
  const result = schema.safeParse(read);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => {
    const at = issue.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
    const here = at.replace(/^\./, '') || 'the file';
    // Only the name of an unknown key is repeated: its value may be a password someone put in the wrong place (T19).
    if (issue.code !== 'unrecognized_keys') return [`${here}: ${issue.message}`];
    return issue.keys.map((key) => `${`${at}.${key}`.replace(/^\./, '')}: unknown key`);
  });
  throw new DeviceError('config-invalid', problems.join('; '), 'compare with examples/agent.yaml and correct the file');
}

/** Every key that ends in `File` or `Directory`, or is called `directory`, holds a path, at any depth. */
const PATH_KEY = /(File|Directory)$|^directory$/;

function withPaths<T>(value: T, resolve: ResolvePath): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    PATH_KEY.test(key) && typeof inner === 'string' ? resolve(inner) : withPaths(inner, resolve),
  ]);
  return Object.fromEntries(entries) as T;
}
