/**
 * Two to five whole PSPs over one ledger under virtual time and from one seed: frames that come to any of them, to two, late and
 * out of order; lines that are cut, machines that die between the ledger and the answer, outcomes that come late. In the end
 * the faults stop, and everybody has an answer.
 */
import { type EpochMs, utf8 } from '../../protocol/index.ts';
import { createTenant, type DeviceSecrets, type Tenant } from '../cloud/index.ts';
import { memoryLedger } from '../ledger/memory-ledger.ts';
import type { LedgerStore } from '../ledger/store.ts';
import { SeededRandom } from '../seeded-random.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { Buyer } from './buyer.ts';
import { Gateway, type GatewayWorld } from './gateway.ts';
import { GatewayNet } from './net.ts';
import { type GatewayPlan, type PlannedCommand, planGateways, RUN_MS, RUN_START } from './plan.ts';
import type { GatewayRecord, OrderedChange, Signed, Told } from './told.ts';
import { idOf, Wearer } from './wearer.ts';
import { Witness } from './witness.ts';

export interface GatewayRun extends GatewayRecord {
  readonly plan: GatewayPlan;
}

/** Who takes part in all runs: its keys are made once. */
export function gatewayTenant(): Tenant<DeviceSecrets> {
  return createTenant(utf8('the tenant of many gateways'), { tenant: 'demo', devices: ['glasses-01'] });
}

/** @param rules what stands between each machine and the ledger; wrong ones show what the right ones are good for. */
export function runGateways(
  seed: string,
  tenant: Tenant<DeviceSecrets>,
  rules: (store: LedgerStore) => LedgerStore = (store) => store,
): GatewayRun {
  const random = new SeededRandom(`gateways ${seed}`);
  const plan = planGateways(random.fork('plan'));
  const clock = new VirtualClock(RUN_START);
  const ledger = new Witness(memoryLedger(), clock);
  const net = new GatewayNet(clock, random.fork('net'), ledger);
  const broken: string[] = [];
  const world: GatewayWorld = {
    ...{ tenant, clock, ledger, rules },
    isCalm: () => clock.now() >= RUN_START + RUN_MS.calm,
    publish: (...args) => net.fromPsp(...args),
    broke: (gateway, error) => void broken.push(`${gateway}: ${error instanceof Error ? error.message : 'thrown'}`),
  };
  const gateways = Array.from({ length: plan.gateways }, (_, number) => {
    const mine = ({ gateway }: { readonly gateway: number }) => gateway === number;
    const outages = { ledgerCuts: plan.ledgerCuts.filter(mine), netCuts: plan.netCuts.filter(mine) };
    return new Gateway(number, world, outages, random.fork(`gateway ${number}`));
  });
  net.gateways = gateways;
  for (const gateway of gateways) gateway.start();

  const told: Told[] = [];
  const [signed, changes]: [Signed[], OrderedChange[]] = [[], []];
  const [device] = tenant.devices;
  if (!device) throw new Error('somebody wears a device');
  const shared = { tenant, clock, random: random.fork('people'), net, told };
  const buyer = new Buyer({ ...shared, device: device.device, signed });
  const wearer = new Wearer({ ...shared, changes, issued: (credential) => buyer.handed(credential) }, device);

  const at = (atMs: number, act: () => void): void => void clock.after(Math.max(0, atMs), act);
  for (const planned of plan.delegations) at(planned.atMs, () => wearer.delegate(planned));
  for (const stop of plan.stops) at(stop.atMs, () => wearer.change(stop));
  for (const { gateway, fromMs, untilMs } of plan.crashes) at(fromMs, () => gateways[gateway]?.crash(untilMs - fromMs));
  for (const order of plan.orders) {
    if (order.noticeAtMs !== undefined) at(order.noticeAtMs, () => buyer.register(order));
    for (const request of order.requests) at(request.atMs, () => buyer.pay(order, request));
  }
  for (const command of plan.commands)
    at(command.atMs, () => order(command, device.device, gateways, ledger, told, clock));
  // Whatever outcome was late comes.
  for (const gateway of gateways) settle(gateway, clock);
  clock.advance(RUN_MS.end);

  const { happened, balances, standings } = ledger;
  const unanswered = [...wearer.unanswered, ...buyer.unanswered];
  return { plan, happened, told, signed, changes, balances, standings, unanswered, broken };
}

/** The operator says it again until the machine has said that it is done. */
function order(
  command: PlannedCommand,
  device: string,
  gateways: readonly Gateway[],
  ledger: Witness,
  told: Told[],
  clock: VirtualClock,
): void {
  const { words, delegation, gateway } = command;
  const delegationId = idOf(`${delegation} delegation`);
  const isAboutDevice = words === 'lock' || words === 'unlock';
  const whole = delegation === undefined ? words : `${words} ${isAboutDevice ? device : delegationId}`;
  const before = ledger.happened.length;
  const said = gateways[gateway]?.command(whole) ?? 'silence';
  told.push({ kind: 'command', before, after: ledger.happened.length, words, delegationId, said });
  const isEnough = said === 'done' || said === 'delegation-state' || said === 'delegation-unknown';
  if (!isEnough && clock.now() < RUN_START + RUN_MS.calm + 20_000)
    clock.after(3_000, () => order(command, device, gateways, ledger, told, clock));
}

function settle(gateway: Gateway, clock: VirtualClock): void {
  const again = (): void => {
    gateway.command('execution-done');
    if (clock.now() < ((RUN_START + RUN_MS.end - 60_000) as EpochMs)) clock.after(20_000, again);
  };
  clock.after(RUN_MS.calm, again);
}
