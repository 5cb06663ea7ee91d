/** What happens only where something is delegated: to the PSP's books and desks, to prices, to the agent's mind (T13, T14, T17, T29). */
import { peekFrame } from '../../protocol/index.ts';
import { bodyOf } from '../checkers/facts.ts';
import { obedient } from './obedient.ts';
import { type FaultRow, mendAfter, nowAndThen, oneOf, type Weather } from './weather.ts';

/** An operator's word to the PSP or a seller. */
export function command(weather: Weather, party: string, words: string): void {
  const { cloud, lives } = weather.play.world;
  const service = party === weather.play.about.tenant.psp.party ? cloud.psp : cloud.merchants.get(party);
  // Who is dead takes no orders.
  if (service && !lives.of(party)?.isOver) weather.play.attempt(() => void service.command(words));
}

/** An operator's switch at the PSP that is turned back after a while. */
function pspSwitch(on: string, off: string, mostMs: number): FaultRow {
  return {
    odds: 0.25,
    begin(weather, strength, random) {
      const psp = weather.play.about.tenant.psp.party;
      weather.again(15_000 / strength, () => {
        weather.struck(on);
        command(weather, psp, on);
        mendAfter(weather, 1 + random.below(mostMs), () => command(weather, psp, off));
      });
    },
  };
}

export const DELEGATED_FAULTS = {
  'books-away': {
    odds: 0.3,
    begin(weather, strength, random) {
      weather.onBooks(() => {
        const isAway = random.chance(0.3 * strength);
        if (isAway) weather.struck('');
        return isAway ? (random.chance(0.5) ? 'before' : 'after') : undefined;
      });
    },
  },
  'execution-late': pspSwitch('execution-late', 'execution-done', 30_000),
  'execution-failed': pspSwitch('execution-late', 'execution-failed', 30_000),
  'status-down': pspSwitch('status-down', 'status-up', 20_000),
  'price-jump': {
    odds: 0.3,
    begin(weather, strength, random) {
      const shops = weather.play.about.tenant.shops.filter(({ products }) =>
        products.some(({ itemId }) => itemId === 'iced-latte'),
      );
      if (shops.length === 0) return;
      weather.again(6_000 / strength, () => {
        const { id } = oneOf(random, shops);
        weather.struck(id);
        command(weather, id, `price iced-latte ${800 + random.below(3_000)}`);
      });
    },
  },
  'obedient-agent': {
    odds: 0.3,
    begin(weather, strength, random) {
      const { tell } = obedient(weather.play.about.tenant);
      weather.onSay((party, payload) => {
        if (party !== weather.play.about.tenant.agent.party || random.chance(1 - strength)) return undefined;
        const told = tell(payload, random);
        if (!told) return undefined;
        weather.struck(told.what);
        const said = { payload: told.payload, afterMs: random.below(3_000) };
        return random.chance(0.7) ? [said] : [said, { payload, afterMs: random.below(4_000) }];
      });
    },
  },
  'stubborn-agent': {
    odds: 0.3,
    begin(weather, strength, random) {
      const isIt = nowAndThen(random, 1 / strength);
      weather.onSay((party, payload) => {
        if (party !== weather.play.about.tenant.agent.party || peekFrame(payload).type !== 'delegated-pay')
          return undefined;
        if (!isIt()) return undefined;
        weather.struck('pays later than it should');
        return [{ payload, afterMs: random.below(60_000) }];
      });
    },
  },
  'refund-race': {
    odds: 0.3,
    begin(weather, strength, random) {
      const isIt = nowAndThen(random, 1 / strength);
      weather.onSay((party, payload) => {
        if (party !== 'damai' && party !== 'rail') return undefined;
        if (peekFrame(payload).type !== 'order-notice' || !isIt()) return undefined;
        const words = `withdraw ${String(bodyOf(payload).body.orderNo)}`;
        weather.later(random.below(12_000), () => {
          weather.struck(words);
          command(weather, party, words);
        });
        return undefined;
      });
    },
  },
  'prompt-unplugged': {
    odds: 0.2,
    begin(weather, strength, random) {
      weather.again(3_000 / strength, () => {
        const { running } = oneOf(random, weather.play.wearers);
        const title = running?.display.current?.title ?? '';
        if (!running || title === '') return;
        weather.struck(title);
        running.button.lose();
        mendAfter(weather, 1 + random.below(8_000), () => running.button.edge('up'));
      });
    },
  },
  'risk-control': {
    odds: 0.2,
    begin(weather, strength, random) {
      const psp = weather.play.about.tenant.psp.party;
      const ids = () => weather.play.wearers.flatMap(({ running }) => [...(running?.agent.delegations.keys() ?? [])]);
      weather.again(12_000 / strength, () => {
        const known = ids();
        if (known.length === 0) return;
        const id = oneOf(random, known);
        weather.struck(id);
        command(weather, psp, `suspend ${id}`);
        mendAfter(weather, 1 + random.below(20_000), () => command(weather, psp, `resume ${id}`));
      });
    },
  },
  'reported-lost': {
    odds: 0.1,
    begin(weather, strength, random) {
      const psp = weather.play.about.tenant.psp.party;
      weather.again(25_000 / strength, () => {
        const device = oneOf(random, weather.devices);
        weather.struck(device);
        command(weather, psp, `lock ${device}`);
        mendAfter(weather, 1 + random.below(20_000), () => command(weather, psp, `unlock ${device}`));
      });
    },
  },
} as const satisfies Record<string, FaultRow>;
