/** A device on a disk with a finished purchase behind it, as the audit commands find one. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Directory } from '../../../device/index.ts';
import { hex, utf8 } from '../../../protocol/index.ts';
import { openStateJournals } from '../../../scripts/state-journals.ts';
import { cosignedNote, witness } from '../../device/audit/bundle-stage.ts';
import { nodeSigner, ReportingRig, storedRecords } from '../../device/audit/reporting-rig.ts';
import { directory, PSP, settings, TENANT } from '../../device/builders.ts';
import { act } from './keys-run.ts';

export interface AuditSet {
  readonly config: string;
  readonly trust: string;
  readonly state: string;
  readonly entries: readonly Uint8Array[];
  readonly words: readonly Uint8Array[];
}

/** What lies on the disk of a device. */
export interface Kept {
  readonly directory: Directory;
  /** The journal, generation by generation. */
  readonly generations: readonly (readonly Uint8Array[])[];
  readonly words: readonly Uint8Array[];
  readonly attestations: readonly Uint8Array[];
}

/** An instant purchase from the first word to the last. */
export function instantPurchase(): Kept {
  const stand = new ReportingRig().after(10);
  stand.clock.advance(10_000);
  const { journal, transcripts, attestations } = stand.disks;
  return {
    ...{ directory, generations: [storedRecords(journal)], words: storedRecords(transcripts) },
    attestations: storedRecords(attestations),
  };
}

function directoryFile(from: Directory) {
  const keys = from.keys.map(({ party, role, use, publicKey }) => ({
    party,
    role,
    use,
    publicKeyHex: hex(publicKey),
  }));
  const witnesses = [{ party: PSP, publicKeyHex: hex(witness.publicKey) }];
  return { tenant: TENANT, keys, merchants: [], witnesses };
}

/** Makes the files below `path` and fills the journals. */
export async function auditSet(path: string, kept = instantPurchase()): Promise<AuditSet> {
  const made = await act(['keys', 'demo-set', '--dir', path, '--chain-port', '0']);
  if (made.code !== 0) throw new Error(made.err);
  const config = join(path, 'device/agent.yaml');
  const trust = join(path, 'directory.json');
  const yaml = readFileSync(config, 'utf8')
    .replace(/^tenant: .*$/m, `tenant: ${TENANT}`)
    .replace(/^( +)agentId: .*$/m, `$1agentId: ${settings.agentId}`);
  const chain = `audit:\n  chainUrl: https://chain.example.com/act\n  chainName: ${nodeSigner.name}\n  chainKeyHex: "${hex(nodeSigner.publicKey)}"\n  privacyChannel: act:channel:test\n`;
  writeFileSync(config, `${yaml}\n${chain}`);
  writeFileSync(trust, JSON.stringify(directoryFile(kept.directory)));
  const { generations, words, attestations } = kept;
  const [first = [], ...later] = generations;
  const entries = generations.flat();
  const state = join(path, 'device/state');
  const keys = { passphraseFile: join(path, 'device/passphrase') };
  const journals = openStateJournals({ state: { directory: state }, keys } as never, [
    ...(['device', 'words', 'attestations', 'checkpoints'] as const),
  ]);
  journals.device.append(first);
  for (const generation of later) if (!journals.device.rotate?.(generation)) throw new Error('it was not closed off');
  if (words.length > 0) journals.words.append(words);
  if (attestations.length > 0) journals.attestations.append(attestations);
  journals.checkpoints.append([utf8(cosignedNote(entries))]);
  for (const journal of Object.values(journals)) journal.close();
  return { config, trust, state, entries, words };
}
