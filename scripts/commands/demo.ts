/** `act-edge demo`: one purchase from speech to receipt in the simulator, or one story of a delegation, told step by step. */
import { type Locale, PROFILES, type ProfileId } from '../../device/index.ts';
import {
  CHINESE,
  type DemoVoice,
  ENGLISH,
  runDemo,
  runTale,
  type Script,
  TALES,
  type TaleName,
  type Temper,
} from '../../sim/index.ts';
import { TEMPERS } from '../../sim/person.ts';
import { defineCommand, EXIT, type Io, oneOf, UsageError } from '../command.ts';
import { TaleTeller, tellEnd, tellEntry } from '../demo-story.ts';
import { openDemoVoice, readRecording } from '../demo-voice.ts';

const LOCALES = ['en-US', 'zh-CN'] as const satisfies readonly Locale[];
/** The purchase that is confirmed on the spot; all other scenarios are stories of delegations. */
const COFFEE = 'coffee';
const SCENARIOS = [COFFEE, ...(Object.keys(TALES) as TaleName[])] as const;
const TALE_LINES = Object.entries(TALES).map(([name, { summary }]) => `  ${name.padEnd(16)}${summary}`);

const HELP = `Everything runs in this process: the device, an MQTT broker, twelve shops, the agent and the PSP. Time is virtual.
English is spoken: recordings go through voice activity detection, PocketSphinx and the parser. Chinese words come as
a pushed transcript, as from a device with its own speech service, unless --sherpa-model names a model directory.
Any outcome but "finished" ends with exit code 1.

Scenarios of delegated payments, each with typed words in the language of --locale; exit code 1 where one did not come
out as told. In "report" the agent reaches the data desk over real HTTP, on a free port of 127.0.0.1.
${TALE_LINES.join('\n')}`;

/** `text` and the rest of what the wearer says, in the language of the text. */
function scriptOf(locale: Locale, temper: Temper, text: string | undefined): Script {
  const words = locale === 'zh-CN' ? CHINESE : ENGLISH;
  return { ...words, temper, ...(text !== undefined && { order: text }) };
}

interface Spoken {
  readonly text: string | undefined;
  readonly audio: string | undefined;
  readonly sherpaModel: string | undefined;
}

/** Opens the recogniser, or says on stderr why words are typed instead and what to do about it. */
function voiceFor(locale: Locale, order: string, { text, audio, sherpaModel }: Spoken, io: Io): DemoVoice | undefined {
  if (text !== undefined) return undefined;
  const recorded = audio === undefined ? undefined : { words: order, samples: readRecording(audio) };
  const voice = openDemoVoice(locale, sherpaModel, recorded);
  if (voice.ok) return voice.value;
  if (audio !== undefined)
    throw new UsageError('usage-option-value', `--audio cannot be heard: ${voice.reason}`, 'use --text');
  io.stderr.write(`demo: words are typed, because ${voice.reason}\n`);
  return undefined;
}

/** @throws UsageError `usage-option-value`. */
function refuseOptionsOfCoffee(
  values: Readonly<Partial<Record<'text' | 'audio' | 'sherpa-model', string | undefined>>>,
): void {
  const given = (['text', 'audio', 'sherpa-model'] as const).find((name) => values[name] !== undefined);
  if (given !== undefined)
    throw new UsageError('usage-option-value', `--${given} is for --scenario ${COFFEE} only`, 'leave it out');
}

export const demo = defineCommand({
  summary: 'play one purchase from speech to receipt, or a story of a delegation, in the simulator',
  help: HELP,
  options: {
    scenario: {
      type: 'string',
      value: 'NAME',
      default: COFFEE,
      describe: `what is played: ${SCENARIOS.join(', ')}`,
    },
    text: { type: 'string', value: 'WORDS', describe: 'the order as typed words instead of audio' },
    audio: { type: 'string', value: 'FILE', describe: 'the order as a recording: WAV, 16 kHz, 16-bit, mono' },
    locale: {
      type: 'string',
      value: 'LOCALE',
      describe: `${LOCALES.join(' or ')}; by default that of --text, else en-US`,
    },
    person: {
      type: 'string',
      value: 'HOW',
      default: 'buy',
      describe: `what the wearer does at the prompt: ${TEMPERS.join(', ')}`,
    },
    display: {
      type: 'string',
      value: 'ID',
      default: 'hud-480x640',
      describe: `the display: ${Object.keys(PROFILES).join(', ')}`,
    },
    seed: { type: 'string', value: 'SEED', default: '1', describe: 'keys, ids and chances of the simulated world' },
    'sherpa-model': {
      type: 'string',
      value: 'DIR',
      describe: 'a streaming sherpa-onnx model, for audio in its language',
    },
    json: { type: 'boolean', describe: 'print one JSON object instead of the story' },
  },
  async run(args, io) {
    const { text, audio, json, seed, 'sherpa-model': sherpaModel } = args.values;
    const locale =
      args.values.locale === undefined
        ? /\p{Script=Han}/u.test(text ?? '')
          ? 'zh-CN'
          : 'en-US'
        : oneOf(args, 'locale', LOCALES);
    const temper = oneOf(args, 'person', TEMPERS);
    const display = oneOf(args, 'display', Object.keys(PROFILES) as ProfileId[]);
    const scenario = oneOf(args, 'scenario', SCENARIOS);
    if (scenario !== COFFEE) {
      refuseOptionsOfCoffee(args.values);
      const teller = new TaleTeller((text) => io.stdout.write(text));
      const told = await runTale({ scenario, seed, locale, display, temper }, (entry) => {
        if (!json) teller.tell(entry);
      });
      if (json) io.stdout.write(`${JSON.stringify(told)}\n`);
      else teller.end(told);
      return told.cameTrue ? EXIT.held : EXIT.fellShort;
    }
    const script = scriptOf(locale, temper, text);
    const voice = voiceFor(locale, script.order, { text, audio, sherpaModel }, io);
    const options = { seed, locale, display, script, ...(voice && { voice }) };
    const result = await runDemo(options, (entry) => {
      if (!json) io.stdout.write(tellEntry(entry));
    });
    io.stdout.write(json ? `${JSON.stringify(result)}\n` : tellEnd(result));
    return result.outcome === 'finished' ? EXIT.held : EXIT.fellShort;
  },
});
