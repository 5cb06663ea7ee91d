/** The attestation records of a device whose configuration names a trust chain node: made of its journal, anchored when there is time. */
import { chainNodeOf, httpTrustChain } from '../device/adapters/http-trust-chain.ts';
import { FULL_STORE } from '../device/audit/attestation-closing.ts';
import { indexAttestations } from '../device/audit/attestation-index.ts';
import { DeviceReports } from '../device/audit/device-reports.ts';
import { Reporter } from '../device/audit/reporter.ts';
import type { AgentConfig } from '../device/config.ts';
import type { Clock, Journal, Log, Random } from '../device/index.ts';
import type { AgentParts } from './agent-parts.ts';

interface ReportParts {
  /** The device's own, which the records are made of. */
  readonly journal: Journal;
  /** Holds the records. */
  readonly store: Journal;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** @throws DeviceError `config-*` for the node's key; StoreError as the journals do. */
export function openReports(
  audit: NonNullable<AgentConfig['audit']>,
  { settings, keys }: Pick<AgentParts, 'settings' | 'keys'>,
  { journal, store, clock, random, log }: ReportParts,
): DeviceReports {
  const { newestHead } = indexAttestations(store);
  const chain = httpTrustChain({
    ...{ url: audit.chainUrl, node: chainNodeOf(audit), clock },
    ...(newestHead !== undefined && { seen: newestHead }),
  });
  const self = { id: settings.agentId, key: keys.agent };
  const reporter = new Reporter({
    store,
    chain,
    self,
    privacyChannel: audit.privacyChannel,
    clock,
    random,
    log,
    closesOffAfter: FULL_STORE,
  });
  return new DeviceReports({ journal, settings, reporter, clock });
}
