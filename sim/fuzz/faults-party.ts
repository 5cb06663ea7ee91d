/** Services that answer late, twice or wrongly, in frames that they themselves have signed (T4, T6, T7, T13, T29). */
import { liar } from './lie.ts';
import { type FaultRow, nowAndThen } from './weather.ts';

export const PARTY_FAULTS = {
  'late-answer': {
    odds: 0.15,
    begin(weather, strength, random) {
      const isIt = nowAndThen(random, 4 / strength);
      weather.onSay((party, payload) => {
        if (!isIt()) return undefined;
        weather.struck(party);
        return [{ payload, afterMs: random.below(150_000) }];
      });
    },
  },
  'double-answer': {
    odds: 0.15,
    begin(weather, strength, random) {
      const { again } = liar(weather.play.about.tenant);
      const isIt = nowAndThen(random, 2 / strength);
      weather.onSay((party, payload) => {
        if (!isIt()) return undefined;
        weather.struck(party);
        return [
          { payload, afterMs: 0 },
          { payload: again(payload, random), afterMs: random.below(10_000) },
        ];
      });
    },
  },
  lie: {
    odds: 0.2,
    begin(weather, strength, random) {
      const { lie } = liar(weather.play.about.tenant);
      const isIt = nowAndThen(random, 3 / strength);
      weather.onSay((party, payload) => {
        if (!isIt()) return undefined;
        const wrong = lie(payload, random);
        if (!wrong) return undefined;
        weather.struck(`${party}: ${wrong.what}`);
        const said = { payload: wrong.payload, afterMs: 0 };
        return random.chance(0.5) ? [said] : [said, { payload, afterMs: random.below(2_000) }];
      });
    },
  },
} as const satisfies Record<string, FaultRow>;
