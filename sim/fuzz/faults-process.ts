/** What happens to processes, their disks and their clocks (T2, T16, T26). */
import { PowerCut } from '../memory-journal.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { type FaultRow, mendAfter, nowAndThen, oneOf, type Weather } from './weather.ts';

/** So far a party's clock is off at most, in milliseconds: two of them stay within the 30 s that frames allow. */
export const CLOCK_MOST_MS = 12_000;

function diskOf({ play, devices }: Weather, party: string, disk: string | undefined) {
  const { world } = play;
  if (!devices.includes(party)) return world.serviceDisks.get(party);
  const disks = world.disksOf(party);
  return disk === 'signer' || disk === 'transcripts' ? disks[disk] : disks.journal;
}

const isDisk = (disk: string | undefined) => disk !== 'recipient-keys' && disk !== 'statements';

/** @param arrived how many of `bound` bytes are on the disk afterwards. */
function powerCutInWrite(arrived: (bound: number, random: SeededRandom) => number): FaultRow {
  return {
    odds: 0.2,
    begin(weather, strength, random) {
      const isIt = nowAndThen(random, 15 / strength);
      weather.onMoment((party, moment, disk) => {
        if (moment !== 'store' || !isDisk(disk) || !isIt()) return;
        weather.struck(`${disk} of ${party}`);
        diskOf(weather, party, disk)?.crashInNextAppend((bound) => arrived(bound, random));
      });
    },
  };
}

export const PROCESS_FAULTS = {
  crash: {
    odds: 0.4,
    begin(weather, strength, random) {
      const isIt = nowAndThen(random, 40 / strength);
      weather.onMoment((party, moment) => {
        if (!isIt()) return;
        weather.struck(`${party} at ${moment}`);
        throw new PowerCut('power cut');
      });
    },
  },
  'lost-write': powerCutInWrite(() => 0),
  'torn-write': powerCutInWrite((bound, random) => random.below(bound)),
  battery: {
    odds: 0.1,
    begin(weather, strength, random) {
      const { play, devices } = weather;
      const away = new Map<string, number>();
      play.restartAfterMs = (party) => away.get(party) ?? 2_000;
      weather.again(30_000 / strength, () => {
        const device = oneOf(random, devices);
        away.set(device, 5_000 + random.below(25_000));
        weather.struck(device);
        play.world.kill(device);
      });
    },
  },
  'full-disk': {
    odds: 0.15,
    begin(weather, strength, random) {
      const parties = [...weather.devices, ...weather.devices, ...weather.services];
      weather.again(10_000 / strength, () => {
        const party = oneOf(random, parties);
        const disk = diskOf(weather, party, oneOf(random, ['journal', 'signer', 'transcripts']));
        weather.struck(party);
        disk?.setFull(true);
        mendAfter(weather, 1 + random.below(15_000), () => disk?.setFull(false));
      });
    },
  },
  'slow-disk': {
    odds: 0.15,
    begin(weather, strength, random) {
      const isIt = nowAndThen(random, 6 / strength);
      weather.onMoment((party, moment) => {
        if (moment !== 'stored' || !isIt()) return;
        // Nobody wears glasses that stand still for longer.
        const mostMs = weather.devices.includes(party) ? 2_500 : 20_000;
        weather.struck(party);
        weather.play.world.lives.of(party)?.holdUp(random.below(mostMs));
      });
    },
  },
  'clock-drift': {
    odds: 0.2,
    begin(weather, strength, random) {
      for (const party of [...weather.devices, ...weather.services])
        weather.setClock(party, Math.round((random.below(2 * CLOCK_MOST_MS) - CLOCK_MOST_MS) * strength));
      weather.struck('all');
    },
  },
  'clock-jump': {
    odds: 0.1,
    begin(weather, strength, random) {
      const parties = [...weather.devices, ...weather.devices, ...weather.services];
      weather.again(8_000 / strength, () => {
        const party = oneOf(random, parties);
        const aheadMs = random.below(2 * CLOCK_MOST_MS) - CLOCK_MOST_MS;
        weather.struck(party);
        weather.setClock(party, aheadMs);
      });
    },
  },
} as const satisfies Record<string, FaultRow>;

/** In worlds of their own: services die there, and nothing else happens. */
export const SERVICE_FAULTS = {
  'service-cut': {
    odds: 0.15,
    begin(weather, strength, random) {
      const isIt = nowAndThen(random, 30 / strength);
      weather.onMoment((party, moment) => {
        if (!weather.services.includes(party) || !isIt()) return;
        weather.struck(`${party} at ${moment}`);
        throw new PowerCut('power cut');
      });
    },
  },
} as const satisfies Record<string, FaultRow>;
