/** `act-edge bench sim`: purchases a second on one core, with fake and with real cryptography, in worlds of several sizes. */
import { measureSim, type SimKind, type SimRow, shareOf } from '../bench/sim.ts';
import { defineCommand, EXIT, UsageError } from '../command.ts';

/** Purchases a second with fake signatures in a world of one device, and the part of the bound with real ones. */
const GOALS = { perSecond: 2_000, share: 0.5 } as const;

const HELP = `Calm worlds: every wearer orders, hears the offers, holds the button, gets a receipt and the goods. The checkers look along
as in \`sim fuzz\`. What counts is processor time of all threads of one process, collecting garbage and compiling included;
the median over the rounds, after a warm-up. With real cryptography the bound is what its calls alone would take: the
engine counts them, each is timed by itself in the same process. Goals: ${GOALS.perSecond} purchases a second with fake signatures in
a world of one device, ${GOALS.share} of the bound with real ones. Exit code 1 when one is missed. All of it takes several minutes.`;

const DEVICES = '1,10,100,1000';
const PURCHASES = 100;
const WARM_UP = 300;
/** Sealing is the same however many devices there are, and takes longest. */
const MOST_SEALED = 10;

function numbers(name: string, spelling: string, most: number): readonly number[] {
  const all = spelling.split(',').map(Number);
  if (all.every((one) => Number.isInteger(one) && one >= 1 && one <= most)) return all;
  throw new UsageError('usage-option-value', `--${name} cannot be "${spelling}"`, `use numbers from 1 to ${most}`);
}

/** With fake signatures, with real ones, and as the real programs send: sealed as well. */
function kindsOf(devices: readonly number[]): readonly SimKind[] {
  const kinds = [
    { crypto: 'fake', sealed: false },
    { crypto: 'real', sealed: false },
    { crypto: 'real', sealed: true },
  ] as const;
  return kinds.flatMap((kind) =>
    devices.filter((count) => !kind.sealed || count <= MOST_SEALED).map((count) => ({ ...kind, devices: count })),
  );
}

function isReached(row: SimRow): boolean {
  const share = shareOf(row);
  return share === undefined ? row.devices > 1 || row.perSecond >= GOALS.perSecond : share >= GOALS.share;
}

function line(row: SimRow): string {
  const { crypto, sealed, devices, perSecond, eventsPerPurchase, bound } = row;
  const share = shareOf(row);
  const beside = bound && share && `; alone ${bound.perSecond.toFixed(0)}, so ${share.toFixed(2)} of it`;
  return (
    `  ${`${crypto}${sealed ? ', sealed' : ''}`.padEnd(14)}${String(devices).padStart(6)} devices` +
    `${perSecond.toFixed(1).padStart(9)} a second, ${eventsPerPurchase.toFixed(0)} events each${beside ?? ''}` +
    `${isReached(row) ? '' : ' (goal missed)'}\n`
  );
}

export const benchSim = defineCommand({
  summary: 'measure how many purchases a second the simulator plays',
  help: HELP,
  options: {
    devices: { type: 'string', value: 'K[,K]', describe: 'how many devices are in one world', default: DEVICES },
    rounds: { type: 'string', value: 'N', describe: 'rounds of each kind, 1 to 100', default: '3' },
    json: { type: 'boolean', describe: 'print one JSON object' },
  },
  async run({ values }, io) {
    const devices = numbers('devices', values.devices, 10_000);
    const [rounds = 1] = numbers('rounds', values.rounds, 100);
    const rows = await measureSim(kindsOf(devices), { rounds, purchases: PURCHASES, warmUp: WARM_UP });
    io.stdout.write(
      values.json
        ? `${JSON.stringify({ rounds, goals: GOALS, rows })}\n`
        : `purchases on one core, medians of ${rounds} rounds\n${rows.map(line).join('')}`,
    );
    return rows.every(isReached) ? EXIT.held : EXIT.fellShort;
  },
});
