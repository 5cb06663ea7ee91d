import { describe, expect, it } from 'vitest';
import { decodeRecord } from '../../device/journal-record.ts';
import { digestOf, FRAME_MAX_BYTES, openFrame, peekFrame, secondsOf } from '../../protocol/index.ts';
import { type Disks, Rig, rigAfter, STORY } from './agent-rig.ts';
import {
  AGENT,
  cartBytes,
  DEVICE,
  directory,
  id,
  MERCHANT,
  messages,
  PAY_ID,
  PSP,
  SESSION,
  START,
  sealed,
  TENANT,
} from './builders.ts';

const LAST = STORY.length;
const AT_PROMPT = 6;
/** More bytes than any entry has. */
const WHOLE = 1 << 20;
const EFFECTS = /^(publish|show|say|prompt|ack|listen|withdraw)/;

/** The same disks as the crashed device's, for another device. */
function copyOf({ journal, transcripts }: Disks): Disks {
  const fresh = new Rig().crash();
  fresh.journal.replace(journal.image());
  fresh.transcripts.replace(transcripts.image());
  return fresh;
}

describe('the device runtime: journal first, act second (design 8)', () => {
  it('brings one purchase from the first word to the end', () => {
    const rig = rigAfter(0);
    for (const { happen, leadsTo, name } of STORY) {
      happen(rig);
      expect([name, rig.state.at]).toEqual([name, leadsTo]);
    }
    expect(rig.state).toMatchObject({ outcome: 'finished' });
    expect(rig.published.map((frame) => peekFrame(frame).type)).toEqual(['intent', 'select', 'pay-request', 'confirm']);
  });

  it.each(STORY.map((chapter, i) => [chapter.name, i] as const))(
    '%s: nothing is published, shown, said, prompted or acknowledged before the entry is durable',
    (_name, i) => {
      const rig = rigAfter(i);
      const trace = rig.during(() => STORY[i]?.happen(rig));
      const durable = trace.indexOf('journal');
      expect(durable).toBeGreaterThanOrEqual(0);
      expect(trace.findIndex((entry) => EFFECTS.test(entry))).toBeGreaterThan(durable);
      expect(trace.filter((entry) => entry === 'ack').length).toBe(STORY[i]?.comes === 'by frame' ? 1 : 0);
    },
  );

  it.each(STORY.map((chapter, i) => [chapter.name, i] as const))(
    '%s, while the store refuses: nothing happens, and it goes on when the store recovers',
    (_name, i) => {
      const rig = rigAfter(i);
      const before = rig.agent.purchases;
      const chapter = STORY[i];
      rig.isFull = true;
      const trace = rig.during(() => {
        chapter?.happen(rig);
        rig.clock.advance(5_500);
      });
      expect(trace.filter((entry) => EFFECTS.test(entry))).toEqual([]);
      expect(rig.agent.purchases).toEqual(before);
      expect(rig.logged.at(-1)).toBe('store-full {}');
      rig.isFull = false;
      // What a person or a broker repeats is repeated; what the signer said once must not be lost.
      if (chapter?.comes === 'from the signer') rig.clock.advance(5_000);
      else chapter?.happen(rig);
      expect(rig.state.at).toBe(chapter?.leadsTo);
      for (const { happen } of STORY.slice(i + 1)) happen(rig);
      expect(rig.state).toMatchObject({ at: 'ended', outcome: 'finished' });
    },
  );

  it('T3: a frame that could not be stored is not taken for a duplicate when it comes again', () => {
    const rig = rigAfter(2);
    const frame = sealed(messages.offers(), AGENT, id('once'));
    rig.isFull = true;
    expect(rig.deliver(frame)).toBe(false);
    rig.isFull = false;
    expect(rig.deliver(frame)).toBe(true);
    expect(rig.state.at).toBe('choosing');
  });

  it('a link lost while the store refuses still voids the prompt, and a hold that came after it pays nothing', () => {
    const rig = rigAfter(AT_PROMPT);
    rig.isFull = true;
    expect(rig.during(() => rig.link('offline'))).toContain('withdraw');
    rig.link('online');
    rig.sign();
    rig.isFull = false;
    rig.clock.advance(5_000);
    expect(rig.state).toMatchObject({ at: 'ended', outcome: 'cancelled', reason: 'link-lost' });
    expect(rig.published.map((frame) => peekFrame(frame).type)).not.toContain('confirm');
  });

  it('a restart that cannot be stored still voids the prompt once it can', () => {
    const disks = rigAfter(AT_PROMPT).crash();
    const rig = new Rig(disks);
    rig.isFull = true;
    rig.agent.start();
    expect(rig.state.at).toBe('confirming');
    rig.isFull = false;
    rig.clock.advance(5_000);
    expect(rig.state).toMatchObject({ at: 'ended', reason: 'restart' });
  });
});

describe('T3: duplicates', () => {
  const FRAMES = [
    [messages.offers(), AGENT],
    [messages.cart(), AGENT],
    [messages.challenge(), PSP],
    [messages.receipt(), PSP],
    [messages.fulfilment(1, 'WAIT_SELLER_FULFILLMENT'), MERCHANT],
    [messages.fulfilment(3, 'TRADE_FINISHED'), MERCHANT],
  ] as const;

  const run = (times: (i: number) => number) => {
    const rig = rigAfter(0);
    const frames = FRAMES.map(([message, from], i) => sealed(message, from, id(`copy ${i}`)));
    let next = 0;
    for (const { comes, happen } of STORY) {
      const frame = comes === 'by frame' ? frames[next] : undefined;
      if (!frame) happen(rig);
      for (let n = 0; frame && n < times(next); n += 1) expect(rig.deliver(frame)).toBe(true);
      if (frame) next += 1;
    }
    const records = rig.trace.filter((entry) => entry === 'journal').length;
    return { state: rig.agent.purchases, published: rig.published, records };
  };

  it('each frame one to five times gives the same state, the same frames and the same journal as once', () => {
    const once = run(() => 1);
    for (let n = 2; n <= 5; n += 1) expect(run(() => n)).toEqual(once);
    expect(run((i) => 1 + ((i * 7) % 5))).toEqual(once);
  });

  it('also across a restart: what was taken before is not taken again', () => {
    const frame = sealed(messages.offers(), AGENT, id('before the restart'));
    const first = rigAfter(2);
    first.deliver(frame);
    first.say('cancel');
    const rig = new Rig(first.crash());
    rig.agent.start();
    const records = rig.trace.length;
    expect(rig.deliver(frame)).toBe(true);
    expect(rig.trace.slice(records)).toEqual(['ack']);
  });
});

describe('T1, T5: frames that are not for this device', () => {
  it('are acknowledged so that the broker drops them, counted by code, and change nothing', () => {
    const rig = rigAfter(2);
    const frame = sealed(messages.offers(), AGENT, id('genuine'));
    const forged = new Uint8Array(frame);
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    const before = rig.agent.purchases;
    const foreign = sealed(messages.challenge(), 'other-psp', id('foreign'));
    for (const bytes of [forged, foreign, new Uint8Array(0), new Uint8Array(FRAME_MAX_BYTES + 1)])
      expect(rig.deliver(bytes)).toBe(true);
    expect(rig.agent.purchases).toBe(before);
    expect(rig.logged.filter((entry) => /^(frame|cose|cbor)-/.test(entry))).toHaveLength(4);
  });

  it('the bytes a broker library reuses afterwards are not the bytes the device keeps (T12)', () => {
    const rig = rigAfter(4);
    const frame = sealed(messages.cart(), AGENT, id('reused'));
    const buffer = Buffer.from(frame);
    rig.deliver(buffer);
    buffer.fill(0xff);
    expect(rig.state).toMatchObject({ at: 'requesting', cart: { bytes: cartBytes(), digest: digestOf(cartBytes()) } });
    const last = decodeRecord(lastRecord(rig.disks));
    expect(last.received).toEqual(frame);
  });
});

function lastRecord(disks: Disks): Uint8Array {
  disks.journal.crash();
  const records = disks.journal.open().read();
  disks.journal.crash();
  return records.at(-1) ?? new Uint8Array();
}

describe('re-entrancy', () => {
  it('a signer that answers inside the call is heard after the step that asked it is complete', () => {
    const rig = rigAfter(AT_PROMPT - 1);
    rig.answerAtOnce = { kind: 'declined' };
    const trace = rig.during(() => STORY[AT_PROMPT - 1]?.happen(rig));
    expect(rig.state).toMatchObject({ at: 'ended', outcome: 'declined' });
    expect(trace.filter((entry) => /^(journal|ack|prompt|publish)/.test(entry))).toEqual([
      'journal',
      'prompt',
      'ack',
      'journal',
      'publish pay-cancel',
    ]);
  });
});

describe('a restart at every entry of the journal', () => {
  it.each(STORY.map((chapter, i) => [chapter.name, i + 1] as const))(
    'after %s: the state is restored, frames go out again byte for byte, and the story goes on',
    (_name, done) => {
      const first = rigAfter(done);
      const state = first.agent.purchases;
      const rig = new Rig(first.crash());
      rig.agent.start();
      rig.link('online');
      expect(rig.published.slice(0, first.published.length)).toEqual(first.published);
      if (state.current.at === 'confirming') {
        expect(rig.state).toMatchObject({ at: 'ended', outcome: 'cancelled', reason: 'restart' });
        expect(rig.trace).toContain('withdraw');
        expect(rig.trace).not.toContain('prompt');
        rig.sign();
        expect(rig.published.map((frame) => peekFrame(frame).type)).not.toContain('confirm');
        return;
      }
      const {
        nextAt: _one,
        tries: _two,
        until: _three,
        payment: _four,
        ...kept
      } = state.current as unknown as Record<string, unknown>;
      expect(rig.state).toMatchObject(kept);
      for (const { happen } of STORY.slice(done)) happen(rig);
      expect(rig.state).toMatchObject({ at: 'ended', outcome: 'finished' });
      expect(
        rig.published.filter((frame) => peekFrame(frame).type === 'confirm').map((frame) => openFrameOf(frame).body),
      ).toEqual(
        rig.published
          .filter((frame) => peekFrame(frame).type === 'confirm')
          .map(() => expect.objectContaining({ requestId: PAY_ID })),
      );
    },
  );

  it('sends nothing again that no receiver would take any more', () => {
    const first = rigAfter(7);
    const disks = first.crash();
    first.clock.advance(121_000);
    const rig = new Rig(disks, first.clock);
    rig.agent.start();
    expect(rig.published.map((frame) => peekFrame(frame).type)).toEqual(['pay-query']);
  });

  it('the power may go in the middle of any entry: what was acknowledged is there, what was not is asked for again', () => {
    for (const [i, chapter] of STORY.entries()) {
      const disks = copyOf(rigAfter(i).crash());
      for (const arrived of [0, 1, 20, WHOLE]) {
        const cut = new Rig(copyOf(disks));
        cut.agent.start();
        if (cut.state.at === 'confirming' || cut.state.at === 'ended') continue;
        cut.agent.wake();
        const before = cut.trace.length;
        cut.disks.journal.crashInNextAppend((bound) => Math.min(arrived, bound - 1));
        expect(() => chapter.happen(cut), chapter.name).toThrow('power cut');
        expect(cut.trace.slice(before).filter((entry) => EFFECTS.test(entry))).toEqual([]);
        cut.disks.transcripts.crash();
        const rig = new Rig(cut.disks);
        expect(() => rig.agent.start()).not.toThrow();
        // Words into a journal that lost them, frames from a broker that kept them; the first order has to wait for a wake.
        rig.agent.wake();
        if (rig.state.at !== chapter.leadsTo || i >= 8) chapter.happen(rig);
        // An entry that is whole is taken up, but a prompt does not outlive its process.
        const isVoid = chapter.leadsTo === 'confirming' && arrived === WHOLE;
        expect(rig.state.at, `${chapter.name} ${arrived}`).toBe(isVoid ? 'ended' : chapter.leadsTo);
      }
    }
  });
});

function openFrameOf(frame: Uint8Array) {
  const party = peekFrame(frame).aud;
  const role = party === AGENT ? 'agent' : party === PSP ? 'psp' : 'merchant';
  return openFrame(
    frame,
    { tenant: TENANT, self: { party, role }, trust: directory.trust, sessionOf: () => SESSION },
    secondsOf(START),
  );
}

describe('what goes out', () => {
  it('T5: is addressed, signed and fresh for exactly one party', () => {
    const rig = rigAfter(LAST);
    const opened = rig.published.map((frame) => openFrameOf(frame));
    expect(opened.map(({ iss, aud, type }) => [iss, aud, type])).toEqual([
      [DEVICE, AGENT, 'intent'],
      [DEVICE, AGENT, 'select'],
      [DEVICE, PSP, 'pay-request'],
      [DEVICE, PSP, 'confirm'],
    ]);
    expect(new Set(opened.map(({ cti }) => cti)).size).toBe(opened.length);
  });
});
