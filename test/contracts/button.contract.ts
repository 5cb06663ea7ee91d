import { expect } from 'vitest';
import type { Button, ButtonEdge } from '../../device/ports.ts';
import { contract } from './contract.ts';

export interface ButtonStand {
  readonly button: Button;
  /** A finger presses the button; ends when the device must have noticed. */
  press(): void | Promise<void>;
  /** The finger leaves it. As {@link press}. */
  release(): void | Promise<void>;
  /** The line breaks: unplugged, out of reach, at its end. As {@link press}. */
  lose(): void | Promise<void>;
}

const ASSURANCES = ['hardware-line', 'keyboard', 'relayed', 'simulated'];

const ignore = () => {};

export const buttonContract = contract<ButtonStand>('Button', {
  'T11: says how it is wired': ({ button }) => {
    expect(ASSURANCES).toContain(button.assurance);
  },

  'gives each edge once, in order, as it happens': async ({ button, press, release }) => {
    const edges: ButtonEdge[] = [];
    button.listen((edge) => edges.push(edge), ignore);
    await press();
    expect(edges).toEqual(['down']);
    await release();
    await press();
    await release();
    expect(edges).toEqual(['down', 'up', 'down', 'up']);
  },

  'T10: gives no edge that nobody pressed, and none from before somebody listened': async (stand) => {
    const { button, press, release } = stand;
    await press();
    const edges: ButtonEdge[] = [];
    button.listen((edge) => edges.push(edge), ignore);
    await release();
    expect(edges.filter((edge) => edge === 'down')).toEqual([]);
  },

  'gives nothing after Stop, also in the middle of a press, and may be stopped twice': async (stand) => {
    const { button, press, release, lose } = stand;
    const told: string[] = [];
    const stop = button.listen(
      (edge) => told.push(edge),
      () => told.push('lost'),
    );
    await press();
    stop();
    stop();
    await release();
    await press();
    await release();
    await lose();
    expect(told).toEqual(['down']);
  },

  'can be listened to again after Stop': async ({ button, press, release }) => {
    button.listen(ignore, ignore)();
    const edges: ButtonEdge[] = [];
    button.listen((edge) => edges.push(edge), ignore);
    await press();
    await release();
    expect(edges).toEqual(['down', 'up']);
  },

  // The signer listens for the hold, the ear's opener for a click.
  'serves several listeners, and stopping one leaves the others': async ({ button, press, release }) => {
    const edges: string[] = [];
    const stop = button.listen((edge) => edges.push(`a ${edge}`), ignore);
    button.listen((edge) => edges.push(`b ${edge}`), ignore);
    await press();
    await release();
    stop();
    await press();
    await release();
    expect(edges).toEqual(['a down', 'b down', 'a up', 'b up', 'b down', 'b up']);
  },

  'T10: tells everybody once when the line breaks in the middle of a press, and no edge of its own': async (stand) => {
    const { button, press, lose } = stand;
    const told: string[] = [];
    for (const name of ['a', 'b']) {
      button.listen(
        (edge) => told.push(`${name} ${edge}`),
        () => told.push(`${name} lost`),
      );
    }
    await press();
    await lose();
    expect(told).toEqual(['a down', 'b down', 'a lost', 'b lost']);
  },

  'T18: tells whoever comes later at once that there is no line': async ({ button, lose }) => {
    button.listen(ignore, ignore);
    await lose();
    let lost = 0;
    button.listen(ignore, () => lost++);
    expect(lost).toBe(1);
  },
});
