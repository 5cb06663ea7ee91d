/**
 * What the agent of `act-edge cloud` has of the world outside the broker, as far as the configuration names it: the data desk
 * on a port of this machine (ACT 2.1 PSD-PAY-A402), and a model that chooses what to buy.
 */
import { join } from 'node:path';
import { makeDirectory, writeDurably } from '../device/adapters/durable-file.ts';
import { systemClock } from '../device/adapters/system-clock.ts';
import type { CloudConfig } from '../device/config.ts';
import { DeviceError, type Log } from '../device/index.ts';
import type { Party } from '../protocol/index.ts';
import {
  type AgentOutside,
  DATA_DESK,
  nodeHttp,
  openAiPlanner,
  type ServicePorts,
  startDataDesk,
  startDesk,
  type Tenant,
} from '../sim/index.ts';

export interface CloudOutside {
  readonly agent: AgentOutside;
  /** After the agent. */
  stop(): Promise<void>;
}

const DESK_TIMEOUT_MS = 10_000;

/**
 * Starts the desk on its journal, where there is one. What the agent has bought is kept in `bought` beside the journals, a file
 * for each resource, before anybody hears that it has come.
 * @throws DeviceError `config-invalid` for a port that is taken or a file without a key; StoreError as journals do.
 */
export async function openCloudOutside(
  { desk, planner, state }: Pick<CloudConfig, 'desk' | 'planner' | 'state'>,
  tenant: Tenant,
  portsOf: (party: Party) => ServicePorts,
): Promise<CloudOutside> {
  const model = planner && { planner: modelOf(planner) };
  if (desk === undefined) return { agent: { ...model }, stop: async () => {} };
  const ports = portsOf({ party: DATA_DESK, role: 'merchant' });
  const service = startDesk(tenant, ports);
  const stopService = () => new Promise<void>((stopped) => service.stop(stopped));
  const server = await listening(desk.listen, { seller: service, now: () => ports.clock.now() }).catch(
    async (error) => {
      await stopService();
      throw error;
    },
  );
  ports.log.write('info', 'desk-listening', { url: server.url });
  const reached = {
    http: nodeHttp({ timeoutMs: DESK_TIMEOUT_MS }),
    desks: new Map([[DATA_DESK, server.url]]),
    onBought: keepIn(join(state.directory, 'bought'), ports.log),
  };
  return {
    agent: { ...reached, ...model },
    async stop() {
      await server.close();
      await stopService();
    },
  };
}

function modelOf({ timeoutSeconds, ...model }: NonNullable<CloudConfig['planner']>) {
  const http = nodeHttp({ timeoutMs: timeoutSeconds * 1000 });
  return openAiPlanner({ ...model, http, clock: systemClock() });
}

/** @throws StoreError where it cannot be kept. */
function keepIn(directory: string, log: Log): NonNullable<AgentOutside['onBought']> {
  return ({ delegationId, resourceId, content }) => {
    const folder = join(directory, delegationId);
    makeDirectory(folder);
    writeDurably(join(folder, resourceId), content);
    log.write('info', 'bought', { delegation: delegationId, resource: resourceId, bytes: content.length });
  };
}

async function listening(listen: string, options: Parameters<typeof startDataDesk>[0]) {
  try {
    return await startDataDesk({ ...options, port: Number(listen.split(':')[1]) });
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const what = `desk.listen: cannot listen on ${listen} (${code})`;
    throw new DeviceError('config-invalid', what, 'free the port, or name another one');
  }
}
