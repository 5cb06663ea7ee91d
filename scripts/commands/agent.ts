/** `act-edge agent`: the device runtime against a real broker. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readAgentConfig } from '../../device/adapters/config-file.ts';
import { openFileJournal } from '../../device/adapters/file-journal.ts';
import { jsonLog } from '../../device/adapters/json-log.ts';
import { keyboardButton } from '../../device/adapters/keyboard-button.ts';
import { mqttTransport } from '../../device/adapters/mqtt-transport.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { terminalDisplay } from '../../device/adapters/terminal-display.ts';
import { textSpeaker } from '../../device/adapters/text-speaker.ts';
import type { AgentConfig } from '../../device/config.ts';
import {
  type Agent,
  type AgentReport,
  type Button,
  type Clock,
  createAgent,
  createSoftSigner,
  type Journal,
  type Log,
  PROFILES,
  sealedTransport,
} from '../../device/index.ts';
import { earFor } from '../agent-ear.ts';
import { type AgentParts, readAgentParts } from '../agent-parts.ts';
import { defineCommand, EXIT, type Io, required } from '../command.ts';
import { type CountingTransport, countingTransport } from '../last-words.ts';
import { stopRequested } from '../until-stopped.ts';

const MESSAGE_EXPIRY_S = 120;
/** How long a finished program waits for the broker to take the last message, for example a cancellation. */
const LAST_WORDS_MS = 5_000;

/** A device without a button of its own has nobody who can confirm: every prompt times out. */
const NO_BUTTON: Button = { assurance: 'relayed', listen: () => () => {} };

/** In line mode the button's words share the input with typed words; only a voice device may take the terminal over. */
function buttonFor({ button, voice }: AgentConfig, clock: Clock): Button {
  if (button.kind === 'none') return NO_BUTTON;
  const { stdin } = process;
  const takesLines = voice.recognizer === 'typed' || voice.recognizer === 'pushed';
  const lines = {
    on: (event: 'data', listener: (chunk: Uint8Array | string) => void) => stdin.on(event, listener),
    off: (event: 'data', listener: (chunk: Uint8Array | string) => void) => stdin.off(event, listener),
    resume: () => stdin.resume(),
    pause: () => stdin.pause(),
  };
  const onInterrupt = () => process.kill(process.pid, 'SIGINT');
  return keyboardButton({ input: takesLines ? lines : stdin, clock, onInterrupt });
}

interface Journals {
  readonly device: Journal;
  readonly words: Journal;
  readonly signer: Journal;
}

/** Each belongs to this process alone until it is closed; a second agent on the same directory gets `store-locked`. */
function openJournals(directory: string): Journals {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const open = (name: string) => openFileJournal(join(directory, `${name}.journal`), systemRandom());
  return { device: open('device'), words: open('words'), signer: open('signer') };
}

/**
 * Writes each step to the log and calls `ended` once with the exit code when a purchase has ended. One that had ended before
 * this process started is no news.
 */
function observer(log: Log, ended: (code: number) => void): (report: AgentReport) => void {
  let before: string | undefined;
  return ({ event, effects, purchases: { current } }) => {
    const outcome = current.at === 'ended' ? { outcome: current.outcome, reason: current.reason } : {};
    log.write('info', 'purchase', { event: event.kind, at: current.at, ...outcome });
    const isOld = before === 'ended' || (event.kind === 'restarted' && effects.length === 0);
    if (current.at === 'ended' && !isOld) ended(current.outcome === 'finished' ? EXIT.held : EXIT.fellShort);
    before = current.at;
  };
}

interface Device {
  readonly agent: Agent;
  readonly transport: CountingTransport;
}

function assemble(
  config: AgentConfig,
  { settings, broker, keys, recipientKeys }: AgentParts,
  { device: journal, words, signer: signerJournal }: Journals,
  io: Io,
  ended: (code: number) => void,
): Device {
  const [clock, random] = [systemClock(), systemRandom()];
  const log = jsonLog({ level: config.log.level, output: io.stderr, clock });
  const { device, psp, directory } = settings;
  const profile = PROFILES[config.device.display];
  const display = terminalDisplay({ output: io.stdout, columns: profile.columns });
  const speaker = textSpeaker(io.stdout);
  const button = buttonFor(config, clock);
  const prompt = { profile, button, display, speaker };
  const signer = createSoftSigner({
    key: keys.confirmation,
    device,
    psp,
    directory,
    journal: signerJournal,
    clock,
    log,
    ...prompt,
  });
  const link = {
    broker,
    clientId: `${config.tenant}-${device}`,
    contentType: 'application/cose',
    messageExpirySeconds: MESSAGE_EXPIRY_S,
  };
  const sealing = {
    self: { party: device, role: 'device' } as const,
    tenant: directory.tenant,
    recipients: directory.recipients,
    own: recipientKeys,
    roleOf: directory.roleOf,
    clock,
    random,
    log,
  };
  const sealed = sealedTransport(mqttTransport(link, { clock, random, log }), sealing);
  const transport = countingTransport(sealed, clock);
  const ear = earFor(config.voice, settings, { clock, button, log, agent: () => agent });
  const ports = { clock, random, journal, transcripts: words, transport, signer, display, profile, speaker, ear, log };
  const agent: Agent = createAgent(settings, keys.agent, ports, observer(log, ended));
  return { agent, transport };
}

/** Runs the device until it is asked to stop or, with `once`, until a purchase has ended. @returns the exit code. */
async function runDevice(config: AgentConfig, parts: AgentParts, io: Io, once: boolean): Promise<number> {
  const stopped = stopRequested().then(() => EXIT.held);
  const journals = openJournals(config.state.directory);
  try {
    let ended: (code: number) => void = () => {};
    const purchase = new Promise<number>((resolve) => {
      ended = resolve;
    });
    const { agent, transport } = assemble(config, parts, journals, io, ended);
    agent.start();
    const code = await Promise.race(once ? [purchase, stopped] : [stopped]);
    if (once) await Promise.race([transport.settled(LAST_WORDS_MS), stopped]);
    await new Promise<void>((done) => agent.stop(done));
    return code;
  } finally {
    for (const journal of Object.values(journals)) journal.close();
  }
}

export const agent = defineCommand({
  summary: 'run the device against a real broker',
  help: `With the recognizer "typed", each line on the input is what the wearer says. With "pushed", each line is a transcript
message of the device's own speech service, and the line wake opens the ear. In both, the lines hold and click press the
button. With a microphone, the space bar or Enter is the button; while nothing is to be confirmed, it opens the ear.
The display and what is spoken go to stdout, the log to stderr as JSON lines.
SIGTERM and SIGINT stop the device in order; started again, it takes up what was under way.`,
  options: {
    config: { type: 'string', value: 'FILE', describe: 'the configuration, for example examples/agent.yaml' },
    once: { type: 'boolean', describe: 'stop when a purchase has ended; exit code 1 unless it finished' },
  },
  async run(args, io) {
    const config = readAgentConfig(required(args, 'config'));
    const parts = readAgentParts(config);
    try {
      return await runDevice(config, parts, io, args.values.once);
    } finally {
      parts.keys.agent.destroy();
      parts.keys.confirmation.destroy();
      // Whoever still reads the input keeps the process alive.
      process.stdin.pause();
    }
  },
});
