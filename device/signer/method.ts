import type { ConfirmationMethod } from '../../protocol/index.ts';
import type { ButtonAssurance } from '../ports.ts';

/** The signed method says how far the button can be trusted (design 5, 6). */
export const METHODS: Readonly<Record<ButtonAssurance, ConfirmationMethod>> = {
  'hardware-line': 'hold-hardware-line',
  keyboard: 'hold-keyboard',
  relayed: 'hold-relayed',
  simulated: 'hold-simulated',
};
