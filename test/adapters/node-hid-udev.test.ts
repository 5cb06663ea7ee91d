import { describe, expect, it } from 'vitest';
import { TEST_SIGNER } from '../../sim/embedded/uhid-device.ts';
import { filesBelow, read } from '../helpers/source-text.ts';

const hex = (id: number): string => id.toString(16).toUpperCase().padStart(4, '0');

describe('the udev rule of the examples', () => {
  const [path = ''] = filesBelow('examples/udev').filter((file) => file.endsWith('.rules'));
  const rules = read(path)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

  it('is read before the rule that acts on uaccess', () => {
    expect(path.split('/').at(-1)?.localeCompare('73-seat-late.rules')).toBeLessThan(0);
  });

  it('gives the simulated signer, and no other device, to who sits at the machine', () => {
    const { vendorId, productId } = TEST_SIGNER;
    expect(rules).toEqual([
      `ACTION!="remove", SUBSYSTEM=="hidraw", KERNELS=="0003:${hex(vendorId)}:${hex(productId)}.*", TAG+="uaccess"`,
    ]);
  });
});
