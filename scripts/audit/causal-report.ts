/** The causal chain of an intent out of the records of a device and of those that others handed over, as lines and as data. */
import { readFileSync } from 'node:fs';
import type { BundleSources } from '../../device/audit/bundle-collect.ts';
import { type CausalVerdict, judgeCausalChain } from '../../device/audit/causal-chain.ts';
import { readHanded } from '../../device/audit/handed-records.ts';
import { makersIn } from '../../device/audit/makers.ts';
import { type Id16, ProtocolError, toIsoUtc } from '../../protocol/index.ts';
import { CommandError } from '../command.ts';
import { STANDS } from './verdict-report.ts';

const MAX_FILE_BYTES = 32 << 20;

/** @throws CommandError for an id that is none, a file that holds no records, and a device that knows no trust chain. */
export function causalVerdictOf({ attested, chain, device }: BundleSources, intent: string, path: string) {
  if (!/^[0-9a-f]{32}$/.test(intent))
    throw new CommandError('intent-unknown', 'an intent has 32 hex digits', 'audit show tells them');
  if (chain === undefined)
    throw new CommandError('config-invalid', 'no trust chain is configured', 'put the audit section into agent.yaml');
  const makerOf = makersIn(device.directory, device);
  return judgeCausalChain([...attested, ...handedIn(path)], intent as Id16, { node: chain, makerOf });
}

function handedIn(path: string) {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new CommandError('audit-unreadable', `cannot read ${path} (${reason})`, 'check the path');
  }
  try {
    if (file.length > MAX_FILE_BYTES) throw new ProtocolError('message-shape', 'too long', {});
    return readHanded(file.toString('utf8'));
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new CommandError('audit-unreadable', `${path} holds no records (${error.code})`, 'have it written again');
  }
}

export function causalData({ standing, links, faults, missing }: CausalVerdict) {
  const records = links.map(({ stage, record, conclusion }) => ({
    ...{ stage, conclusion, eventType: record.eventType, recordId: record.recordId, at: toIsoUtc(record.eventTime) },
    signedBy: record.signatures.map(({ signerId }) => signerId),
    ...(record.orderNo !== undefined && { orderNo: record.orderNo }),
  }));
  return { standing, faults, missing, records };
}

export function causalLines(verdict: CausalVerdict): readonly string[] {
  const { standing, records, faults, missing } = causalData(verdict);
  return [
    STANDS[standing],
    ...records.map(({ stage, at, conclusion, eventType, signedBy }) => {
      const what = eventType.split(':').at(-1);
      return `  ${stage.padEnd(10)}  ${at}  ${conclusion.padEnd(22)}  ${what} (signed: ${signedBy.join(', ')})`;
    }),
    ...(faults.length > 0 ? [`wrong: ${faults.join(', ')}`] : []),
    ...(missing.length > 0 ? [`not there: ${missing.join(', ')}`] : []),
  ];
}
