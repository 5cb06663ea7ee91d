/** Runs what `examples/` shows of the simulator as a library, on the sources instead of the built package. */
import { vi } from 'vitest';
import '../../../examples/sim-library.test.ts';

vi.mock('act-edge/sim', () => import('../../../sim/index.ts'));
