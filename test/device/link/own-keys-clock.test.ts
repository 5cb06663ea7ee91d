import { describe, expect, it } from 'vitest';
import { DAY_MS, Rig } from './rotation-rig.ts';

describe('T16: recipient keys under a clock that was thrown far ahead, again and again by less', () => {
  it('are not erased while they are the ones the others use, nor made anew without end', () => {
    const rig = new Rig();
    const device = rig.start('glasses-01');
    const psp = rig.start('psp');
    for (let years = 6; years >= 1; years -= 1) {
      device.skew(years * 365 * DAY_MS);
      rig.pass(3_700_000);
    }
    device.skew(0);
    rig.pass(3_700_000);
    const made = device.logs.filter((code) => code === 'recipient-key-made').length;
    rig.pass(3 * 3_700_000);
    expect(device.logs.filter((code) => code === 'recipient-key-made')).toHaveLength(made);
    expect(rig.reaches(device, psp)).toBe(true);
    expect(rig.reaches(psp, device)).toBe(true);
  });
});
