/** Plays the world of one plan: first with its faults, then in peace until everybody has finished, the checkers always watching. */
import type { Clock, Transport } from '../../device/index.ts';
import type { Findings } from '../checkers.ts';
import type { DeviceSecrets, Tenant } from '../cloud/index.ts';
import { isAtRest } from '../delegation-states.ts';
import { memoryLedger } from '../ledger/memory-ledger.ts';
import { type LedgerStore, LedgerUnavailable } from '../ledger/store.ts';
import type { Script } from '../person.ts';
import { Play } from '../play.ts';
import { SeededRandom } from '../seeded-random.ts';
import { withSellers } from '../with-sellers.ts';
import { ALL_FAULT_KINDS, ALL_FAULTS, type FaultKind } from './faults.ts';
import { CLOCK_MOST_MS } from './faults-process.ts';
import type { Plan } from './plan.ts';
import { withTitle } from './strange-titles.ts';
import type { OnBooks, OnCopy, OnDelivery, OnMoment, OnSay, Weather } from './weather.ts';

/** One strike of a fault. */
export interface Strike {
  /** Epoch milliseconds of the world. */
  readonly at: number;
  /** After how many entries of the record. */
  readonly seq: number;
  readonly kind: FaultKind;
  readonly detail: string;
}

export interface StormResult {
  readonly plan: Plan;
  /** What was broken, or with which error the world could not go on; empty if everything held. */
  readonly findings: Findings;
  readonly strikes: readonly Strike[];
  readonly play: Play;
}

const HOUR_MS = 3_600_000;
/** From the morning until after the next one. */
const REST_HOURS = 26;
/** So short a word may well be in bytes that mean something else. */
const SHORT_WORDS = 8;

/** @param tenant with as many devices as the plan has errands; shared among worlds, because keys take time to make. */
export function storm(plan: Plan, tenant: Tenant<DeviceSecrets>): StormResult {
  if (tenant.devices.length !== plan.errands.length) throw new RangeError('each device has one errand');
  const { sellers, title } = plan;
  const open = sellers ? withSellers(tenant, sellers) : tenant;
  return new Storm(plan, title === undefined ? open : withTitle(open, title)).run();
}

function scriptOf({ order, answers }: Plan['errands'][number]): Partial<Script> {
  return { order, ...(answers && { answers }) };
}

class Storm {
  readonly #plan: Plan;
  readonly #play: Play;
  readonly #began: number;
  readonly #strikes: Strike[] = [];
  readonly #deliveries: OnDelivery[] = [];
  readonly #copies: OnCopy[] = [];
  readonly #moments: OnMoment[] = [];
  readonly #sayings: OnSay[] = [];
  readonly #books: OnBooks[] = [];
  #kept: LedgerStore | undefined;
  readonly #mends: (() => void)[] = [];
  /** Each service's transport of its latest life. */
  readonly #mouths = new Map<string, Transport>();
  readonly #clocks = new Map<string, number>();
  /** Whether there are no faults: none before the world stands, and none after the storm. */
  #isOver = true;

  constructor(plan: Plan, tenant: Tenant<DeviceSecrets>) {
    this.#plan = plan;
    const { seed, locale, display, errands, sealed, lookEvery, faults, isDelegated, reorders } = plan;
    const [first] = errands;
    const hasOwnClocks = faults['clock-drift'] !== undefined || faults['clock-jump'] !== undefined;
    this.#play = new Play({
      seed,
      tenant,
      locale,
      display,
      ...(first && { temper: first.temper, script: scriptOf(first) }),
      wearers: errands.length,
      scriptOf: (place) => errands[place] ?? {},
      reorders,
      ...(isDelegated && { ledger: () => this.#store() }),
      lookEvery,
      sealed,
      clocksApartMs: hasOwnClocks ? 2 * CLOCK_MOST_MS : 0,
      clockAheadMs: (party) => this.#clocks.get(party) ?? 0,
      onMoment: (party, moment, disk) => {
        if (this.#isOn) for (const hook of this.#moments) hook(party, moment, disk);
      },
      guise: (party, transport, clock) => this.#guise(party, transport, clock),
    });
    this.#began = this.#play.clock.now();
  }

  get #isOn(): boolean {
    if (this.#isOver) return false;
    return this.#play.clock.now() - this.#began >= this.#plan.window.fromMs;
  }

  run(): StormResult {
    const play = this.#play;
    const findings: string[] = [];
    this.#isOver = false;
    play.faultsStoppedAt = this.#began + this.#plan.window.toMs;
    play.clock.after(this.#plan.window.toMs, () => this.#calm());
    this.#network();
    for (const kind of ALL_FAULT_KINDS) this.#beginFault(kind);
    try {
      play.begin();
      this.#speakLater();
      if (!this.#isOver) play.run(() => this.#isOver || this.#isBroken);
      if (!this.#isBroken) play.settle();
      if (!this.#isBroken && this.#plan.isDelegated) this.#rest();
    } catch (error) {
      findings.push(`went wrong: ${error instanceof Error ? error.message : String(error)}`);
    }
    // What was found on the way explains what came of it; the end is judged only of a world that has got there.
    const found = this.#isBroken || findings.length > 0 ? (play.inspector?.findings ?? []) : play.verdict();
    return { plan: this.#plan, findings: [...found, ...findings], strikes: this.#strikes, play };
  }

  /** What the wearers say whatever their devices are doing then; it may be on no wire. */
  #speakLater(): void {
    const { clock, wearers, world } = this.#play;
    for (const [place, { acts = [] }] of this.#plan.errands.entries())
      for (const { afterMs, words: text } of acts) {
        if (text.length > SHORT_WORDS) world.record.words.push(text);
        clock.after(afterMs, () =>
          this.#play.attempt(() => {
            const running = wearers[place]?.running;
            if (!running || running.life.isOver) return;
            running.agent.hear({ kind: 'words', hypotheses: [{ text, confidence: 1 }], mode: 'VOICE' });
          }),
        );
      }
  }

  /** Hours of peace, in which everything that was delegated is bought or not, told and settled. */
  #rest(): void {
    const play = this.#play;
    for (let hours = 0; hours < REST_HOURS && !this.#isBroken; hours += 1) play.pass(HOUR_MS);
    play.run(
      () => this.#isBroken || play.wearers.every(({ running }) => running && isAtRest(running.agent.delegations)),
    );
    if (!this.#isBroken) play.settle();
  }

  /**
   * The PSP's books. Where they can be away they are somebody else's, and outlive the PSP; where not, it makes them anew out of
   * its journal at each start.
   */
  #store(): LedgerStore {
    const { faults } = this.#plan;
    if (faults['books-away'] === undefined && faults['account-books-away'] === undefined) return memoryLedger();
    this.#kept ??= memoryLedger();
    const store = this.#kept;
    return {
      close: () => store.close(),
      transact: (work) => {
        const fails = this.#isOn ? this.#books.map((hook) => hook()).find((one) => one) : undefined;
        if (fails === 'before') throw new LedgerUnavailable('the books do not answer');
        const result = store.transact(work);
        if (fails === 'after') throw new LedgerUnavailable('the books do not answer any more');
        return result;
      },
    };
  }

  get #isBroken(): boolean {
    return (this.#play.inspector?.findings.length ?? 0) > 0;
  }

  #network(): void {
    const { broker } = this.#play;
    broker.plan = (delivery) => {
      let delaysMs: readonly number[] = [1];
      if (this.#isOn) for (const hook of this.#deliveries) delaysMs = hook(delivery, delaysMs);
      return { delaysMs };
    };
    broker.alter = ({ payload }) => {
      let altered = payload;
      if (this.#isOn) for (const hook of this.#copies) altered = hook(altered);
      return altered;
    };
  }

  #beginFault(kind: FaultKind): void {
    const strength = this.#plan.faults[kind];
    if (strength === undefined) return;
    const { about, clock } = this.#play;
    const { tenant } = about;
    // A stream of its own for each fault: leaving one out changes no other.
    const random = new SeededRandom(`${this.#plan.seed} ${kind}`);
    const again = (meanMs: number, strike: () => void): void => {
      clock.after(1 + random.below(Math.ceil(2 * meanMs)), () => {
        if (this.#isOver) return;
        if (this.#isOn) this.#play.attempt(strike);
        again(meanMs, strike);
      });
    };
    const weather: Weather = {
      play: this.#play,
      clock,
      devices: tenant.devices.map(({ device }) => device),
      services: [tenant.psp, tenant.agent, ...tenant.merchants].map(({ party }) => party),
      struck: (detail) => {
        this.#strikes.push({ at: clock.now(), seq: this.#play.world.record.nextSeq(), kind, detail });
      },
      onDelivery: (hook) => void this.#deliveries.push(hook),
      onCopy: (hook) => void this.#copies.push(hook),
      onMoment: (hook) => void this.#moments.push(hook),
      onSay: (hook) => void this.#sayings.push(hook),
      onBooks: (hook) => void this.#books.push(hook),
      say: (party, topic, payload) => {
        if (!this.#play.world.lives.of(party)?.isOver) this.#mouths.get(party)?.publish(topic, payload, () => {});
      },
      again,
      later: (afterMs, act) => void clock.after(afterMs, () => this.#play.attempt(act)),
      inTheEnd: (mend) => void this.#mends.push(mend),
      setClock: (party, aheadMs) => void this.#clocks.set(party, aheadMs),
    };
    ALL_FAULTS[kind].begin(weather, strength, random);
  }

  /** A service's own transport, behind which a dishonest one says other things than it should. */
  #guise(party: string, transport: Transport, clock: Clock): Transport {
    this.#mouths.set(party, transport);
    return {
      start: (topics, handlers) => transport.start(topics, handlers),
      stop: (closed) => transport.stop(closed),
      publish: (topic, payload, acked) => {
        const said = this.#isOn ? this.#sayings.map((hook) => hook(party, payload)).find((one) => one) : undefined;
        if (!said) {
          transport.publish(topic, payload, acked);
          return;
        }
        for (const [i, { payload: other, afterMs }] of said.entries()) {
          const publish = () => transport.publish(topic, other, i === 0 ? acked : () => {});
          if (afterMs === 0) publish();
          else clock.after(afterMs, publish);
        }
      },
    };
  }

  /** The faults stop: what was broken is mended, links are back, and what the broker had lost it delivers. */
  #calm(): void {
    const { broker, about, clock } = this.#play;
    const { tenant } = about;
    this.#isOver = true;
    this.#clocks.clear();
    for (const mend of this.#mends) this.#play.attempt(mend);
    const parties = [...tenant.devices.map(({ device }) => device), tenant.psp.party, tenant.agent.party];
    for (const party of [...parties, ...tenant.merchants.map((one) => one.party)]) {
      clock.after(0, () => broker.setOnline(party, false));
      clock.after(1, () => broker.setOnline(party, true));
    }
  }
}
