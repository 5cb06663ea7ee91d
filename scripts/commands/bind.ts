/** `act-edge bind`: binds the wearer's account to the device's agent, once, with a hold on the device (ACT 2.1 PSD-PMT-BND). */
import { readAgentConfig } from '../../device/adapters/config-file.ts';
import { jsonLog } from '../../device/adapters/json-log.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { terminalDisplay } from '../../device/adapters/terminal-display.ts';
import { textSpeaker } from '../../device/adapters/text-speaker.ts';
import { tokenFile } from '../../device/adapters/token-file.ts';
import { type Binder, type BinderPorts, createBinder } from '../../device/binding/binder.ts';
import { type Binding, isOver } from '../../device/binding/state.ts';
import type { AgentConfig } from '../../device/config.ts';
import { type Clock, DeviceError, type Journal, type Log, PROFILES } from '../../device/index.ts';
import {
  type BindingRequest,
  type EpochSeconds,
  formatAmount,
  newId,
  ProtocolError,
  parseAmount,
  secondsOf,
  toIsoUtc,
} from '../../protocol/index.ts';
import { type AgentButton, openButton } from '../agent-button.ts';
import { type AgentParts, readAgentParts } from '../agent-parts.ts';
import {
  type AgentRecording,
  openRecording,
  RECORDING_OPTIONS,
  type RecordingWish,
  recordingWish,
} from '../agent-recording.ts';
import { type AgentSigner, openSigner } from '../agent-signer.ts';
import { defineCommand, EXIT, type Io, required, UsageError } from '../command.ts';
import { deviceLink } from '../device-link.ts';
import { sealedUnder } from '../sealing.ts';
import { openStateJournals } from '../state-journals.ts';
import { stopRequested } from '../until-stopped.ts';

const DAY_S = 86_400;
/** Longer than a request, a prompt and a slow link together. Afterwards it goes on with the next run. */
const WAIT_MS = 180_000;

/** What is to be bound, but for the ids and times. */
interface Reach {
  readonly principal: string;
  readonly totalMinor: number;
  readonly singleMinor: number;
  readonly days: number;
}

function amountIn(text: string, option: string, { purchase }: AgentConfig): number {
  try {
    return parseAmount(text, purchase.currency);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new UsageError('usage-option-value', `--${option} cannot be "${text}"`, 'give an amount such as 500.00');
  }
}

function daysIn(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new UsageError('usage-option-value', `--days cannot be "${text}"`, 'give whole days, 1 to 999');
}

function principalIn({ device }: AgentConfig): string {
  if (device.principalId !== undefined) return device.principalId;
  const hint = 'set it to the identifier under which the PSP knows you';
  throw new DeviceError('config-invalid', 'device.principalId: missing; needed to bind an account', hint);
}

/** What a run has opened before its device is put together. */
interface Surroundings {
  readonly journal: Journal;
  readonly hand: AgentButton;
  readonly clock: Clock;
  readonly log: Log;
  readonly recording: AgentRecording | undefined;
}

function assemble(config: AgentConfig, parts: AgentParts, around: Surroundings, io: Io) {
  const { device } = parts.settings;
  const { journal, hand, clock, log, recording } = around;
  const random = systemRandom();
  const profile = PROFILES[config.device.display];
  const signer = openSigner(
    config,
    parts,
    { clock, random, log },
    {
      ...{ profile, button: hand.button, ...(hand.wear ? { wear: hand.wear } : {}) },
      display: terminalDisplay({ output: io.stdout, columns: profile.columns }),
      speaker: textSpeaker(io.stdout),
    },
  );
  // A session of its own: what comes for the purchases waits in theirs. Brokers that make the user name the session
  // (examples/mosquitto) give both one; what comes meanwhile is lost then, as to a device that is off for longer than a frame lives.
  const recorder = recording?.recorder;
  const transport = deviceLink(`${config.tenant}-${device}-bind`, parts, { clock, random, log }, recorder);
  const tokens = tokenFile(config.purchase.paymentTokenFile, random, () => sealedUnder(config.keys.passphraseFile));
  const ports: BinderPorts = { clock, random, journal, tokens, transport, signer: signer.signer, log };
  return { ports: recorder?.binderPorts(ports) ?? ports, signer };
}

function requestOf({ settings }: AgentParts, { principal, totalMinor, singleMinor, days }: Reach): BindingRequest {
  const createdAt = secondsOf(systemClock().now());
  const validUntil = (createdAt + days * DAY_S) as EpochSeconds;
  return {
    requestId: newId(systemRandom().bytes(16)),
    delegatorIdentity: principal,
    agentId: settings.agentId,
    methods: [settings.paymentMethod],
    limits: { currency: settings.currency, maxSingleMinor: singleMinor, maxTotalMinor: totalMinor, validUntil },
    createdAt,
  };
}

/** Binds, or takes up what an earlier run left open. @returns where the binding stands when this run ends. */
async function run(
  config: AgentConfig,
  parts: AgentParts,
  { reach, wish }: { readonly reach: Reach; readonly wish: RecordingWish | undefined },
  io: Io,
): Promise<Binding> {
  // The purchases' own is held, not used: it keeps the agent out meanwhile, which would seal with the same keys.
  const { device: held, binding: journal } = openStateJournals(config, ['device', 'binding']);
  const stopped = stopRequested();
  let hand: AgentButton | undefined;
  let binder: Binder | undefined;
  let signer: AgentSigner | undefined;
  let recording: AgentRecording | undefined;
  try {
    const clock = systemClock();
    const log = jsonLog({ level: config.log.level, output: io.stderr, clock });
    recording = wish && openRecording(wish, 'bind', config, parts, log);
    hand = await openButton(config.button, { voice: config.voice, clock, log });
    const assembled = assemble(config, parts, { journal, hand, clock, log, recording }, io);
    signer = assembled.signer;
    let ended: () => void = () => {};
    const over = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const { recorder } = recording ?? {};
    const key = recorder?.key(parts.keys.agent) ?? parts.keys.agent;
    const made = createBinder(parts.settings, key, assembled.ports, (binding, { kind }) => {
      log.write('info', 'binding', { event: kind, at: binding.at });
      if (isOver(binding)) ended();
    });
    binder = recorder?.binder(made) ?? made;
    binder.start();
    if (isOver(binder.binding)) binder.bind(requestOf(parts, reach), config.device.locale);
    const enough = clock.after(WAIT_MS, ended);
    await Promise.race([over, stopped]);
    enough();
    return binder.binding;
  } finally {
    const running = binder;
    if (running) {
      await new Promise<void>((done) => running.stop(done));
      recording?.end();
    }
    signer?.close();
    journal.close();
    held.close();
    hand?.close();
    recording?.close();
  }
}

/** What came of it, for people. */
function told(binding: Binding): string {
  if (binding.at !== 'bound')
    return binding.at === 'refused' || binding.at === 'expired'
      ? `not bound: ${binding.at === 'refused' ? binding.code : 'expired'}`
      : 'not known yet whether the account is bound; run this again, it goes on with the same request';
  const { currency, maxTotalMinor = 0, maxSingleMinor = maxTotalMinor, validUntil } = binding.limits;
  const amount = (minor: number) => `${formatAmount(minor, currency)} ${currency}`;
  const end = validUntil === undefined ? '' : `, until ${toIsoUtc(validUntil)}`;
  return `bound: ${amount(maxTotalMinor)} in all, ${amount(maxSingleMinor)} at once${end}`;
}

export const bind = defineCommand({
  summary: "bind the wearer's account to the device, with a hold on it",
  help: `Asks the PSP to let this device pay from your account within these limits, shows what the PSP offers, and takes a hold
on the device's button as your consent. The payment token goes, sealed, into the file that purchase.paymentTokenFile names;
the token before it is dead from then on. The agent must not run meanwhile. Stopped or cut off, run it again: it goes on with
the same request. Exit code 0 only when the account is bound. A recording (sim replay) is for its owner's eyes, as that of
act-edge agent is; neither the new token nor the one before it is in it.`,
  options: {
    config: { type: 'string', value: 'FILE', describe: 'the configuration of the device' },
    total: {
      type: 'string',
      value: 'AMOUNT',
      describe: 'the most it may pay in all, for example 500.00, in purchase.currency',
    },
    single: {
      type: 'string',
      value: 'AMOUNT',
      describe: 'the most one payment may be; purchase.orderCapMinor if left out',
    },
    days: { type: 'string', value: 'N', default: '90', describe: 'how long it holds, 1 to 999' },
    ...RECORDING_OPTIONS,
  },
  async run(args, io) {
    const total = required(args, 'total');
    const { single } = args.values;
    const days = daysIn(args.values.days);
    const wish = recordingWish(args);
    const config = readAgentConfig(required(args, 'config'));
    const totalMinor = amountIn(total, 'total', config);
    const singleMinor = single === undefined ? config.purchase.orderCapMinor : amountIn(single, 'single', config);
    const reach = { principal: principalIn(config), totalMinor, singleMinor: Math.min(singleMinor, totalMinor), days };
    const parts = readAgentParts(config, { isBound: false });
    try {
      const binding = await run(config, parts, { reach, wish }, io);
      io.stdout.write(`${told(binding)}\n`);
      return binding.at === 'bound' ? EXIT.held : EXIT.fellShort;
    } finally {
      parts.keys.agent.destroy();
      parts.keys.signer.destroy();
      process.stdin.pause();
    }
  },
});
