/** `act-edge audit show`: the story of one order or one delegation, with times and who signed for what. */
import { readAgentConfig } from '../../device/adapters/config-file.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { collectBundle } from '../../device/audit/bundle-collect.ts';
import { BundleKeys } from '../../device/audit/bundle-keys.ts';
import { findOrder } from '../../device/audit/bundle-sources.ts';
import { judgeBundle } from '../../device/audit/bundle-verify.ts';
import { secondsOf, toIsoUtc } from '../../protocol/index.ts';
import { readEvidence } from '../audit/device-evidence.ts';
import { type StoryLine, storyOf, storyText } from '../audit/story.ts';
import { CommandError, defineCommand, EXIT, required, UsageError } from '../command.ts';
import { detailOf, linesOf, readDelegations, signedOf } from '../delegation-report.ts';

const OPTIONS = {
  config: { type: 'string', value: 'FILE', describe: 'the configuration of the device' },
  order: { type: 'string', value: 'N', describe: 'the order' },
  delegation: { type: 'string', value: 'ID', describe: 'the delegation, or a beginning of its id that fits only one' },
  json: { type: 'boolean', describe: 'print one JSON object' },
} as const;

type Sources = ReturnType<typeof readEvidence>;
type Shown = { readonly data: object; readonly lines: readonly string[] };

const plain = (lines: readonly StoryLine[]) => lines.map((line) => ({ ...line, at: toIsoUtc(line.at) }));

function order(sources: Sources, orderNo: string): Shown {
  const found = findOrder(sources.entries, { orderNo });
  if (!found) throw new CommandError('order-unknown', 'the journal has no such paid order', 'check the number');
  const bundle = collectBundle(sources, found, secondsOf(systemClock().now()));
  const verdict = judgeBundle(bundle, new BundleKeys(bundle.header.tenant, bundle.keys));
  const { intentId, delegationId } = bundle.header;
  const story = storyOf(verdict);
  return {
    data: {
      order: orderNo,
      intentId,
      ...(delegationId && { delegationId }),
      standing: verdict.standing,
      story: plain(story),
    },
    lines: [`order ${orderNo}, intent ${intentId} (${verdict.standing})`, ...story.map(storyText)],
  };
}

function delegation(sources: Sources, wanted: string): Shown {
  const memory = readDelegations(sources.entries);
  const [held, other] = signedOf(memory).filter(({ id }) => wanted !== '' && id.startsWith(wanted.toLowerCase()));
  if (!held || other)
    throw new CommandError(
      'delegation-unknown',
      `not exactly one begins with "${wanted}"`,
      'act-edge delegations list shows them',
    );
  const detail = detailOf(held, memory.book, systemClock().now());
  const attested = sources.attested.flatMap(({ record }) => (record.delegationId === held.id ? [record] : []));
  const story = storyOf({ objects: { updates: [] }, attested });
  return { data: { delegation: detail, story: plain(story) }, lines: [...linesOf(detail), ...story.map(storyText)] };
}

export const auditShow = defineCommand({
  summary: 'tell what happened with one order or one delegation, and who signed for it',
  help: 'Read from the journal and the records of the device; the agent must not run meanwhile.',
  options: OPTIONS,
  async run(args, io) {
    const { order: orderNo, delegation: id, json } = args.values;
    if ((orderNo === undefined) === (id === undefined))
      throw new UsageError('usage-missing-option', 'one of --order and --delegation is needed', 'see --help');
    const sources = readEvidence(readAgentConfig(required(args, 'config')));
    const { data, lines } = orderNo === undefined ? delegation(sources, id ?? '') : order(sources, orderNo);
    io.stdout.write(json ? `${JSON.stringify(data)}\n` : `${lines.join('\n')}\n`);
    return EXIT.held;
  },
});
