/** `act-edge agent`: the device runtime against a real broker. */
import { readAgentConfig } from '../../device/adapters/config-file.ts';
import { jsonLog } from '../../device/adapters/json-log.ts';
import { openSocketCosigner, type SocketCosigner } from '../../device/adapters/socket-cosigner.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { terminalDisplay } from '../../device/adapters/terminal-display.ts';
import { textSpeaker } from '../../device/adapters/text-speaker.ts';
import { auditOf } from '../../device/audit/device-audit.ts';
import type { DeviceReports } from '../../device/audit/device-reports.ts';
import type { AgentConfig } from '../../device/config.ts';
import {
  type Agent,
  type AgentReport,
  type Clock,
  createAgent,
  type Journal,
  type Log,
  PROFILES,
  type Random,
} from '../../device/index.ts';
import { readWitnessKey } from '../../protocol/checkpoint.ts';
import { type AgentAudio, openKeeper } from '../agent-audio.ts';
import { type AgentButton, openButton } from '../agent-button.ts';
import { earFor } from '../agent-ear.ts';
import { type AgentParts, readAgentParts } from '../agent-parts.ts';
import {
  type AgentRecording,
  openRecording,
  RECORDING_OPTIONS,
  type RecordingWish,
  recordingWish,
} from '../agent-recording.ts';
import { openReports } from '../agent-reports.ts';
import { type AgentSigner, openSigner } from '../agent-signer.ts';
import { defineCommand, EXIT, type Io, required } from '../command.ts';
import { deviceLink } from '../device-link.ts';
import { type CountingTransport, countingTransport } from '../last-words.ts';
import { openStateJournals } from '../state-journals.ts';
import { stopRequested } from '../until-stopped.ts';

/** How long a finished program waits for the broker to take the last message, for example a cancellation. */
const LAST_WORDS_MS = 5_000;

const JOURNALS = ['device', 'checkpoints', 'attestations', 'words'] as const;
type Journals = Readonly<Record<(typeof JOURNALS)[number], Journal>>;

/**
 * Writes each step to the log and calls `ended` once with the exit code when a purchase has ended. One that had ended before
 * this process started is no news.
 */
function observer(log: Log, ended: (code: number) => void): (report: AgentReport) => void {
  let before: string | undefined;
  const standing = new Map<string, string>();
  return ({ event, effects, purchases: { current }, delegations }) => {
    for (const { id, at } of delegations.values()) {
      if (standing.get(id) !== at) log.write('info', 'delegation', { event: event.kind, id, at });
      standing.set(id, at);
    }
    const outcome = current.at === 'ended' ? { outcome: current.outcome, reason: current.reason } : {};
    log.write('info', 'purchase', { event: event.kind, at: current.at, ...outcome });
    const isOld = before === 'ended' || (event.kind === 'restarted' && effects.length === 0);
    if (current.at === 'ended' && !isOld) ended(current.outcome === 'finished' ? EXIT.held : EXIT.fellShort);
    before = current.at;
  };
}

/** What a device is put into: its clock, where it writes, and the button on it. */
interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly output: Io['stdout'];
  readonly hand: AgentButton;
  readonly cosigner: SocketCosigner | undefined;
  readonly audio: AgentAudio | undefined;
  readonly recording: AgentRecording | undefined;
}

interface Device {
  readonly agent: Agent;
  readonly transport: CountingTransport;
  readonly signer: AgentSigner;
  /** Where the configuration names a trust chain node. */
  readonly reports?: DeviceReports;
}

function assemble(
  config: AgentConfig,
  parts: AgentParts,
  journals: Journals,
  { clock, random, log, output, hand, cosigner, audio, recording }: Surroundings,
  ended: (code: number) => void,
): Device {
  const { settings, keys } = parts;
  const { device } = settings;
  const profile = PROFILES[config.device.display];
  const display = terminalDisplay({ output, columns: profile.columns });
  const speaker = textSpeaker(output);
  const { button, wear } = hand;
  const prompt = { profile, button, display, speaker, ...(wear ? { wear } : {}) };
  const signer = openSigner(config, parts, { clock, random, log }, prompt);
  const { recorder } = recording ?? {};
  const sealed = deviceLink(`${config.tenant}-${device}`, parts, { clock, random, log }, recorder);
  const transport = countingTransport(sealed, clock);
  const ear = earFor(config.voice, settings, {
    clock,
    button,
    words: hand.words ?? process.stdin,
    log,
    ...(audio && { keeper: audio.keeper }),
    agent: () => agent,
  });
  const audit = auditOf(settings, keys.agent, {
    ...{ clock, random, log, journal: journals.device, checkpoints: journals.checkpoints },
    ...(cosigner && { cosigner }),
  });
  const reports =
    config.audit &&
    openReports(config.audit, parts, { clock, random, log, journal: audit.journal, store: journals.attestations });
  const ports = {
    clock,
    random,
    journal: reports?.follow() ?? audit.journal,
    audit,
    transcripts: audio?.keeper.transcripts(journals.words) ?? journals.words,
    transport,
    signer: signer.signer,
    display,
    profile,
    speaker,
    ear,
    log,
  };
  const tell = observer(log, ended);
  const key = recorder?.key(keys.agent) ?? keys.agent;
  const made = createAgent(settings, key, recorder?.ports(ports) ?? ports, (report) => {
    audio?.keeper.observe(report);
    tell(report);
  });
  const agent: Agent = recorder?.agent(made) ?? made;
  return { agent, transport, signer, ...(reports && { reports }) };
}

/** Runs the device until it is asked to stop or, with `once`, until a purchase has ended. @returns the exit code. */
async function runDevice(
  config: AgentConfig,
  parts: AgentParts,
  io: Io,
  { once, wish }: { readonly once: boolean; readonly wish: RecordingWish | undefined },
): Promise<number> {
  const stopped = stopRequested().then(() => EXIT.held);
  const [clock, random] = [systemClock(), systemRandom()];
  const log = jsonLog({ level: config.log.level, output: io.stderr, clock });
  const journals: Journals = openStateJournals(config, JOURNALS);
  let hand: AgentButton | undefined;
  let device: Device | undefined;
  let cosigner: SocketCosigner | undefined;
  let audio: AgentAudio | undefined;
  let recording: AgentRecording | undefined;
  try {
    recording = wish && openRecording(wish, 'agent', config, parts, log);
    audio = openKeeper(config, { clock, random, log });
    cosigner = await openCosigner(config.witness, { clock, log });
    hand = await openButton(config.button, { voice: config.voice, clock, log });
    let ended: (code: number) => void = () => {};
    const purchase = new Promise<number>((resolve) => {
      ended = resolve;
    });
    const surroundings = { clock, random, log, output: io.stdout, hand, cosigner, audio, recording };
    device = assemble(config, parts, journals, surroundings, ended);
    const { agent, transport } = device;
    agent.start();
    device.reports?.start();
    const code = await Promise.race(once ? [purchase, stopped] : [stopped]);
    if (once) await Promise.race([transport.settled(LAST_WORDS_MS), stopped]);
    device.reports?.stop();
    await new Promise<void>((done) => agent.stop(done));
    recording?.end();
    return code;
  } finally {
    device?.signer.close();
    for (const journal of Object.values(journals)) journal.close();
    hand?.close();
    cosigner?.close();
    audio?.close();
    recording?.close();
  }
}

/** The paired witness, where there is one. @throws DeviceError, StoreError as its socket does. */
async function openCosigner(
  witness: AgentConfig['witness'],
  ports: Pick<Surroundings, 'clock' | 'log'>,
): Promise<SocketCosigner | undefined> {
  if (!witness) return undefined;
  const { socketFile, key } = witness;
  return openSocketCosigner({ socketFile, key: readWitnessKey(key), ...ports });
}

export const agent = defineCommand({
  summary: 'run the device against a real broker',
  help: `With the recognizer "typed", each line on the input is what the wearer says. With "pushed", each line is a transcript
message of the device's own speech service, and the line wake opens the ear. In both, the lines hold and click press the
button. With a microphone, the space bar or Enter is the button; while nothing is to be confirmed, it opens the ear.
The display and what is spoken go to stdout, the log to stderr as JSON lines.
SIGTERM and SIGINT stop the device in order; started again, it takes up what was under way.
The key that frames are sealed for is replaced while a third of its window is left; the old one is erased when it ends.
A recording is for its owner's eyes: it holds every frame that came, opened, with shops, things and prices, and the device's
settings with the wearer's identity and place; the wearer's words only with --record-words. It holds no key, and zeros in place of the
device's own payment token. The token of a delegation is in it, in each payment that its agent has made: the agent has signed that
with it. So are tokens that a later binding has replaced, where the device's journal still has them.
Each line is in the file before the device goes on, so that a kill or a crash leaves all that was; the next start goes on in the same file.
At the limit, or on a full disk, the recording ends with recording-full or recording-failed in the log, and the device goes on.`,
  options: {
    config: { type: 'string', value: 'FILE', describe: 'the configuration, for example examples/agent.yaml' },
    once: { type: 'boolean', describe: 'stop when a purchase has ended; exit code 1 unless it finished' },
    ...RECORDING_OPTIONS,
  },
  async run(args, io) {
    const { once } = args.values;
    const wish = recordingWish(args);
    const config = readAgentConfig(required(args, 'config'));
    const parts = readAgentParts(config);
    try {
      return await runDevice(config, parts, io, { once, wish });
    } finally {
      parts.keys.agent.destroy();
      parts.keys.signer.destroy();
      // Whoever still reads the input keeps the process alive.
      process.stdin.pause();
    }
  },
});
