/** What happens to the device in the wearer's hands: button, sensor, microphone (T10, T18). */
import { CHINESE, ENGLISH } from '../person.ts';
import { type FaultRow, mendAfter, nowAndThen, oneOf } from './weather.ts';

export const BODY_FAULTS = {
  bounce: {
    odds: 0.3,
    begin(weather, strength, random) {
      weather.again(600 / strength, () => {
        const button = oneOf(random, weather.play.wearers).running?.button;
        weather.struck('');
        button?.edge('down');
        weather.later(1 + random.below(45), () => button?.edge('up'));
      });
    },
  },
  'stuck-button': {
    odds: 0.1,
    begin(weather, strength, random) {
      weather.again(10_000 / strength, () => {
        const button = oneOf(random, weather.play.wearers).running?.button;
        weather.struck('');
        button?.edge('down');
        mendAfter(weather, 1 + random.below(60_000), () => button?.edge('up'));
      });
    },
  },
  'lost-button': {
    odds: 0.1,
    begin(weather, strength, random) {
      weather.again(10_000 / strength, () => {
        const button = oneOf(random, weather.play.wearers).running?.button;
        weather.struck('');
        button?.lose();
        mendAfter(weather, 1 + random.below(10_000), () => button?.edge('up'));
      });
    },
  },
  'wear-off': {
    odds: 0.2,
    begin(weather, strength, random) {
      weather.again(12_000 / strength, () => {
        const wearer = oneOf(random, weather.play.wearers);
        weather.struck(wearer.device);
        wearer.running?.wear.set(false);
        mendAfter(weather, random.below(8_000), () => wearer.running?.wear.set(true));
      });
    },
  },
  mishearing: {
    odds: 0.2,
    begin(weather, strength, random) {
      const isIt = nowAndThen(random, 2 / strength);
      for (const { person } of weather.play.wearers) {
        person.recognise = (text) => {
          const heard = { text, confidence: 1 };
          if (!isIt()) return [heard];
          weather.struck('');
          const garbled = [...text].filter(() => random.chance(0.8)).join('');
          const wrong = { text: garbled, confidence: random.below(100) / 100 };
          return random.chance(0.5) ? [wrong] : [wrong, { ...heard, confidence: wrong.confidence / 2 }];
        };
        weather.inTheEnd(() => {
          person.recognise = (text) => [{ text, confidence: 1 }];
        });
      }
    },
  },
  'other-language': {
    odds: 0.1,
    begin(weather, strength, random) {
      const isIt = nowAndThen(random, 3 / strength);
      for (const { person } of weather.play.wearers) {
        const right = person.recognise;
        person.recognise = (text) => {
          if (!isIt()) return right(text);
          weather.struck('');
          const other = weather.play.about.locale === 'zh-CN' ? ENGLISH : CHINESE;
          return [{ text: text.length > 8 ? other.order : other.yes, confidence: 0.9 }];
        };
        weather.inTheEnd(() => {
          person.recognise = (text) => [{ text, confidence: 1 }];
        });
      }
    },
  },
} as const satisfies Record<string, FaultRow>;
