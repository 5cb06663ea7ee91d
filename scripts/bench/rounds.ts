import { UsageError } from '../command.ts';

/** How many rounds a benchmark takes. */
export const ROUNDS_OPTION = {
  type: 'string',
  value: 'N',
  default: '51',
  describe: 'rounds in which all cases take turns, 1 to 1000',
} as const;

/** @throws UsageError `usage-option-value` */
export function readRounds(spelling: string): number {
  const rounds = Number(spelling);
  if (Number.isInteger(rounds) && rounds >= 1 && rounds <= 1000) return rounds;
  throw new UsageError('usage-option-value', '--rounds is not a number from 1 to 1000', 'leave it out for 51');
}
