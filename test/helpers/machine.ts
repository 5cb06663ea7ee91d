import type { MachineIdentity } from '../../device/ports.ts';
import { utf8 } from '../../protocol/bytes.ts';
import { sha256 } from '../../protocol/crypto.ts';

/** A machine with one source, `machine-id`; each name is another machine. */
export function machineNamed(name: string): MachineIdentity {
  return {
    sources: ['machine-id'],
    secretOf: (sources) =>
      sources.length === 0 ? NOTHING : sources.join() === 'machine-id' ? sha256(utf8(name)) : undefined,
  };
}

const NOTHING = sha256(utf8(''));

/** A machine that has nothing of its own. */
export const machineWithout: MachineIdentity = {
  sources: [],
  secretOf: (sources) => (sources.length === 0 ? NOTHING : undefined),
};
