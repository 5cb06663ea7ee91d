/** `act-edge cloud`: the simulated counterparties on a real broker, each with its own keys, session and journal. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readBrokerFiles } from '../../device/adapters/broker-files.ts';
import { readCloudConfig, readSecretFile } from '../../device/adapters/config-file.ts';
import { openFileJournal } from '../../device/adapters/file-journal.ts';
import { readDirectory } from '../../device/adapters/json-file.ts';
import { jsonLog } from '../../device/adapters/json-log.ts';
import { mqttTransport } from '../../device/adapters/mqtt-transport.ts';
import { recipientKeyDirectory, statementFile } from '../../device/adapters/recipient-keys.ts';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import type { CloudConfig } from '../../device/config.ts';
import { DeviceError, type Directory, type Journal, type Random } from '../../device/index.ts';
import { concatBytes, hex, type Party, sha256, utf8 } from '../../protocol/index.ts';
import {
  enrolledTenant,
  type LedgerStore,
  openLedger,
  type ServicePorts,
  sealedFor,
  startCloud,
  type Tenant,
} from '../../sim/index.ts';
import { type CloudChain, startCloudChain } from '../cloud-chain.ts';
import { readCloudSecrets } from '../cloud-files.ts';
import { followOrders } from '../cloud-orders.ts';
import { type CloudOutside, openCloudOutside } from '../cloud-outside.ts';
import { defineCommand, EXIT, type Io, required, UsageError } from '../command.ts';
import { stopRequested } from '../until-stopped.ts';

const MESSAGE_EXPIRY_S = 120;
const keysOf = ({ tenant, keys }: Directory): string =>
  [
    tenant,
    ...keys.map(({ party, role, use, kid, until }) => [party, role, use, hex(kid), until].join('/')).sort(),
  ].join('\n');

/** The services and devices as the files name them, with the directory that the devices were given. */
function readTenant({ tenant: name, keys, peers }: CloudConfig): Tenant {
  const { seed, enrolments } = readCloudSecrets(keys);
  const tenant = enrolledTenant(seed, name, enrolments.devices, enrolments.since);
  const directory = readDirectory(peers.trustFile);
  // The file may know newer recipient keys than those of the enrolments.
  const known = { ...tenant.directory, recipients: directory.recipients };
  if (keysOf(tenant.directory) === keysOf(directory)) return { ...tenant, directory: known };
  const message = `${peers.trustFile} does not hold the keys of this seed and these enrolments`;
  throw new DeviceError('config-invalid', message, 'take seed, enrolments and directory from one set');
}

/**
 * A party's recipient keys after the first, sealed under a secret of its own out of the tenant's seed: erased, they are gone
 * whoever has the seed. The first comes out of the seed itself, so it is as secret as that for good.
 */
function recipientStores({ state }: CloudConfig, tenant: Tenant, party: string, random: Random) {
  const { agent, psp, merchants, counterparts } = tenant;
  const secret =
    [agent, psp, ...merchants, ...counterparts].find((service) => service.party === party)?.secret ?? new Uint8Array();
  const storeKey = { key: sha256(concatBytes(secret, utf8('recipient keys'))) };
  const path = join(state.directory, `${party}.recipient-keys`);
  const statements = statementFile(join(state.directory, `${party}.recipients.json`));
  return { own: recipientKeyDirectory({ path, storeKey, random }), statements };
}

/** Each party has a session and a journal of its own; with a password it logs in under its own name. */
function portsOfParty(
  config: CloudConfig,
  tenant: Tenant,
  io: Io,
  journals: Journal[],
): (party: Party) => ServicePorts {
  const broker = readBrokerFiles(config.broker);
  const [clock, random] = [systemClock(), systemRandom()];
  return ({ party }) => {
    const json = jsonLog({ level: config.log.level, output: io.stderr, clock });
    const log = {
      write: (...[level, code, detail]: Parameters<typeof json.write>) => json.write(level, code, { party, ...detail }),
    };
    const journal = openFileJournal(join(config.state.directory, `${party}.journal`), random);
    journals.push(journal);
    const options = {
      broker: { ...broker, username: broker.password === undefined ? broker.username : party },
      clientId: `${config.tenant}-${party}`,
      contentType: 'application/cose',
      messageExpirySeconds: MESSAGE_EXPIRY_S,
    };
    const keys = {
      stores: recipientStores(config, tenant, party, random),
      windowS: config.keys.recipientKeyWindowSeconds,
    };
    const transport = sealedFor(tenant, party, mqttTransport(options, { clock, random, log }), {
      clock,
      random,
      log,
      ...keys,
    });
    return { clock, random, journal, log, transport };
  };
}

/** `undefined`: the PSP makes its ledger out of its journal at each start. */
function configuredLedger({ ledger, state }: CloudConfig): LedgerStore | undefined {
  if (ledger.kind === 'journal') return undefined;
  if (ledger.kind === 'sqlite') return openLedger(`sqlite:${join(state.directory, 'ledger.sqlite')}`);
  const url = readSecretFile(ledger.urlFile ?? '');
  return openLedger(new TextDecoder().decode(url));
}

function minuteMsIn(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new UsageError(
    'usage-option-value',
    `--minute-ms cannot be "${text}"`,
    'give whole milliseconds, 1 to 9999999',
  );
}

export const cloud = defineCommand({
  summary: 'run the simulated agent, shops and PSP on a real broker',
  help: `Each party is an MQTT client of its own; with a password it logs in under its own name, all with that one password.
With \`chain\` in the configuration it also runs a trust chain node on this machine, to which agent, shops and PSP report, each in its own name.
With \`desk\` the agent buys data over HTTP 402 from a desk on this machine; what it bought lies in bought/ in the state directory.
With \`planner\` a model behind an OpenAI-compatible address chooses what to buy; without one the cheapest comes first.
The log goes to stderr as JSON lines. SIGTERM and SIGINT stop all parties in order; started again, each goes on from its
journal. Never for real money.`,
  options: {
    config: { type: 'string', value: 'FILE', describe: 'the configuration, for example examples/cloud.yaml' },
    'minute-ms': {
      type: 'string',
      value: 'N',
      default: '60000',
      describe: 'how long a minute of cooking and riding takes; the same each time with one state directory',
    },
  },
  async run(args, io) {
    const minuteMs = minuteMsIn(args.values['minute-ms']);
    const config = readCloudConfig(required(args, 'config'));
    const tenant = readTenant(config);
    const stopped = stopRequested();
    const journals: Journal[] = [];
    let ledger: LedgerStore | undefined;
    let chain: CloudChain | undefined;
    let outside: CloudOutside | undefined;
    try {
      mkdirSync(config.state.directory, { recursive: true, mode: 0o700 });
      ledger = configuredLedger(config);
      const portsOf = portsOfParty(config, tenant, io, journals);
      chain = await startCloudChain(config, tenant, io.stderr, journals);
      outside = await openCloudOutside(config, tenant, portsOf);
      const settings = { minuteMs, outside: outside.agent, ...(ledger && { ledger }) };
      const running = startCloud(tenant, chain.watching(portsOf), settings);
      const { directory } = config.state;
      const endOrders = followOrders(directory, systemClock(), (words) => running.psp.command(words));
      await stopped;
      endOrders();
      await new Promise<void>((done) => running.stop(done));
    } finally {
      await outside?.stop();
      await chain?.stop();
      for (const journal of journals) journal.close();
      ledger?.close();
    }
    return EXIT.held;
  },
});
