/** The options of the programs that play one seed after another: `--seeds N --from N`. */
import { parseArgs } from 'node:util';

export interface SeedOptions {
  /** How many; 1,000 unless said. */
  readonly seeds: number;
  /** The first; 0 unless said. */
  readonly from: number;
}

const OPTIONS = { seeds: { type: 'string', default: '1000' }, from: { type: 'string', default: '0' } } as const;
const WHOLE = /^[0-9]{1,9}$/;

/** Undefined after it was said on stderr what is wrong; the exit code is 2 then. */
export function readSeedOptions(args: string[]): SeedOptions | undefined {
  try {
    const { seeds, from } = parseArgs({ args, options: OPTIONS }).values;
    if (WHOLE.test(seeds) && WHOLE.test(from)) return { seeds: Number(seeds), from: Number(from) };
  } catch {
    // Said below.
  }
  process.stderr.write('usage-option-value: call it with --seeds N --from N, both whole numbers\n');
  return undefined;
}
