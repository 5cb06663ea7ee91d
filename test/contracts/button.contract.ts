import { expect } from 'vitest';
import type { Button, ButtonEdge } from '../../device/ports.ts';
import { contract } from './contract.ts';

export interface ButtonStand {
  readonly button: Button;
  /** A finger presses the button. */
  press(): void;
  /** The finger leaves it; returns when the device must have noticed. */
  release(): void;
}

const ASSURANCES = ['hardware-line', 'keyboard', 'relayed', 'simulated'];

export const buttonContract = contract<ButtonStand>('Button', {
  'T11: says how it is wired': ({ button }) => {
    expect(ASSURANCES).toContain(button.assurance);
  },

  'gives each edge once, in order, as it happens': ({ button, press, release }) => {
    const edges: ButtonEdge[] = [];
    button.listen((edge) => edges.push(edge));
    press();
    expect(edges).toEqual(['down']);
    release();
    press();
    release();
    expect(edges).toEqual(['down', 'up', 'down', 'up']);
  },

  'T10: gives no edge that nobody pressed, and none from before somebody listened': ({ button, press, release }) => {
    press();
    release();
    const edges: ButtonEdge[] = [];
    button.listen((edge) => edges.push(edge));
    release();
    expect(edges.filter((edge) => edge === 'down')).toEqual([]);
  },

  'gives nothing after Stop, also in the middle of a press, and may be stopped twice': ({ button, press, release }) => {
    const edges: ButtonEdge[] = [];
    const stop = button.listen((edge) => edges.push(edge));
    press();
    stop();
    stop();
    release();
    press();
    release();
    expect(edges).toEqual(['down']);
  },

  'can be listened to again after Stop': ({ button, press, release }) => {
    button.listen(() => {})();
    const edges: ButtonEdge[] = [];
    button.listen((edge) => edges.push(edge));
    press();
    release();
    expect(edges).toEqual(['down', 'up']);
  },

  // The signer listens for the hold, the ear's opener for a click.
  'serves several listeners, and stopping one leaves the others': ({ button, press, release }) => {
    const edges: string[] = [];
    const stop = button.listen((edge) => edges.push(`a ${edge}`));
    button.listen((edge) => edges.push(`b ${edge}`));
    press();
    release();
    stop();
    press();
    release();
    expect(edges).toEqual(['a down', 'b down', 'a up', 'b up', 'b down', 'b up']);
  },
});
