/** What each step does: a table from its name to the deed. A step waits on the world, and says what it waited for in vain. */
import type { Purchase } from '../../device/index.ts';
import { DATA_DESK } from '../a402/desk.ts';
import type { Service } from '../cloud/index.ts';
import { accountOf, paymentsOf, spelled, standingOf, taskOf } from './delegations.ts';
import type { Step, Verb } from './schema.ts';
import type { Stage } from './stage.ts';
import { spanMs } from './units.ts';

/** What went wrong, or nothing. */
export type Failed = string | undefined;
type Value<V extends Verb> = NonNullable<Step[V]>;
type Deed<V extends Verb> = (stage: Stage, value: Value<V>, mostMs: number) => Failed;

/** How long the broker is gone when it restarts, in milliseconds. */
const BROKER_DOWN_MS = 2_000;
const TAKES_ORDERS: readonly Purchase['at'][] = ['idle', 'ended', 'following', 'unknown'];

const all = (wanted: string | readonly string[]): readonly string[] => (typeof wanted === 'string' ? [wanted] : wanted);

/** Everything presented from a place in the record on, as one text each. */
export function presented(
  stage: Stage,
  from = 0,
): { readonly pages: readonly string[]; readonly sentences: readonly string[] } {
  const since = stage.world.record.presented.slice(from);
  return {
    pages: since.flatMap((one) => ('page' in one ? [one.page.lines.join('\n')] : [])),
    sentences: since.flatMap((one) => ('sentence' in one ? [one.sentence] : [])),
  };
}

function perceive(
  kind: 'pages' | 'sentences',
  how: string,
): (stage: Stage, wanted: string | readonly string[], mostMs: number) => Failed {
  return (stage, wanted, mostMs) => {
    const missing = () => {
      const there = presented(stage, stage.since.presented)[kind];
      return all(wanted).find((text) => !there.some((one) => one.includes(text)));
    };
    if (stage.until(() => missing() === undefined, mostMs)) return undefined;
    const last = presented(stage)[kind].at(-1);
    return `the device has not ${how} “${missing()}”; the last thing it has ${how} is ${last === undefined ? 'nothing' : `“${last.replaceAll('\n', ' / ')}”`}, and the purchase stands at ${stage.current.at}`;
  };
}

function waitFor(stage: Stage, done: () => boolean, mostMs: number, what: string | (() => string)): Failed {
  if (stage.until(done, mostMs)) return undefined;
  return `${typeof what === 'string' ? what : what()}; the purchase stands at ${standing(stage)}`;
}

/** Where the purchase stands, with its ending if it has one. */
export function standing({ current }: Stage): string {
  return current.at === 'ended' ? `${current.outcome}: ${current.reason}` : current.at;
}

/** Opens the ear if the device would hear an order now, waits until it listens, and gives it the event. */
function intoTheEar(stage: Stage, event: Parameters<Stage['speak']>[0], mostMs: number): Failed {
  const isReady = () => {
    const { device, ear } = stage;
    if (!device || device.life.isOver) return false;
    return ear.isOpen || TAKES_ORDERS.includes(stage.current.at);
  };
  const problem = waitFor(stage, isReady, mostMs, 'the device does not listen');
  if (problem) return problem;
  if (!stage.ear.isOpen) stage.attempt(() => stage.device?.agent.wake());
  return hand(stage, event, mostMs);
}

function hand(stage: Stage, event: Parameters<Stage['speak']>[0], mostMs: number): Failed {
  stage.act();
  let isHeard = false;
  stage.speak(event, () => {
    isHeard = true;
  });
  return waitFor(stage, () => isHeard, mostMs, 'the words were not heard');
}

const words = (said: string | readonly string[]) => ({
  kind: 'words' as const,
  hypotheses: all(said).map((text) => ({ text, confidence: 1 })),
  mode: 'TEXT' as const,
});

/** Waits until everything was presented, and then until so long after it. */
function afterThePrompt(stage: Stage, afterMs: number, mostMs: number): Failed {
  const problem = waitFor(
    stage,
    () => stage.prompt.wholeAt !== undefined,
    mostMs,
    'no confirmation was presented as a whole',
  );
  if (problem) return problem;
  const at = (stage.prompt.wholeAt ?? 0) + afterMs;
  if (at > stage.clock.now()) stage.pass(at - stage.clock.now());
  return undefined;
}

function byParty(work: (stage: Stage, party: string) => void): (stage: Stage, name: string) => Failed {
  return (stage, name) => {
    const party = stage.partyOf(name);
    if (party === undefined) return `nobody here is called ${name}`;
    stage.attempt(() => work(stage, party));
    return undefined;
  };
}

/** The device's signer has a disk of its own. */
function setFull(isFull: boolean): (stage: Stage, name: string) => Failed {
  return (stage, name) => {
    const { world, about } = stage;
    const { journal, transcripts, signer } = world.disks;
    const party = stage.partyOf(name);
    const disks =
      name === 'signer'
        ? [signer]
        : party === about.device
          ? [journal, transcripts]
          : [world.serviceDisks.get(party ?? '')];
    if (disks.includes(undefined)) return `nobody here is called ${name}`;
    for (const disk of disks) disk?.setFull(isFull);
    if (!isFull) stage.faultsStoppedAt = stage.clock.now();
    return undefined;
  };
}

/** Takes what is on a shelf, as others' orders do. */
const sellOut: Deed<'sell-out'> = ({ world }, { shop, item, leave = 0 }) => {
  const stock = world.cloud.merchants.get(shop)?.stock;
  const sku = world.tenant.shops.find(({ id }) => id === shop)?.products.find(({ itemId }) => itemId === item)?.sku;
  if (!stock || sku === undefined) return `no shop ${shop} has ${item}`;
  const quantity = stock.available(sku) - leave;
  if (quantity > 0) stock.reserve(`others-${item}`.slice(0, 24), [{ sku, quantity }]);
  return undefined;
};

export const DEEDS: { readonly [V in Verb]: Deed<V> } = {
  say: (stage, text, mostMs) => intoTheEar(stage, words(text), mostMs),
  unheard: (stage, why, mostMs) => intoTheEar(stage, { kind: 'unheard', why }, mostMs),
  interrupt: (stage, text, mostMs) => {
    stage.attempt(() => stage.device?.agent.wake());
    return hand(stage, words(text), mostMs);
  },
  push: (stage, text) => {
    stage.act();
    stage.story.add('wearer', `“${text}” (pushed)`);
    stage.world.record.words.push(text);
    stage.attempt(() => stage.device?.agent.hear(words(text)));
    return undefined;
  },
  hear: perceive('sentences', 'said'),
  see: perceive('pages', 'shown'),
  wait: (stage, state, mostMs) =>
    waitFor(stage, () => stage.current.at === state, mostMs, `it does not get to ${state}`),
  delegation: (stage, state, mostMs) =>
    waitFor(
      stage,
      () => standingOf(stage) === state,
      mostMs,
      () => `the delegation stands at ${standingOf(stage)}, not at ${state}`,
    ),
  task: (stage, state, mostMs) =>
    waitFor(
      stage,
      () => taskOf(stage) === state,
      mostMs,
      () => `the agent says ${taskOf(stage)}, not ${state}`,
    ),
  account: (stage, state, mostMs) =>
    waitFor(
      stage,
      () => accountOf(stage) === state,
      mostMs,
      () => `the account is known to be ${accountOf(stage)}, not ${state}`,
    ),
  payments: (stage, count, mostMs) =>
    waitFor(
      stage,
      () => paymentsOf(stage) >= count,
      mostMs,
      () => `the device holds ${paymentsOf(stage)} receipts`,
    ),
  sent: (stage, type, mostMs) =>
    waitFor(stage, () => stage.countOf(type, stage.since.published) > 0, mostMs, `nobody has sent a ${type}`),
  refusal: (stage, code, mostMs) =>
    waitFor(stage, () => stage.refusals.includes(code), mostMs, `nobody has refused with ${code}`),
  elapse: (stage, span) => {
    stage.pass(spanMs(span));
    return undefined;
  },
  press: (stage, press, mostMs) => {
    const { after = '1.3 s', for: held = '1 s' } = press;
    const problem = afterThePrompt(stage, spanMs(after), mostMs);
    if (problem) return problem;
    stage.act();
    stage.prompt.used();
    stage.attempt(() => stage.device?.button.press(spanMs(held)));
    return undefined;
  },
  edges: (stage, spans, mostMs) => {
    const problem = afterThePrompt(stage, 0, mostMs);
    if (problem) return problem;
    stage.act();
    const { button } = stage.device ?? {};
    spans.forEach((span, i) => {
      stage.clock.after(spanMs(span), () => button?.edge(i % 2 === 0 ? 'down' : 'up'));
    });
    return undefined;
  },
  button: (stage, what) => {
    stage.attempt(() => (what === 'lost' ? stage.device?.button.lose() : stage.device?.button.edge(what)));
    return undefined;
  },
  wear: (stage, what) => {
    stage.attempt(() => stage.device?.wear.set(what === 'on'));
    return undefined;
  },
  cut: byParty((stage, party) => stage.broker.setOnline(party, false)),
  mend: byParty((stage, party) => {
    stage.faultsStoppedAt = stage.clock.now();
    stage.broker.setOnline(party, true);
  }),
  broker: (stage, what) => {
    stage.faultsStoppedAt = stage.clock.now() + BROKER_DOWN_MS;
    stage.broker.restart(what === 'restarts', BROKER_DOWN_MS);
    return undefined;
  },
  crash: byParty((stage, party) => stage.world.kill(party)),
  'crash-at': (stage, { party, moment, nth = 1 }) =>
    byParty((_stage, name) => stage.cutPowerAt(name, moment, nth))(stage, party),
  'full-disk': setFull(true),
  'mend-disk': setFull(false),
  drop: ({ faults }, aim) => faults.drop(aim),
  delay: ({ faults }, aim) => faults.delay(aim),
  duplicate: ({ faults }, aim) => faults.duplicate(aim),
  corrupt: ({ faults }, aim) => faults.corrupt(aim),
  rewrite: ({ faults }, aim) => faults.rewrite(aim),
  forge: ({ faults }, lie) => faults.forge(lie),
  replay: ({ faults }, type) => faults.replay(type),
  heal: (stage) => {
    stage.faults.heal();
    stage.faultsStoppedAt = stage.clock.now();
    return undefined;
  },
  psp: (stage, what) => {
    const order = { locks: 'lock', unlocks: 'unlock', retires: 'retire' }[what];
    let answer = 'done';
    stage.attempt(() => {
      answer = stage.world.cloud.psp.command(`${order} ${stage.about.device}`);
    });
    return answer === 'done' ? undefined : `the PSP answers ${answer}`;
  },
  operator: (stage, { at, says }) => {
    const { psp, merchants, desk } = stage.world.cloud;
    const service = new Map<string, Service | undefined>([['psp', psp], [DATA_DESK, desk], ...merchants]).get(at);
    if (!service) return `no service ${at} takes commands`;
    let answer = 'done';
    stage.attempt(() => {
      answer = service.command(spelled(stage, says));
    });
    return answer === 'done' ? undefined : `${at} answers ${answer}`;
  },
  'sell-out': sellOut,
  'keep-disks': (stage, name) => {
    stage.keepDisks(name);
    return undefined;
  },
  'use-disks': (stage, name) => (stage.useDisks(name) ? undefined : `no disks were kept as ${name}`),
  'jump-clock': (stage, span) => {
    stage.clock.jump(spanMs(span));
    stage.faultsStoppedAt = stage.clock.now();
    return undefined;
  },
  note: () => undefined,
};
