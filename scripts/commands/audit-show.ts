/** `act-edge audit show`: the story of one order or one delegation, with times and who signed for what. */
import { readAgentConfig } from '../../device/adapters/config-file.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { collectBundle } from '../../device/audit/bundle-collect.ts';
import { BundleKeys } from '../../device/audit/bundle-keys.ts';
import { judgeBundle } from '../../device/audit/bundle-verify.ts';
import { secondsOf, toIsoUtc } from '../../protocol/index.ts';
import { audioKept } from '../agent-audio.ts';
import { delegationStory } from '../audit/delegation-story.ts';
import { readEvidence } from '../audit/device-evidence.ts';
import { type StoryLine, storyOf, storyText } from '../audit/story.ts';
import { missingLines } from '../audit/verdict-report.ts';
import { entriesNotHere, orderNamed } from '../audit/wanted.ts';
import { defineCommand, EXIT, required, UsageError } from '../command.ts';
import { delegationNamed, detailOf, linesOf, readDelegations } from '../delegation-report.ts';

const OPTIONS = {
  config: { type: 'string', value: 'FILE', describe: 'the configuration of the device' },
  order: { type: 'string', value: 'N', describe: 'the order' },
  delegation: { type: 'string', value: 'ID', describe: 'the delegation, or a beginning of its id that fits only one' },
  json: { type: 'boolean', describe: 'print one JSON object' },
} as const;

type Sources = ReturnType<typeof readEvidence>;
type Shown = { readonly held: boolean; readonly data: object; readonly lines: readonly string[] };

const plain = (lines: readonly StoryLine[]) => lines.map((line) => ({ ...line, at: toIsoUtc(line.at) }));

function order(sources: Sources, orderNo: string): Shown {
  const bundle = collectBundle(sources, orderNamed(sources, { orderNo }), secondsOf(systemClock().now()));
  const verdict = judgeBundle(bundle, new BundleKeys(bundle.header.tenant, bundle.keys));
  const { intentId, delegationId } = bundle.header;
  const story = storyOf(verdict);
  return {
    held: true,
    data: {
      order: orderNo,
      intentId,
      ...(delegationId && { delegationId }),
      ...{ standing: verdict.standing, faults: verdict.faults, missing: verdict.missing },
      story: plain(story),
    },
    lines: [
      `order ${orderNo}, intent ${intentId} (${verdict.standing})`,
      ...story.map(storyText),
      ...(verdict.faults.length > 0 ? [`wrong: ${verdict.faults.join(', ')}`] : []),
      ...missingLines(verdict.missing),
    ],
  };
}

function delegation(sources: Sources, wanted: string): Shown {
  const memory = readDelegations(sources.entries);
  const held = delegationNamed(memory, wanted);
  const detail = detailOf(held, memory.book, systemClock().now());
  const story = delegationStory(sources, held, memory.book);
  const gone = entriesNotHere(sources);
  const isSound = [...detail.payments, ...detail.refunds].every(({ faults }) => faults.length === 0);
  return {
    held: isSound,
    data: { delegation: detail, entriesNotHere: gone, story: plain(story) },
    lines: [
      ...linesOf(detail),
      ...story.map(storyText),
      ...(gone > 0 ? [`${gone} older entries of the journal are in an archive that is not here`] : []),
    ],
  };
}

export const auditShow = defineCommand({
  summary: 'tell what happened with one order or one delegation, and who signed for it',
  help: `Read from the journal and the records of the device; the agent must not run meanwhile. Where an archive of the journal was moved
away, payments before it are told without who signed for them. Exit code 1 where a payment or refund of the delegation was outside
its bounds.`,
  options: OPTIONS,
  async run(args, io) {
    const { order: orderNo, delegation: id, json } = args.values;
    if ((orderNo === undefined) === (id === undefined))
      throw new UsageError('usage-missing-option', 'one of --order and --delegation is needed', 'see --help');
    const config = readAgentConfig(required(args, 'config'));
    const sources = readEvidence(config);
    const { held, data, lines } = orderNo === undefined ? delegation(sources, id ?? '') : order(sources, orderNo);
    const sound = audioKept(config, 'intentId' in data ? String(data.intentId) : '');
    const kept = `sound: ${sound.ofIntent} utterances of this intent are kept on this device, ${sound.all} of all`;
    io.stdout.write(json ? `${JSON.stringify({ ...data, sound })}\n` : `${[...lines, kept].join('\n')}\n`);
    return held ? EXIT.held : EXIT.fellShort;
  },
});
