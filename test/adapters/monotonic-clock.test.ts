import { afterEach, expect, it, vi } from 'vitest';
import { monotonicClock } from '../../device/adapters/monotonic-clock.ts';

afterEach(() => vi.restoreAllMocks());

it('T16: starts at the wall time and is not moved by whoever sets it', () => {
  const wall = vi.spyOn(Date, 'now').mockReturnValue(1_795_399_800_000);
  const clock = monotonicClock();
  const first = clock.now();
  expect(first).toBeGreaterThanOrEqual(1_795_399_800_000);
  for (const set of [0, 4_000_000_000_000]) {
    wall.mockReturnValue(set);
    const next = clock.now();
    expect(next).toBeGreaterThanOrEqual(first);
    expect(next - first).toBeLessThan(3_600_000);
  }
});
