/** What happens while a prompt is open, when it counts: presses at the wrong time, and everything that has to void it (T6, T10, T11, T18). */
import type { RunningDevice } from '../running-device.ts';
import { type FaultRow, mendAfter, oneOf, type Weather } from './weather.ts';

/** Calls back when a device shows the first page of a prompt, a moment later. */
function onPrompt(weather: Weather, act: (running: RunningDevice, device: string) => void): void {
  weather.onMoment((party, moment) => {
    if (moment !== 'present') return;
    const wearer = weather.play.wearers.find(({ device }) => device === party);
    weather.later(0, () => {
      const { running } = wearer ?? {};
      const page = running?.display.current;
      // Pages without a title are messages.
      if (running && page?.index === 0 && page.title !== '') act(running, party);
    });
  });
}

/** After it the wearer has to have held, or to have gone. */
const SOON_MS = 2_500;

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
} as const satisfies Record<string, FaultRow>;
