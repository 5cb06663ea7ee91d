/** `act-edge audit verify`: whether evidence holds, of a bundle from anywhere or of this device's own store. */
import { readAgentConfig } from '../../device/adapters/config-file.ts';
import { readDirectory } from '../../device/adapters/json-file.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { decodeBundle } from '../../device/audit/bundle.ts';
import { collectBundle } from '../../device/audit/bundle-collect.ts';
import { BundleKeys } from '../../device/audit/bundle-keys.ts';
import { judgeBundle, verifyBundle } from '../../device/audit/bundle-verify.ts';
import { ProtocolError, secondsOf } from '../../protocol/index.ts';
import { readBundleFile } from '../audit/bundle-file.ts';
import { causalData, causalLines, causalVerdictOf } from '../audit/causal-report.ts';
import { readEvidence } from '../audit/device-evidence.ts';
import { judgeStore, storeLines } from '../audit/store-verdict.ts';
import { knownKeys } from '../audit/trusted-keys.ts';
import { type KeysFrom, verdictData, verdictLines } from '../audit/verdict-report.ts';
import { orderNamed } from '../audit/wanted.ts';
import { CommandError, defineCommand, EXIT, type Io, UsageError } from '../command.ts';

const OPTIONS = {
  bundle: { type: 'string', value: 'FILE', describe: 'a bundle, or the report page that carries one' },
  trust: {
    type: 'string',
    value: 'FILE',
    describe: 'the directory whose keys are believed, in place of the bundle’s own',
  },
  config: { type: 'string', value: 'FILE', describe: 'the configuration of a device, for its own store' },
  order: { type: 'string', value: 'N', describe: 'one order of that device' },
  intent: { type: 'string', value: 'ID', describe: 'the purchase of one intent, 32 hex digits' },
  records: {
    type: 'string',
    value: 'FILE',
    describe: 'records that other parties handed over; with --intent, for its whole causal chain',
  },
  journal: {
    type: 'string',
    value: 'FILE',
    describe: 'a copy of the journal, in place of the one in the state directory',
  },
  checkpoints: { type: 'string', value: 'FILE', describe: 'a copy of the checkpoints, in place of those there' },
  json: { type: 'boolean', describe: 'print one JSON object' },
} as const;

type Told = { readonly held: boolean; readonly data: object; readonly lines: readonly string[] };

function ofBundle(path: string, trust: string | undefined): Told {
  const encoded = readBundleFile(path);
  try {
    const { keys } = decodeBundle(encoded);
    const known = trust === undefined ? keys : knownKeys(keys, readDirectory(trust));
    const verdict = verifyBundle(encoded, known);
    return told(verdict, trust === undefined ? 'bundle' : 'directory', known);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new CommandError('audit-unreadable', `${path} is no bundle (${error.code})`, 'have it exported again');
  }
}

function told(verdict: ReturnType<typeof judgeBundle>, from: KeysFrom, keys: Parameters<typeof verdictData>[2]): Told {
  return {
    held: verdict.standing === 'verified',
    data: verdictData(verdict, from, keys),
    lines: verdictLines(verdict, from, keys),
  };
}

function ofOrder(path: string, wanted: { readonly orderNo: string } | { readonly intentId: string }): Told {
  const sources = readEvidence(readAgentConfig(path));
  const bundle = collectBundle(sources, orderNamed(sources, wanted), secondsOf(systemClock().now()));
  const verdict = judgeBundle(bundle, new BundleKeys(bundle.header.tenant, bundle.keys));
  return told(verdict, 'device', bundle.keys);
}

/** From the wearer's intent to the fulfilment, by everybody who has a record of it. */
function ofChain(path: string, intent: string, records: string): Told {
  const verdict = causalVerdictOf(readEvidence(readAgentConfig(path)), intent, records);
  return { held: verdict.standing === 'verified', data: causalData(verdict), lines: causalLines(verdict) };
}

function ofStore(path: string, copies: { readonly device?: string; readonly checkpoints?: string }): Told {
  const verdict = judgeStore(readEvidence(readAgentConfig(path), copies));
  return { held: verdict.held, data: verdict, lines: storeLines(verdict) };
}

type Values = { readonly [O in Exclude<keyof typeof OPTIONS, 'json'>]?: string | undefined };

function toldOf({ bundle, trust, config = '', order, intent, records, journal, checkpoints }: Values): Told {
  if ((bundle === undefined) === (config === ''))
    throw new UsageError('usage-missing-option', 'one of --bundle and --config is needed', 'see --help of the command');
  if (records !== undefined && (config === '' || intent === undefined))
    throw new UsageError('usage-missing-option', '--records goes with --config and --intent', 'name the intent');
  if (bundle !== undefined) return ofBundle(bundle, trust);
  if (records !== undefined) return ofChain(config, intent ?? '', records);
  if (order !== undefined) return ofOrder(config, { orderNo: order });
  if (intent !== undefined) return ofOrder(config, { intentId: intent });
  return ofStore(config, {
    ...(journal !== undefined && { device: journal }),
    ...(checkpoints !== undefined && { checkpoints }),
  });
}

export const auditVerify = defineCommand({
  summary: 'check evidence: a bundle, one order, or all that a device keeps',
  help: `Each record is checked in the order of ACT 2.1 TSD-ATT-SVF and gets one of its seven conclusions. A log that cannot be reached
or a key that is not there makes evidence incomplete and is never called tampering; nor are payments and refunds that the PSP
counts and nobody shows. With --bundle nothing else is needed;
with --config the agent must not run meanwhile. With --records the causal chain of an intent is checked over all parties: each
record by itself, who may say it, and that nobody contradicts anybody. Exit code 1 unless everything holds.`,
  options: OPTIONS,
  async run({ values }, io: Io) {
    const made = toldOf(values);
    io.stdout.write(values.json ? `${JSON.stringify(made.data)}\n` : `${made.lines.join('\n')}\n`);
    return made.held ? EXIT.held : EXIT.fellShort;
  },
});
