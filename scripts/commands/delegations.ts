/** `act-edge delegations list|show`: what a device knows of its delegations, out of its journal. */
import { readAgentConfig } from '../../device/adapters/config-file.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import type { DelegationMemory } from '../../device/delegation/record.ts';
import { defineCommand, EXIT, required } from '../command.ts';
import {
  delegationNamed,
  detailOf,
  entryOf,
  lineOf,
  linesOf,
  readDelegations,
  signedOf,
} from '../delegation-report.ts';
import { openStateJournals } from '../state-journals.ts';

const OPTIONS = {
  config: { type: 'string', value: 'FILE', describe: 'the configuration of the device' },
  json: { type: 'boolean', describe: 'print one JSON object' },
} as const;
const HOW = `What is spent is what receipts of the PSP say; where it stands is what the PSP said last, with the time at which it did. The
agent must not run meanwhile. Exit code 1 where a payment was outside the bounds.`;

function readMemory(path: string): DelegationMemory {
  const { device } = openStateJournals(readAgentConfig(path), ['device']);
  try {
    return readDelegations(device.read());
  } finally {
    device.close();
  }
}

export const delegationsList = defineCommand({
  summary: 'list what the wearer has delegated, and what was paid under it',
  help: HOW,
  options: OPTIONS,
  async run(args, io) {
    const memory = readMemory(required(args, 'config'));
    const now = systemClock().now();
    const entries = signedOf(memory).map((held) => entryOf(held, now));
    const lines = entries.length === 0 ? ['nothing is delegated'] : entries.map(lineOf);
    io.stdout.write(args.values.json ? `${JSON.stringify({ delegations: entries })}\n` : `${lines.join('\n')}\n`);
    const hasStrays = memory.book.all.some((one) => one.kind === 'spend' && one.faults.length > 0);
    return hasStrays ? EXIT.fellShort : EXIT.held;
  },
});

export const delegationsShow = defineCommand({
  summary: 'show one delegation with its bounds, payments, refunds and the account that pays',
  help: `ID is its id or any beginning of it that fits only one. ${HOW}`,
  options: OPTIONS,
  operands: ['ID'],
  async run(args, io) {
    const memory = readMemory(required(args, 'config'));
    const [wanted = ''] = args.operands;
    const detail = detailOf(delegationNamed(memory, wanted), memory.book, systemClock().now());
    io.stdout.write(args.values.json ? `${JSON.stringify(detail)}\n` : `${linesOf(detail).join('\n')}\n`);
    return detail.strays > 0 ? EXIT.fellShort : EXIT.held;
  },
});
