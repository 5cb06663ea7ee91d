/** What is aimed at the sub-accounts of agents: at the PSP, its books and the wire in the moment of an order (PSD-AGT-SUB; T2, T3, T4). */
import { ProtocolError, peekFrame } from '../../protocol/index.ts';
import { PowerCut } from '../memory-journal.ts';
import { FREEZE, THAW } from './account-plan.ts';
import { command } from './faults-delegated.ts';
import { type FaultRow, mendAfter, oneOf, type Weather } from './weather.ts';

const PAYMENTS: ReadonlySet<string> = new Set(['delegated-pay']);
const ABOUT_ACCOUNTS: ReadonlySet<string> = new Set(['sub-account-order', 'sub-account-request', 'sub-account-result']);
/** Whether it is one of these, as far as anybody can read it. */
function isAmong(types: ReadonlySet<string>, payload: Uint8Array): boolean {
  try {
    return types.has(peekFrame(payload).type);
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}

/** About so long the PSP has to do with what came: it asks its books again when they were away. */
const AT_WORK_MS = 4_000;

/** @returns whether something about an account came to the PSP a moment ago. */
function atWork(weather: Weather): () => boolean {
  const psp = weather.play.about.tenant.psp.party;
  let until = 0;
  weather.onDelivery(({ to, payload }, delaysMs) => {
    if (to === psp && delaysMs.length > 0 && isAmong(ABOUT_ACCOUNTS, payload))
      until = weather.clock.now() + Math.min(...delaysMs) + AT_WORK_MS;
    return delaysMs;
  });
  return () => weather.clock.now() < until;
}

/** What every wearer says now. */
function say({ play }: Weather, text: string): void {
  for (const { running } of play.wearers)
    if (running && !running.life.isOver)
      running.agent.hear({ kind: 'words', hypotheses: [{ text, confidence: 1 }], mode: 'VOICE' });
}

/** Copies may come so late; a frame lives two minutes. */
const COPY_MS = 140_000;

export const ACCOUNT_FAULTS = {
  'account-power-cut': {
    odds: 0.4,
    begin(weather, strength, random) {
      const isAtWork = atWork(weather);
      const psp = weather.play.about.tenant.psp.party;
      weather.onMoment((party, moment) => {
        if (party !== psp || !isAtWork() || !random.chance(0.2 * strength)) return;
        weather.struck(moment);
        throw new PowerCut('power cut');
      });
    },
  },
  'account-frame-again': {
    odds: 0.5,
    begin(weather, strength, random) {
      weather.onDelivery(({ payload }, delaysMs) => {
        if (!isAmong(ABOUT_ACCOUNTS, payload) || !random.chance(strength)) return delaysMs;
        weather.struck(peekFrame(payload).type);
        const late = 1 + random.below(COPY_MS);
        return oneOf(random, [[], [late], [...delaysMs, late], [...delaysMs, late, 1 + random.below(5_000)]]);
      });
    },
  },
  'account-books-away': {
    odds: 0.4,
    begin(weather, strength, random) {
      const isAtWork = atWork(weather);
      weather.onBooks(() => {
        if (!isAtWork() || !random.chance(0.5 * strength)) return undefined;
        weather.struck('');
        return oneOf(random, ['before', 'after']);
      });
    },
  },
  /** A payment is promised, its account frozen and let go on again before it is known what became of it (T17). */
  'account-frozen-midway': {
    odds: 0.3,
    begin(weather, strength, random) {
      const { about, world } = weather.play;
      const psp = about.tenant.psp.party;
      const [stop, goOn] = [FREEZE[about.locale], THAW[about.locale]];
      world.record.words.push(stop, goOn);
      let isMidway = false;
      weather.onDelivery(({ to, payload }, delaysMs) => {
        if (isMidway || to !== psp || !isAmong(PAYMENTS, payload) || !random.chance(strength)) return delaysMs;
        isMidway = true;
        weather.struck('');
        weather.later(0, () => command(weather, psp, 'execution-late'));
        weather.later(500 + random.below(2_000), () => say(weather, stop));
        weather.later(4_000 + random.below(4_000), () => say(weather, goOn));
        mendAfter(weather, 25_000 + random.below(30_000), () => {
          isMidway = false;
          command(weather, psp, 'execution-done');
        });
        return delaysMs;
      });
    },
  },
} as const satisfies Record<string, FaultRow>;
