/** A device on a disk with a finished purchase behind it, as the audit commands find one. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

function directoryFile() {
  const keys = directory.keys.map(({ party, role, use, publicKey }) => ({
    party,
    role,
    use,
    publicKeyHex: hex(publicKey),
  }));
  const witnesses = [{ party: PSP, publicKeyHex: hex(witness.publicKey) }];
  return { tenant: TENANT, keys, merchants: [], witnesses };
}

/** Makes the files below `path` and fills the journals. */
export async function auditSet(path: string): Promise<AuditSet> {
  const made = await act(['keys', 'demo-set', '--dir', path]);
  if (made.code !== 0) throw new Error(made.err);
  const config = join(path, 'device/agent.yaml');
  const trust = join(path, 'directory.json');
  const yaml = readFileSync(config, 'utf8')
    .replace(/^tenant: .*$/m, `tenant: ${TENANT}`)
    .replace(/^( +)agentId: .*$/m, `$1agentId: ${settings.agentId}`);
  const chain = `audit:\n  chainUrl: https://chain.example.com/act\n  chainName: ${nodeSigner.name}\n  chainKeyHex: "${hex(nodeSigner.publicKey)}"\n  privacyChannel: act:channel:test\n`;
  writeFileSync(config, `${yaml}\n${chain}`);
  writeFileSync(trust, JSON.stringify(directoryFile()));
  const stand = new ReportingRig().after(10);
  stand.clock.advance(10_000);
  const [entries, words] = [storedRecords(stand.disks.journal), storedRecords(stand.disks.transcripts)];
  const state = join(path, 'device/state');
  const keys = { passphraseFile: join(path, 'device/passphrase') };
  const journals = openStateJournals({ state: { directory: state }, keys } as never, [
    ...(['device', 'words', 'attestations', 'checkpoints'] as const),
  ]);
  journals.device.append(entries);
  journals.words.append(words);
  journals.attestations.append(storedRecords(stand.disks.attestations));
  journals.checkpoints.append([utf8(cosignedNote(entries))]);
  for (const journal of Object.values(journals)) journal.close();
  return { config, trust, state, entries, words };
}
