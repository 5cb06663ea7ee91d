/** What happens while a prompt is open, when it counts: presses at the wrong time, and everything that has to void it (T6, T10, T11, T18). */
import type { Page } from '../../device/index.ts';
import { deviceTopic, peekFrame } from '../../protocol/index.ts';
import { bodyOf } from '../checkers/facts.ts';
import type { RunningDevice } from '../running-device.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { command } from './faults-delegated.ts';
import { liar } from './lie.ts';
import { type FaultRow, mendAfter, oneOf, type Weather } from './weather.ts';

/** Calls back when a device shows the first page of a prompt, or another one that is asked for, a moment later. */
function onPrompt(
  weather: Weather,
  act: (running: RunningDevice, device: string) => void,
  isIt: (page: Page) => boolean = ({ index }) => index === 0,
): void {
  weather.onMoment((party, moment) => {
    if (moment !== 'present') return;
    const wearer = weather.play.wearers.find(({ device }) => device === party);
    weather.later(0, () => {
      const { running } = wearer ?? {};
      const page = running?.display.current;
      // Pages without a title are messages.
      if (running && page && page.title !== '' && isIt(page)) act(running, party);
    });
  });
}

/** After it the wearer has to have held, or to have gone. */
const SOON_MS = 2_500;

/** A press begins so long after the last page, just before the wearer's own, and is complete so much later. */
const PRESS_MS = 1_020;
const WHOLE_MS = 800;
/** No press from before counts. */
const ARMED_MS = 1_000;

const MOST_ORDERS = 6;

interface Stall {
  /** When the line goes down, up, down and so on, in milliseconds after the last page. */
  readonly edges: readonly number[];
  readonly from: number;
  readonly to: number;
}

/** A press that is too short or comes too early, and a process that stands still over its end or its beginning. */
function stallOf(random: SeededRandom): Stall {
  const down = PRESS_MS + random.below(250);
  const up = down + 60 + random.below(WHOLE_MS - 60);
  const whole = down + WHOLE_MS;
  const from = up - 1 - random.below(150);
  switch (random.below(4)) {
    case 0:
      // It lets go and presses again, as if that were a bounce.
      return { edges: [down, up, up + 60 + random.below(200), whole + 500], from, to: up + random.below(300) };
    case 1: {
      // The alarm after a glitch is due before the arming, and rings behind it.
      const glitch = ARMED_MS - 60 - random.below(30);
      const early = ARMED_MS - 1 - random.below(6);
      return { edges: [glitch, glitch + 5, early, early + 1_500], from: early - 10, to: ARMED_MS + random.below(40) };
    }
    default:
      return { edges: [down, up], from, to: whole + random.below(300) };
  }
}

/** Another cart for the same intent comes while a prompt is open. */
export function otherCartAtPrompt(weather: Weather, strength: number, random: SeededRandom): void {
  const { tenant } = weather.play.about;
  const { reseal } = liar(tenant);
  const latest = new Map<string, Uint8Array>();
  weather.onSay((_, payload) => {
    const { type, aud } = peekFrame(payload);
    if (type === 'cart') latest.set(aud, payload);
    return undefined;
  });
  onPrompt(weather, (_, device) => {
    const frame = latest.get(device);
    if (!frame || random.chance((1 - strength) / 2)) return;
    weather.later(random.below(SOON_MS), () => {
      const { body } = bodyOf(frame);
      const cart = Uint8Array.from(body.cart as Uint8Array);
      cart[cart.length - 1] = (cart.at(-1) ?? 0) ^ 1;
      weather.struck(`${device}: at the prompt`);
      const topic = deviceTopic(tenant.tenant, device, 'down');
      weather.say(tenant.agent.party, topic, reseal(frame, { ...body, cart }, random));
    });
  });
}

export const PROMPT_FAULTS = {
  'hasty-finger': {
    odds: 0.45,
    begin(weather, strength, random) {
      onPrompt(weather, ({ button }) => {
        if (random.chance((1 - strength) / 2)) return;
        weather.struck('');
        weather.later(random.below(1_200), () => button.edge('down'));
        weather.later(1_200 + random.below(4_000), () => button.edge('up'));
      });
    },
  },
  'loose-contact': {
    odds: 0.25,
    begin(weather, strength, random) {
      onPrompt(weather, ({ button }) => {
        if (random.chance((1 - strength) / 2)) return;
        weather.struck('');
        let at = random.below(2_000);
        for (let edges = 0; edges < 60; edges += 1) {
          weather.later(at, () => button.edge(edges % 2 === 0 ? 'down' : 'up'));
          at += 1 + random.below(45);
        }
      });
    },
  },
  'trouble-at-prompt': {
    odds: 0.5,
    begin(weather, strength, random) {
      const { broker } = weather.play;
      onPrompt(weather, (running, device) => {
        if (random.chance((1 - strength) / 2)) return;
        const what = oneOf(random, ['taken off', 'offline', 'no'] as const);
        const at = random.below(SOON_MS);
        weather.struck(`${device}: ${what}`);
        weather.later(at, () => {
          if (running.life.isOver) return;
          if (what === 'taken off') {
            running.wear.set(false);
            mendAfter(weather, 1 + random.below(10_000), () => running.wear.set(true));
          } else if (what === 'offline') {
            broker.setOnline(device, false);
            mendAfter(weather, 1 + random.below(10_000), () => broker.setOnline(device, true));
          } else {
            const text = weather.play.about.locale === 'zh-CN' ? '不要' : 'no';
            running.agent.hear({ kind: 'words', hypotheses: [{ text, confidence: 1 }], mode: 'VOICE' });
          }
        });
      });
    },
  },
  'late-bounce': {
    odds: 0.2,
    begin(weather, strength, random) {
      const press = ({ button }: RunningDevice) => {
        if (random.chance((1 - strength) / 2)) return;
        weather.struck('');
        const at = PRESS_MS + random.below(200);
        weather.later(at, () => button.edge('down'));
        // From a little before the press would be complete until a little after it.
        let bounce = at + WHOLE_MS - 1 - random.below(40);
        for (let edges = 0; bounce < at + WHOLE_MS + 20; edges += 1) {
          weather.later(bounce, () => button.edge(edges % 2 === 0 ? 'up' : 'down'));
          bounce += 1 + random.below(15);
        }
        weather.later(bounce, () => button.edge('up'));
      };
      onPrompt(weather, press, ({ index, count }) => index === count - 1);
    },
  },
  // Whatever the finger does meanwhile, the process learns all of it at once, and as if it had just happened.
  'stall-at-prompt': {
    odds: 0.3,
    begin(weather, strength, random) {
      const press = ({ button, life }: RunningDevice, device: string) => {
        if (random.chance((1 - strength) / 2)) return;
        weather.struck(device);
        const { edges, from, to } = stallOf(random);
        for (const [i, at] of edges.entries()) weather.later(at, () => button.edge(i % 2 === 0 ? 'down' : 'up'));
        weather.later(from, () => life.holdUp(to - from));
      };
      onPrompt(weather, press, ({ index, count }) => index === count - 1);
    },
  },
  'lock-at-prompt': {
    odds: 0.1,
    begin(weather, strength, random) {
      const psp = weather.play.about.tenant.psp.party;
      onPrompt(weather, (_, device) => {
        if (random.chance((1 - strength) / 2)) return;
        weather.later(random.below(SOON_MS), () => {
          weather.struck(device);
          command(weather, psp, `lock ${device}`);
        });
        mendAfter(weather, SOON_MS + random.below(5_000), () => command(weather, psp, `unlock ${device}`));
      });
    },
  },
  'more-orders': {
    odds: 0.2,
    begin(weather, strength, random) {
      let left = Math.ceil(MOST_ORDERS * strength);
      weather.again(9_000 / strength, () => {
        const wearer = oneOf(random, weather.play.wearers);
        if (left === 0 || !['idle', 'ended', 'following'].includes(wearer.current.at)) return;
        left -= 1;
        weather.struck(wearer.device);
        weather.play.order(wearer);
      });
    },
  },
} as const satisfies Record<string, FaultRow>;
