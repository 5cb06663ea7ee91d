/**
 * The trust chain node beside the simulated services, and what each of them reports to it over HTTP under a key of its own,
 * long after each step and never in its way (ACT 2.1 TSD-ATT-EVT, TSD-ATT-OCA; T27).
 */
import { join } from 'node:path';
import { openFileJournal } from '../device/adapters/file-journal.ts';
import { httpTrustChain } from '../device/adapters/http-trust-chain.ts';
import { jsonLog } from '../device/adapters/json-log.ts';
import { systemClock } from '../device/adapters/system-clock.ts';
import { systemRandom } from '../device/adapters/system-random.ts';
import type { TextOutput } from '../device/adapters/text-output.ts';
import { indexAttestations } from '../device/audit/attestation-index.ts';
import { Reporter } from '../device/audit/reporter.ts';
import type { CloudConfig } from '../device/config.ts';
import { DeviceError, type Journal, type Log } from '../device/index.ts';
import type { Party } from '../protocol/index.ts';
import {
  chainOptionsOf,
  chainSigner,
  createTrustNode,
  privacyChannelOf,
  reportsOf,
  type ServicePorts,
  ServiceReporting,
  startTrustChain,
  type Tenant,
} from '../sim/index.ts';

export interface CloudChain {
  /** The same ports, with each service watched by what reports for it. */
  watching(portsOf: (party: Party) => ServicePorts): (party: Party) => ServicePorts;
  /** After the services; what was not reported yet is at the next start. */
  stop(): Promise<void>;
}

/** Names the node in the log, and its journal. */
const NODE = 'trust-chain';

/**
 * Starts the node where the configuration has one.
 * @param journals takes in each journal that is opened; whoever has it closes them after {@link CloudChain.stop}.
 * @throws DeviceError `config-invalid` for a port that is taken; StoreError as journals do.
 */
export async function startCloudChain(
  { chain, state, log: { level } }: Pick<CloudConfig, 'chain' | 'state' | 'log'>,
  tenant: Tenant,
  output: TextOutput,
  journals: Journal[],
): Promise<CloudChain> {
  if (chain === undefined) return { watching: (portsOf) => portsOf, stop: async () => {} };
  const [clock, random] = [systemClock(), systemRandom()];
  const json = jsonLog({ level, output, clock });
  const log: Log = { write: (at, code, detail) => json.write(at, code, { party: NODE, ...detail }) };
  const open = (name: string) => {
    const journal = openFileJournal(join(state.directory, `${name}.journal`), random);
    journals.push(journal);
    return journal;
  };
  const node = createTrustNode({ ...chainOptionsOf(tenant), journal: open(NODE), log });
  const server = await listening(chain.listen, { node, clock });
  log.write('info', 'chain-listening', { size: node.size });
  const running: ServiceReporting[] = [];
  return {
    watching: (portsOf) => (party) => {
      const ports = portsOf(party);
      const reporting = reportingOf(tenant, party, server.url, ports, open(`${party.party}.attestations`));
      running.push(reporting);
      return { ...ports, around: (handler) => reporting.around(handler) };
    },
    async stop() {
      for (const one of running) one.stop();
      await server.close();
    },
  };
}

async function listening(listen: string, options: Pick<Parameters<typeof startTrustChain>[0], 'node' | 'clock'>) {
  const port = Number(listen.split(':')[1]);
  try {
    return await startTrustChain({ ...options, port });
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const what = `chain.listen: cannot listen on ${listen} (${code})`;
    throw new DeviceError(
      'config-invalid',
      what,
      'free the port, or take another one here and in audit.chainUrl of each device',
    );
  }
}

/** Begins with what an earlier life has left; the service's past, which it is given again, is known by its ids. */
function reportingOf(
  tenant: Tenant,
  { party }: Party,
  url: string,
  { clock, random, log }: Pick<ServicePorts, 'clock' | 'random' | 'log'>,
  store: Journal,
): ServiceReporting {
  const { newestHead } = indexAttestations(store);
  const node = chainSigner(tenant);
  const chain = httpTrustChain({ url, node, clock, ...(newestHead !== undefined && { seen: newestHead }) });
  const { reports, self } = reportsOf(tenant, party);
  const privacyChannel = privacyChannelOf(tenant.tenant);
  const reporter = new Reporter({ store, chain, self, privacyChannel, clock, random, log });
  const reporting = new ServiceReporting({ party, reports, reporter, clock });
  reporting.start();
  return reporting;
}
