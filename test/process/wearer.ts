/** The person at the real programs: says and presses what leads from one state of a purchase to the next. */
import type { Program } from './programs.ts';

/** The states of a purchase in the order in which it goes through them. */
export const STATES = [
  'summarising',
  'seeking',
  'choosing',
  'carting',
  'requesting',
  'confirming',
  'settling',
  'following',
  'ended',
] as const;
export type State = (typeof STATES)[number];

/** Sold at any hour of the day: two shops that never close have it, and this is one of them. */
export const ORDER = 'order an iced latte';
export const SHOP = { words: 'tin robot', party: 'tin-robot' } as const;

/** The gate's dead time is 1,000 ms: whoever reads the page first presses later than that. */
const READING_MS = 1_100;
/** A line `hold` presses for 1,500 ms; a press counts only after a release. */
const AGAIN_MS = 2_500;

/** Holds the button, and again as long as nothing comes of it: on a busy machine the first press may be in the dead time. */
function hold(device: Program): void {
  const press = () => {
    device.type('hold');
    timer = setTimeout(press, AGAIN_MS);
  };
  let timer = setTimeout(press, READING_MS);
  const done = () => clearTimeout(timer);
  Promise.race([device.at('settling'), device.at('ended'), device.exited]).then(done, done);
}

const ACTIONS: Partial<Record<State, (device: Program) => void>> = {
  summarising: (device) => device.type('yes'),
  choosing: (device) => device.type(SHOP.words),
  confirming: hold,
};

/** Goes on from the state `from`, which the device is in or will reach, until it has reached `to`. */
export async function goOn(device: Program, from: State, to: State): Promise<void> {
  for (const state of STATES.slice(STATES.indexOf(from), STATES.indexOf(to) + 1)) {
    await device.at(state);
    if (state !== to) ACTIONS[state]?.(device);
  }
}

/** Orders, and goes on until the device has reached `to`. */
export async function order(device: Program, to: State): Promise<void> {
  await device.logged(({ code }) => code === 'link-online');
  device.type(ORDER);
  await goOn(device, 'summarising', to);
}
