/** The whole runtime: purchases and delegations side by side, journal first, the one prompt, the one ear. */
import { describe, expect, it } from 'vitest';
import type { Delegation } from '../../../device/delegation/state.ts';
import { isHeld } from '../../../device/delegation/state.ts';
import { type Message, openFrame, peekFrame, secondsOf } from '../../../protocol/index.ts';
import { memoryDisk } from '../../../sim/memory-journal.ts';
import { type Disks, Rig, STORY } from '../agent-rig.ts';
import { AGENT, id, PSP, SESSION, sealed, TENANT } from '../builders.ts';
import { challengeFor, settings, signed, spend, statusOf } from './builders.ts';

const EFFECTS = /^(publish|show|say|prompt|ack|listen|withdraw)/;
/** More bytes than any entry has. */
const WHOLE = 1 << 20;

function freshRig(disks: Disks = { journal: memoryDisk(), transcripts: memoryDisk() }, clock?: Rig['clock']): Rig {
  const { directory, delegation } = settings;
  const rig = new Rig(disks, clock, { directory, ...(delegation && { delegation }) });
  return rig;
}

function started(rig = freshRig()): Rig {
  rig.agent.start();
  rig.link('online');
  rig.agent.wake();
  return rig;
}

function only(rig: Rig): Delegation | undefined {
  return [...rig.agent.delegations.values()][0];
}

function where(rig: Rig): string {
  const one = only(rig);
  return one && isHeld(one) && one.change ? `${one.at} ${one.change.step}` : (one?.at ?? 'none');
}

function held(rig: Rig) {
  const one = only(rig);
  if (!one || !isHeld(one)) throw new Error(`it is ${one?.at}`);
  return one;
}

/** The newest published message of a type. */
function last<T extends Message['type']>(rig: Rig, type: T): Extract<Message, { type: T }> {
  const frame = rig.published.filter((bytes) => peekFrame(bytes).type === type).at(-1);
  if (!frame) throw new Error(`no ${type}`);
  const { aud } = peekFrame(frame);
  const self = { party: aud, role: aud === AGENT ? 'agent' : 'psp' } as const;
  const reader = { tenant: TENANT, self, trust: settings.directory.trust, sessionOf: () => SESSION };
  return openFrame(frame, reader, secondsOf(rig.clock.now())) as unknown as Extract<Message, { type: T }>;
}

function challenge(rig: Rig): void {
  const { requestId, iac } = last(rig, 'delegation-request').body;
  rig.send(challengeFor(requestId, iac), PSP);
}

function press(rig: Rig): void {
  if (rig.asked?.kind === 'delegation' || rig.asked?.kind === 'lifecycle') rig.sign(signed(rig.asked));
}

interface Chapter {
  readonly name: string;
  readonly happen: (rig: Rig) => void;
  readonly leadsTo: string;
  /** Where a restart right after it leads, if not to the same. */
  readonly afterRestart?: string;
}

const status = (state: 'Active' | 'Revoked', version: number, spends: number) => (rig: Rig) => {
  const spentMinor = spends * 1_000;
  rig.send(statusOf(held(rig).id, state, { version, spends, spentMinor }), PSP);
};

const DELEGATION: readonly Chapter[] = [
  {
    name: 'the wish',
    happen: (rig) => rig.say('two concert tickets when they go on sale'),
    leadsTo: 'summarising',
  },
  { name: 'the yes', happen: (rig) => rig.say('yes'), leadsTo: 'requesting' },
  { name: 'the challenge', happen: challenge, leadsTo: 'confirming', afterRestart: 'none' },
  { name: 'the hold', happen: press, leadsTo: 'issuing' },
  { name: 'the status', happen: status('Active', 0, 0), leadsTo: 'active' },
  {
    name: 'the news',
    happen: (rig) =>
      rig.send({ type: 'delegation-news', body: { delegationId: held(rig).id, version: 1, state: 'watching' } }, AGENT),
    leadsTo: 'active',
  },
  { name: 'the payment', happen: (rig) => rig.send(spend(held(rig).authorization, 1, 1_000), PSP), leadsTo: 'active' },
  { name: 'the stop', happen: (rig) => rig.say('cancel the concert tickets'), leadsTo: 'active open' },
  { name: 'the second hold', happen: press, leadsTo: 'active telling' },
  { name: 'the acknowledgement', happen: status('Revoked', 1, 1), leadsTo: 'revoked' },
];

function rigAfter(chapters: number, rig = freshRig()): Rig {
  started(rig);
  for (const { happen } of DELEGATION.slice(0, chapters)) {
    rig.agent.wake();
    happen(rig);
  }
  return rig;
}

describe('one delegation through the runtime', () => {
  it('comes from the first word to the acknowledged stop', () => {
    const rig = started();
    for (const { happen, leadsTo, name } of DELEGATION) {
      rig.agent.wake();
      happen(rig);
      expect([name, where(rig)]).toEqual([name, leadsTo]);
    }
    expect(rig.published.map((frame) => peekFrame(frame).type)).toEqual([
      'delegation-request',
      'delegation-confirm',
      'delegation-task',
      'notice-ack',
      'lifecycle',
    ]);
  });

  it.each(DELEGATION.map(({ name }, i) => [name, i] as const))(
    '%s: nothing is published, shown, said, prompted or acknowledged before the entry is durable',
    (_name, i) => {
      const rig = rigAfter(i);
      rig.agent.wake();
      const trace = rig.during(() => DELEGATION[i]?.happen(rig));
      expect(trace.indexOf('journal')).toBeGreaterThanOrEqual(0);
      expect(trace.findIndex((entry) => EFFECTS.test(entry))).toBeGreaterThan(trace.indexOf('journal'));
    },
  );

  it.each(DELEGATION.map(({ name }, i) => [name, i] as const))(
    '%s, while the store refuses: nothing happens, and it goes on when the store recovers',
    (_name, i) => {
      const rig = rigAfter(i);
      const chapter = DELEGATION[i];
      rig.agent.wake();
      const before = where(rig);
      rig.isFull = true;
      const trace = rig.during(() => chapter?.happen(rig));
      expect(trace.filter((entry) => EFFECTS.test(entry))).toEqual([]);
      expect(where(rig)).toBe(before);
      rig.isFull = false;
      rig.clock.advance(5_000);
      if (where(rig) !== chapter?.leadsTo || chapter.name === 'the payment' || chapter.name === 'the news')
        chapter?.happen(rig);
      expect(where(rig)).toBe(chapter?.leadsTo);
    },
  );

  it('the power may go in the middle of any entry: it goes on from there', () => {
    for (const [i, chapter] of DELEGATION.entries()) {
      const disks = rigAfter(i).crash();
      for (const arrived of [0, 1, 20, WHOLE]) {
        const copy = { journal: memoryDisk(), transcripts: memoryDisk() };
        copy.journal.replace(disks.journal.image());
        copy.transcripts.replace(disks.transcripts.image());
        const cut = freshRig(copy);
        started(cut);
        if (where(cut) !== (DELEGATION[i - 1]?.leadsTo ?? 'none')) continue;
        cut.disks.journal.crashInNextAppend((bound) => Math.min(arrived, bound - 1));
        const before = cut.trace.length;
        expect(() => chapter.happen(cut), chapter.name).toThrow('power cut');
        expect(cut.trace.slice(before).filter((entry) => EFFECTS.test(entry))).toEqual([]);
        cut.disks.transcripts.crash();
        const rig = freshRig(cut.disks);
        started(rig);
        const isVoid = chapter.afterRestart !== undefined && arrived === WHOLE;
        if (where(rig) !== chapter.leadsTo && !isVoid) chapter.happen(rig);
        expect(where(rig), `${chapter.name} ${arrived}`).toBe(isVoid ? chapter.afterRestart : chapter.leadsTo);
      }
    }
  });

  it.each(DELEGATION.map(({ name }, i) => [name, i + 1] as const))(
    'after %s, a restart takes up what was under way',
    (_name, done) => {
      const chapter = DELEGATION[done - 1];
      const rig = freshRig(rigAfter(done).crash());
      started(rig);
      expect(where(rig)).toBe(chapter?.afterRestart ?? chapter?.leadsTo);
      if (chapter?.afterRestart) return;
      for (const { happen } of DELEGATION.slice(done)) {
        rig.agent.wake();
        happen(rig);
      }
      expect([where(rig), held(rig).sums.count]).toEqual(['revoked', 1]);
    },
  );

  it('T3: a notice that could not be stored is not acknowledged, and counts when it comes again', () => {
    const rig = rigAfter(6);
    const frame = sealed(spend(held(rig).authorization, 1, 1_000), PSP, id('once'));
    rig.isFull = true;
    expect(rig.deliver(frame)).toBe(false);
    rig.isFull = false;
    expect(rig.deliver(frame)).toBe(true);
    expect([held(rig).sums.count, rig.published.map((one) => peekFrame(one).type).at(-1)]).toEqual([1, 'notice-ack']);
  });
});

it('silence at the prompt of a delegation is no order that was not understood', () => {
  for (const chapters of [3, 8]) {
    const rig = rigAfter(chapters - 1);
    DELEGATION[chapters - 1]?.happen(rig);
    const before = where(rig);
    const trace = rig.during(() => rig.silence());
    expect(trace.filter((entry) => /^(say|listen)/.test(entry))).toEqual([]);
    expect([where(rig), rig.state.at]).toEqual([before, 'idle']);
  }
});

it.each(['okay', 'yes', 'what time is it'])('T7: “%s” at the prompt is neither an order nor a hold', (words) => {
  for (const chapters of [3, 8]) {
    const rig = rigAfter(chapters - 1);
    DELEGATION[chapters - 1]?.happen(rig);
    const before = where(rig);
    const trace = rig.during(() => rig.say(words));
    expect(trace.filter((entry) => /^(say|listen|publish)/.test(entry))).toEqual([]);
    expect([where(rig), rig.state.at]).toEqual([before, 'idle']);
  }
});

it('what may be an order at the prompt is taken for one, and the prompt stays', () => {
  const rig = rigAfter(3);
  rig.say('order me a large iced latte, less sugar, under 25 yuan');
  expect([where(rig), rig.state.at]).toEqual(['confirming', 'summarising']);
});

/** Chapters of the instant purchase until its prompt is open. */
const TO_PROMPT = STORY.slice(0, 6);

function buyUntilPrompt(rig: Rig): void {
  for (const { happen } of TO_PROMPT) {
    rig.agent.wake();
    happen(rig);
  }
  expect(rig.state.at).toBe('confirming');
}

describe('an instant purchase beside a delegation', () => {
  it('goes from the first word to the end while the delegation waits, pays and stops', () => {
    const rig = rigAfter(6);
    for (const [i, { happen, leadsTo }] of STORY.entries()) {
      rig.agent.wake();
      happen(rig);
      expect(rig.state.at).toBe(leadsTo);
      if (i === 3) rig.send(spend(held(rig).authorization, 1, 1_000), PSP);
    }
    expect(held(rig).sums.count).toBe(1);
    expect(rig.state).toMatchObject({ at: 'ended', outcome: 'finished' });
  });

  it('T6: the prompt of a delegation waits until the payment is signed', () => {
    const rig = rigAfter(2);
    buyUntilPrompt(rig);
    const prompts = () => rig.trace.filter((entry) => entry === 'prompt').length;
    expect(rig.during(() => challenge(rig))).not.toContain('prompt');
    expect([prompts(), where(rig)]).toEqual([1, 'confirming']);
    const trace = rig.during(() => rig.sign());
    expect(rig.state.at).toBe('settling');
    expect(trace.filter((entry) => entry === 'prompt')).toHaveLength(1);
    expect(rig.asked?.kind).toBe('delegation');
    press(rig);
    expect(where(rig)).toBe('issuing');
  });

  it('T6: a payment’s prompt takes the place of a delegation’s, which comes back; what the first one answers is nobody’s', () => {
    const rig = rigAfter(7);
    rig.agent.wake();
    for (const { happen } of STORY.slice(0, 5)) {
      rig.agent.wake();
      happen(rig);
    }
    const alarm = spend(held(rig).authorization, 2, 300_000);
    rig.send(alarm, PSP);
    expect([where(rig), rig.asked?.kind]).toEqual(['active open', 'lifecycle']);
    const late = rig.asked;
    STORY[5]?.happen(rig);
    expect([rig.state.at, rig.asked?.kind, where(rig)]).toEqual(['confirming', 'payment', 'active waiting']);
    expect(late?.kind).toBe('lifecycle');
    rig.sign();
    expect([rig.state.at, where(rig), rig.asked?.kind]).toEqual(['settling', 'active open', 'lifecycle']);
    press(rig);
    expect(where(rig)).toBe('active telling');
  });

  it('T6: says nothing while a prompt is open, neither the payment’s nor the delegation’s', () => {
    const rig = rigAfter(6);
    buyUntilPrompt(rig);
    const loud = (entries: readonly string[]) => entries.filter((entry) => /^(say|show)/.test(entry));
    expect(loud(rig.during(() => rig.send(spend(held(rig).authorization, 1, 1_000), PSP)))).toEqual([]);
    expect(loud(rig.during(() => rig.sign())).join()).toMatch(/paid 10\.00 yuan/);
    const other = rigAfter(8);
    expect(loud(other.during(() => other.send(spend(held(other).authorization, 2, 100), PSP)))).toEqual([]);
    expect(loud(other.during(() => press(other))).join()).toMatch(/not confirmed yet/);
  });

  it('words are for the one that is talked about: a yes to the summary of one is no yes to the other', () => {
    const rig = rigAfter(1);
    rig.say('yes');
    expect([where(rig), rig.state.at]).toEqual(['requesting', 'idle']);
    rig.agent.wake();
    STORY[0]?.happen(rig);
    expect(rig.state.at).toBe('summarising');
    rig.say('yes');
    expect([where(rig), rig.state.at]).toEqual(['requesting', 'seeking']);
  });

  it('an order said instead of an answer is an order, and ends what was talked of before', () => {
    const rig = rigAfter(1);
    STORY[0]?.happen(rig);
    expect([where(rig), rig.state.at]).toEqual(['none', 'summarising']);
  });

  it('"cancel" in the middle of a purchase cancels the purchase; "pause everything" pauses what runs', () => {
    const rig = rigAfter(6);
    for (const { happen } of STORY.slice(0, 3)) {
      rig.agent.wake();
      happen(rig);
    }
    expect(rig.state.at).toBe('choosing');
    rig.agent.wake();
    rig.say('pause everything');
    expect([rig.state.at, where(rig)]).toEqual(['choosing', 'active open']);
    press(rig);
    rig.agent.wake();
    rig.say('cancel');
    expect([rig.state.at, where(rig)]).toEqual(['ended', 'active telling']);
  });

  it('a question of price waits until the purchase is through, and its silence is not the purchase’s', () => {
    const rig = rigAfter(6);
    for (const { happen } of STORY.slice(0, 3)) {
      rig.agent.wake();
      happen(rig);
    }
    const until = secondsOf(rig.clock.now()) + 60;
    const body = {
      ...{ requestId: id('price'), delegationId: held(rig).id, merchant: 'luna-coffee', itemId: 'concert-ticket' },
      ...{ amountMinor: 2_500, referenceMinor: 2_000, currency: 'CNY', until },
    };
    expect(rig.during(() => rig.send({ type: 'price-question', body } as never, AGENT)).join()).not.toMatch(/say/);
    rig.agent.wake();
    const trace = rig.during(() => rig.say('cancel'));
    expect(trace.join()).toMatch(/Buy it nevertheless/);
    expect(rig.state.at).toBe('ended');
    rig.say('yes');
    expect(last(rig, 'price-answer').body.accept).toBe(true);
    expect(rig.state.at).toBe('ended');
  });
});
