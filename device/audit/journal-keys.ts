/** Under which names and keys journals are signed for: by the device they belong to, and by the witnesses that cosign them. */
import type { NoteKey, NoteSigner } from '../../protocol/index.ts';
import type { Directory } from '../directory.ts';

/** The name under which a device, or a witness, signs for journals. */
export function journalName(tenant: string, party: string): string {
  return `act-edge/${tenant}/${party}`;
}

/** A party's key as one that signs notes. */
export function noteSigner(tenant: string, party: string, key: Pick<NoteSigner, 'publicKey' | 'sign'>): NoteSigner {
  return { name: journalName(tenant, party), publicKey: key.publicKey, sign: (message) => key.sign(message) };
}

/** The keys with which a device signs its journal's checkpoints, those that were replaced included: they are of its frames. */
export function journalKeysOf(directory: Directory, party: string): readonly NoteKey[] {
  return directory.keys
    .filter((key) => key.party === party && key.role === 'device' && key.use === 'frame')
    .map(({ publicKey }) => ({ name: journalName(directory.tenant, party), publicKey }));
}

/** The key with which a party cosigns the journals of devices, for nothing else; `undefined` for one that does not. */
export function witnessOf(directory: Directory, party: string): NoteKey | undefined {
  const publicKey = directory.witnessKeyOf(party);
  return publicKey && { name: journalName(directory.tenant, party), publicKey };
}
