import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../../device/directory.ts';
import { hex, softSigningKey } from '../../../protocol/index.ts';
import { keysIn } from '../../../scripts/commands/witness.ts';

const publicKeyOf = (fill: number) => softSigningKey(new Uint8Array(32).fill(fill)).publicKey;

describe('the witness command', () => {
  it('T27: takes a device’s new words under its present key, and knows its replaced ones for what it kept', () => {
    const keys = [
      { party: 'glasses-01', use: 'frame', fill: 1, until: 1_795_000_000 },
      { party: 'glasses-01', use: 'frame', fill: 2 },
      { party: 'glasses-01', use: 'object', fill: 3 },
      { party: 'glasses-02', use: 'frame', fill: 4 },
    ] as const;
    const directory = openDirectory({
      tenant: 'demo',
      keys: keys.map(({ fill, ...key }) => ({ ...key, role: 'device', publicKeyHex: hex(publicKeyOf(fill)) })),
      merchants: [],
    });
    const name = 'act-edge/demo/glasses-01';
    expect(keysIn(directory, 'glasses-01')).toEqual({
      journals: [{ name, publicKey: publicKeyOf(2) }],
      formerKeys: [{ name, publicKey: publicKeyOf(1) }],
    });
  });
});
