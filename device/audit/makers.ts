/** Who signs records under which id and key, as one's own directory has it: services with their object keys, a device with those of its frames. */
import type { TrustedKey } from '../../protocol/index.ts';
import type { Directory } from '../directory.ts';
import type { CausalParts, Maker } from './causal-chain.ts';

export interface OwnDevice {
  readonly party: string;
  readonly agentId: string;
}

export function makersIn(directory: Directory, device: OwnDevice): CausalParts['makerOf'] {
  return (signerId, at) => {
    const agent = directory.agentOf(signerId);
    const found = (party: string, role: Maker['role'], use: TrustedKey['use']) => {
      const key = heldAt(directory.keys, at, (one) => one.party === party && one.role === role && one.use === use);
      return key && { role, key };
    };
    if (agent !== undefined) return found(agent, 'agent', 'object');
    if (signerId === device.agentId) return found(device.party, 'device', 'frame');
    return found(signerId, 'psp', 'object') ?? found(signerId, 'merchant', 'object');
  };
}

/** Of the keys that still held then, the first to end. */
function heldAt(keys: readonly TrustedKey[], at: number, isIt: (key: TrustedKey) => boolean): TrustedKey | undefined {
  const end = ({ until }: TrustedKey): number => until ?? Number.POSITIVE_INFINITY;
  return keys
    .filter((key) => isIt(key) && at < end(key))
    .sort((one, other) => end(one) - end(other))
    .at(0);
}
