/** The services of a tenant, started one by one or all together on whatever ports they are given. */

import { journalName, noteSigner } from '../../device/audit/journal-keys.ts';
import type { Currency, Party, SessionId } from '../../protocol/index.ts';
import { memoryLedger } from '../ledger/memory-ledger.ts';
import type { LedgerStore } from '../ledger/store.ts';
import { railHouse } from '../rail/railway.ts';
import { counterparts, Stock, shopVocabulary } from '../shops/index.ts';
import { damaiHouse } from '../tickets/damai.ts';
import type { House } from '../tickets/house.ts';
import { SeatSeller } from '../tickets/seat-seller.ts';
import { type AgentOptions, createAgent } from './agent.ts';
import { type AgentWorld, ErrandRunner } from './agent-errand-runner.ts';
import type { Desk } from './agent-resources.ts';
import { keyOf } from './key-of.ts';
import { createMerchant } from './merchant.ts';
import type { Seller } from './merchant-seller.ts';
import { ShopSeller } from './merchant-shop.ts';
import { createPsp, type Psp, type PspOptions } from './psp.ts';
import type { WearerAccount } from './psp-binding-checks.ts';
import { type Service, type ServicePorts, startService } from './service.ts';
import {
  AGENT_ID,
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
  /** Where delegated payments are kept; without one in memory, made anew out of the PSP's journal. */
  readonly ledger?: LedgerStore;
  /** What the agent has of the world outside the broker; without it, nothing is bought over HTTP. */
  readonly outside?: AgentOutside;
}

/** A running PSP, with its books for whoever checks them. */
export interface PspService extends Service {
  readonly ledger: Psp['ledger'];
  readonly delegations: Psp['delegations'];
}

/** What each wearer has set apart for delegated payments at the start, in minor units of the tenant's currency. */
export const DELEGATED_FUNDS_MINOR = 1_000_000;

/** A running merchant, with its shelves for whoever checks them; they are empty where seats are sold. */
export interface MerchantService extends Service {
  readonly stock: Stock;
}

export interface Cloud {
  readonly agent: Service;
  readonly psp: PspService;
  /** By party id. */
  readonly merchants: ReadonlyMap<string, MerchantService>;
  /** What is bought over HTTP is sold by it; absent where it is run beside these services. */
  readonly desk?: Service;
  /** Stops all of them and calls `closed` once, after the last. */
  stop(closed: () => void): void;
}

/**
 * The agent, with as much of the world outside the broker as it is given.
 * @param world without `http` and `desks`, there is nothing to be bought over HTTP; without `planner`, it chooses by rule.
 */
export function startAgent(tenant: Tenant, ports: ServicePorts, world: AgentOutside = {}): Service {
  const { agent, shops } = tenant;
  const handler = createAgent({ secret: agent.secret, shops, delegations: delegationsOf(tenant, world.desks) });
  const runner = new ErrandRunner(handler.errands, world, ports.clock);
  const service = startService({
    ...identity(tenant, agent),
    role: 'agent',
    ports,
    handler: runner.around(handler),
  });
  runner.start((words) => service.command(words));
  return {
    ...running(service),
    stop: (closed) => {
      runner.stop();
      service.stop(closed);
    },
  };
}

/** What the agent of a tenant is to know to act under delegations. */
export function delegationsOf(
  tenant: Tenant,
  desks: ReadonlyMap<string, string> = new Map(),
): AgentOptions['delegations'] {
  const { agent, directory, psp, funds } = tenant;
  return {
    tenant: directory.tenant,
    trust: directory.trust,
    psp: psp.party,
    agentId: AGENT_ID,
    objectKey: keyOf(agent.objectSeed),
    method: PAYMENT_METHOD,
    currency: funds.currency,
    sellers: sellersOf(tenant),
    desks: desksOf(tenant, desks),
  };
}

/** Where desks are reached, by party; those that are no counterpart of the tenant are left out. */
export interface AgentOutside extends AgentWorld {
  readonly desks?: ReadonlyMap<string, string>;
}

function desksOf({ counterparts }: Tenant, urls: ReadonlyMap<string, string>): ReadonlyMap<string, Desk> {
  return new Map(
    counterparts.flatMap(({ party, objectSeed }) => {
      const url = urls.get(party);
      return url === undefined ? [] : [[party, { url, publicKey: keyOf(objectSeed).publicKey }] as const];
    }),
  );
}

/** Who takes orders for what. */
function sellersOf({ shops, merchants }: Tenant): readonly { party: string; itemIds: ReadonlySet<string> }[] {
  return merchants.map(({ party }) => ({
    party,
    itemIds: new Set([
      ...(shops.find(({ id }) => id === party)?.products ?? []).map(({ itemId }) => itemId),
      ...(counterparts.find(({ id }) => id === party)?.itemIds ?? []),
    ]),
  }));
}

export function startPsp(
  tenant: Tenant,
  ports: ServicePorts,
  settings: Pick<CloudSettings, 'ledger'> = {},
): PspService {
  const { psp, directory, devices, funds } = tenant;
  const accounts = new Map(devices.map((enrolment) => [enrolment.device, accountOf(enrolment, funds.currency)]));
  const names = [...new Set([...accounts.values()].map(({ account }) => account))];
  const handler = createPsp({
    tenant: directory.tenant,
    trust: directory.trust,
    objectKey: keyOf(psp.objectSeed),
    witness: witnessOf(tenant, ports.log),
    secret: psp.secret,
    bindings: devices.map(({ device, agentId, paymentToken }) => ({ device, agentId, token: paymentToken })),
    methods: [PAYMENT_METHOD],
    accounts,
    keyLineOf: (name) => devices.filter(({ device }) => device === name).flatMap(keyLineOf),
    alarm: (code, detail) => ports.log.write('error', code, detail),
    currency: funds.currency,
    funds: names.map((account) => ({ account, ...funds })),
    delegatedFunds: names.map((account) => ({ account, ...funds, amountMinor: DELEGATED_FUNDS_MINOR })),
    store: settings.ledger ?? memoryLedger(),
    agentOf: directory.agentOf,
    roleOf: directory.roleOf,
    soldWithoutOrder: (payee) => soldOverHttp(tenant, payee),
  });
  const service = startService({ ...identity(tenant, psp), role: 'psp', ports, handler });
  return { ...running(service), ledger: handler.ledger, delegations: handler.delegations };
}

/** The categories of what is paid per request (PSD-PAY-A402): nobody registers an order for that. */
function soldOverHttp(tenant: Tenant, payee: string): readonly string[] | undefined {
  if (!tenant.counterparts.some(({ party }) => party === payee)) return undefined;
  const itemIds = counterparts.find(({ id }) => id === payee)?.itemIds ?? [];
  return shopVocabulary.items.filter(({ id }) => itemIds.includes(id)).map(({ category }) => category);
}

/** The PSP as the witness of the devices' journals. */
function witnessOf({ psp, directory }: Tenant, log: ServicePorts['log']): PspOptions['witness'] {
  const { tenant, keys } = directory;
  return {
    signer: noteSigner(tenant, psp.party, keyOf(psp.witnessSeed)),
    deviceKey(device) {
      const key = keys.find(({ party, role, until }) => party === device && role === 'device' && until === undefined);
      return key && { name: journalName(tenant, device), publicKey: key.publicKey };
    },
    alarm: (code, detail) => log.write('error', code, detail),
  };
}

/** A service's own class keeps its methods to itself; this is what can be handed on with more beside it. */
export function running(service: Service): Service {
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

/** @throws Error for a party that takes no orders in this tenant. */
export function startMerchant(
  tenant: Tenant,
  party: string,
  ports: ServicePorts,
  { minuteMs }: CloudSettings,
): MerchantService {
  const secrets = tenant.merchants.find((merchant) => merchant.party === party);
  const seller = secrets === undefined ? undefined : sellerOf(tenant, secrets);
  if (secrets === undefined || seller === undefined) throw new Error(`${party} takes no orders in this tenant`);
  const handler = createMerchant({
    seller,
    secret: secrets.secret,
    objectKey: keyOf(secrets.objectSeed),
    tenant: tenant.tenant,
    trust: tenant.directory.trust,
    psp: tenant.psp.party,
    minuteMs,
  });
  const service = startService({ ...identity(tenant, secrets), role: 'merchant', ports, handler });
  return { ...running(service), stock: seller instanceof ShopSeller ? seller.stock : new Stock([]) };
}

/** Where seats are sold, by party id. */
const HOUSES: Readonly<Record<string, (secret: Uint8Array) => House>> = { damai: damaiHouse, rail: railHouse };

function sellerOf({ shops }: Tenant, { party, secret }: ServiceSecrets): Seller<readonly unknown[]> | undefined {
  const shop = shops.find(({ id }) => id === party);
  if (shop !== undefined) return new ShopSeller(shop);
  const house = HOUSES[party];
  return house && new SeatSeller(house(secret));
}

/** Starts every service. @param portsOf gives each party ports of its own: one transport, one journal. */
export function startCloud(tenant: Tenant, portsOf: (party: Party) => ServicePorts, settings: CloudSettings): Cloud {
  const psp = startPsp(tenant, portsOf({ party: tenant.psp.party, role: 'psp' }), settings);
  const merchants = new Map(
    tenant.merchants.map(({ party }) => [
      party,
      startMerchant(tenant, party, portsOf({ party, role: 'merchant' }), settings),
    ]),
  );
  const agent = startAgent(tenant, portsOf({ party: tenant.agent.party, role: 'agent' }), settings.outside);
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

/** What a service of a tenant runs as. */
export function identity({ directory, devices }: Tenant, { party, frameSeed }: ServiceSecrets) {
  const sessions = new Map<string, SessionId>(devices.map(({ device, session }) => [device, session]));
  const sessionOf = (device: string) => sessions.get(device);
  return { party, directory, frameKey: keyOf(frameSeed), sessionOf };
}
