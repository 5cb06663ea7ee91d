/** `act-edge audit forget`: what the wearer said is erased; whatever was proved with its digests stays proved. */
import { join } from 'node:path';
import { readAgentConfig } from '../../device/adapters/config-file.ts';
import { rewriteSealedJournal } from '../../device/adapters/rewrite-journal.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { type Forget, keptWords } from '../../device/audit/forgetting.ts';
import { type EpochMs, epochMs } from '../../protocol/index.ts';
import { forgetAudio } from '../agent-audio.ts';
import { readEvidence } from '../audit/device-evidence.ts';
import { defineCommand, EXIT, required, UsageError } from '../command.ts';
import { sealedUnder } from '../sealing.ts';

const OPTIONS = {
  config: { type: 'string', value: 'FILE', describe: 'the configuration of the device' },
  'older-than': { type: 'string', value: 'TIME', describe: 'all words older than this, as 30d or 12h' },
  intent: { type: 'string', value: 'ID', describe: 'the words of one intent, 32 hex digits' },
  json: { type: 'boolean', describe: 'print one JSON object' },
} as const;

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };

function wantedOf(olderThan: string | undefined, intent: string | undefined, now: EpochMs): Forget {
  if ((olderThan === undefined) === (intent === undefined))
    throw new UsageError('usage-missing-option', 'one of --older-than and --intent is needed', 'see --help');
  if (intent !== undefined) {
    if (!/^[0-9a-f]{32}$/.test(intent))
      throw new UsageError('usage-option-value', '--intent takes 32 hex digits', 'act-edge audit show tells it');
    return { intentId: intent };
  }
  const [, count, unit = ''] = /^([0-9]{1,4})([hd])$/.exec(olderThan ?? '') ?? [];
  if (count === undefined)
    throw new UsageError(
      'usage-option-value',
      '--older-than takes a time such as 30d or 12h',
      'give a number and d or h',
    );
  return { olderThan: epochMs(now - Number(count) * (UNIT_MS[unit] as number)) };
}

export const auditForget = defineCommand({
  summary: 'erase what the wearer said, by age or of one intent',
  help: `Words, the sound of them where that is kept, and their salts are erased; journal, records and proofs hold digests only and stay as they are. The store is written anew
without them, under a new key, and the old file is overwritten. The agent must not run meanwhile.`,
  options: OPTIONS,
  async run(args, io) {
    const config = readAgentConfig(required(args, 'config'));
    const wanted = wantedOf(args.values['older-than'], args.values.intent, systemClock().now());
    const { entries } = readEvidence(config);
    const path = join(config.state.directory, 'words.journal');
    const by = sealedUnder(config.keys.passphraseFile);
    try {
      const made = rewriteSealedJournal({ path, name: 'words', by, random: systemRandom() }, (records, writtenAt) =>
        keptWords(records, entries, wanted, epochMs(Math.ceil(writtenAt))),
      );
      const { kept, dropped } = made;
      const sound = forgetAudio(config, wanted);
      const text = `${dropped} of ${kept + dropped} entries are erased${sound === undefined ? '' : `; the sound of ${sound} utterances, too`}`;
      const data = { erased: dropped, kept, ...(sound !== undefined && { soundErased: sound }) };
      io.stdout.write(args.values.json ? `${JSON.stringify(data)}\n` : `${text}\n`);
      return EXIT.held;
    } finally {
      by.passphrase.fill(0);
    }
  },
});
