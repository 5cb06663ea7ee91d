/** The services of a tenant, started one by one or all together on whatever ports they are given. */
import { type Currency, type Party, type SessionId, softSigningKey } from '../../protocol/index.ts';
import { createAgent } from './agent.ts';
import { createMerchant, type Merchant } from './merchant.ts';
import { createPsp, type Psp } from './psp.ts';
import type { WearerAccount } from './psp-binding-checks.ts';
import { type Service, type ServicePorts, startService } from './service.ts';
import {
  BINDING_CAP_MINOR,
  type Enrolment,
  keyLineOf,
  PAYMENT_METHOD,
  principalOf,
  type ServiceSecrets,
  type Tenant,
} from './tenant.ts';

export interface CloudSettings {
  /** How long a minute of cooking and riding takes: 60,000 in the real world. */
  readonly minuteMs: number;
}

/** A running PSP, with its books for whoever checks them. */
export interface PspService extends Service {
  readonly ledger: Psp['ledger'];
}

/** A running shop, with its shelves for whoever checks them. */
export interface MerchantService extends Service {
  readonly stock: Merchant['stock'];
}

export interface Cloud {
  readonly agent: Service;
  readonly psp: PspService;
  /** By party id. */
  readonly merchants: ReadonlyMap<string, MerchantService>;
  /** Stops all of them and calls `closed` once, after the last. */
  stop(closed: () => void): void;
}

export function startAgent(tenant: Tenant, ports: ServicePorts): Service {
  const { agent, shops } = tenant;
  const handler = createAgent({ secret: agent.secret, shops });
  return startService({ ...identity(tenant, agent), role: 'agent', ports, handler });
}

export function startPsp(tenant: Tenant, ports: ServicePorts): PspService {
  const { psp, directory, devices, funds } = tenant;
  const accounts = new Map(devices.map((enrolment) => [enrolment.device, accountOf(enrolment, funds.currency)]));
  const handler = createPsp({
    tenant: directory.tenant,
    trust: directory.trust,
    objectKey: softSigningKey(psp.objectSeed),
    secret: psp.secret,
    bindings: devices.map(({ device, agentId, paymentToken }) => ({ device, agentId, token: paymentToken })),
    methods: [PAYMENT_METHOD],
    accounts,
    keyLineOf: (name) => devices.filter(({ device }) => device === name).flatMap(keyLineOf),
    alarm: (code, detail) => ports.log.write('error', code, detail),
    funds: [...new Set([...accounts.values()].map(({ account }) => account))].map((account) => ({ account, ...funds })),
  });
  const service = startService({ ...identity(tenant, psp), role: 'psp', ports, handler });
  return { ...running(service), ledger: handler.ledger };
}

/** A service's own class keeps its methods to itself; this is what can be handed on with more beside it. */
function running(service: Service): Service {
  return {
    counts: service.counts,
    command: (words) => service.command(words),
    stop: (closed) => service.stop(closed),
  };
}

function accountOf({ device, account = device }: Enrolment, currency: Currency): WearerAccount {
  const principal = principalOf(account);
  return { account, principal, currency, bindingCapMinor: BINDING_CAP_MINOR, methods: [PAYMENT_METHOD] };
}

/** @throws Error for a party that is no shop of this tenant. */
export function startMerchant(
  tenant: Tenant,
  party: string,
  ports: ServicePorts,
  { minuteMs }: CloudSettings,
): MerchantService {
  const secrets = tenant.merchants.find((merchant) => merchant.party === party);
  const shop = tenant.shops.find(({ id }) => id === party);
  if (secrets === undefined || shop === undefined) throw new Error(`${party} is no shop of this tenant`);
  const handler = createMerchant({
    shop,
    secret: secrets.secret,
    objectKey: softSigningKey(secrets.objectSeed),
    tenant: tenant.tenant,
    trust: tenant.directory.trust,
    psp: tenant.psp.party,
    minuteMs,
  });
  const service = startService({ ...identity(tenant, secrets), role: 'merchant', ports, handler });
  return { ...running(service), stock: handler.stock };
}

/** Starts every service. @param portsOf gives each party ports of its own: one transport, one journal. */
export function startCloud(tenant: Tenant, portsOf: (party: Party) => ServicePorts, settings: CloudSettings): Cloud {
  const psp = startPsp(tenant, portsOf({ party: tenant.psp.party, role: 'psp' }));
  const merchants = new Map(
    tenant.merchants.map(({ party }) => [
      party,
      startMerchant(tenant, party, portsOf({ party, role: 'merchant' }), settings),
    ]),
  );
  const agent = startAgent(tenant, portsOf({ party: tenant.agent.party, role: 'agent' }));
  return {
    agent,
    psp,
    merchants,
    stop: (closed) => stopServices([agent, psp, ...merchants.values()], closed),
  };
}

/** Stops them and calls `closed` once, after the last. */
export function stopServices(running: readonly Service[], closed: () => void): void {
  let left = running.length;
  const one = () => {
    left -= 1;
    if (left === 0) closed();
  };
  for (const service of running) service.stop(one);
}

function identity({ directory, devices }: Tenant, { party, frameSeed }: ServiceSecrets) {
  const sessions = new Map<string, SessionId>(devices.map(({ device, session }) => [device, session]));
  const sessionOf = (device: string) => sessions.get(device);
  return { party, directory, frameKey: softSigningKey(frameSeed), sessionOf };
}
