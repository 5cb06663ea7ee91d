import { describe, expect, it } from 'vitest';
import { createAgent } from '../../device/agent.ts';
import { PROFILES } from '../../device/confirm/view.ts';
import { encodeRecord } from '../../device/journal-record.ts';
import type { EarEvent } from '../../device/listening.ts';
import type { TransportHandlers } from '../../device/ports.ts';
import { createSignerCore } from '../../device/signer/core.ts';
import { fromHex, peekFrame, softSigningKey } from '../../protocol/index.ts';
import { VirtualButton, VirtualDisplay, VirtualSpeaker } from '../../sim/hardware.ts';
import { memoryDisk } from '../../sim/memory-journal.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';
import { Rig, rigAfter, STORY } from './agent-rig.ts';
import {
  AGENT,
  DEVICE,
  deviceKey,
  directory,
  INTENT_ID,
  id,
  MERCHANT,
  messages,
  PSP,
  SIGNER_SEED,
  START,
  sealed,
  settings,
} from './builders.ts';
import { states } from './states.ts';

const AT_PROMPT = 6;

function text(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}

/** Text as it stands in UTF-8 bytes that are read as Latin-1. */
function raw(words: string): string {
  return text(new TextEncoder().encode(words));
}

describe('the ear', () => {
  it('is closed as soon as the state that wanted an answer is over', () => {
    const rig = rigAfter(AT_PROMPT);
    expect(rig.during(() => rig.sign())).toContain('stop listening');
  });

  it('T4: what it heard for an earlier question is not taken for the answer to a later one', () => {
    const rig = rigAfter(1);
    rig.say('yes');
    const before = rig.agent.purchases;
    rig.sayLate(1, 'cancel');
    expect(rig.agent.purchases).toBe(before);
    rig.say('cancel');
    expect(rig.agent.purchases).toBe(before);
  });

  it('opened by a wake word takes "cancel" wherever a purchase can still be cancelled', () => {
    for (const chapters of [2, 4, 5, 6]) {
      const rig = rigAfter(chapters);
      const where = rig.state.at;
      rig.agent.wake();
      rig.say('cancel');
      expect(rig.state, where).toMatchObject({ at: 'ended', outcome: 'cancelled' });
    }
  });

  it('opened by a wake word after a purchase answers silence with a question, and keeps the older purchase', () => {
    const rig = rigAfter(8);
    rig.agent.wake();
    rig.agent.hear({ kind: 'unheard', why: 'silence' });
    expect(rig.state.at).toBe('asking');
    expect(rig.agent.purchases.background.map((state) => state.at)).toEqual(['following']);
  });

  it('never confirms a payment, whatever is said at the prompt', () => {
    for (const words of ['yes', 'confirm payment', '确认付款', 'pay', 'hold']) {
      const rig = rigAfter(AT_PROMPT);
      rig.say(words);
      expect(rig.published.map((frame) => peekFrame(frame).type)).not.toContain('confirm');
    }
  });

  it('takes words that mean nothing, or no words at all, for words that were not understood', () => {
    const rig = rigAfter(0);
    rig.say();
    expect(rig.state.at).toBe('asking');
    rig.say('\ud800');
    expect(rig.state).toMatchObject({ at: 'asking', tries: 2 });
    expect(rig.trace.filter((entry) => entry === 'transcript')).toEqual([]);
  });
});

describe('T28: the words of the wearer', () => {
  const SECRETS = ['zorgblat', 'iced latte, less sugar', '佐格布拉', 'the first one'];

  it('are in the transcript store and nowhere else: not in the journal, not in a frame, not in a log', () => {
    const rig = rigAfter(0);
    rig.say('order me a zorgblat');
    expect(rig.state).toMatchObject({ at: 'asking', question: { said: 'zorgblat' } });
    rig.say('点一个佐格布拉');
    rig.say('cancel');
    const journal = () => text(rig.disks.journal.image());
    for (const secret of SECRETS) expect(journal()).not.toContain(raw(secret));
    const story = rigAfter(STORY.length);
    for (const secret of SECRETS) {
      expect(text(story.disks.journal.image())).not.toContain(raw(secret));
      for (const frame of [...story.published, ...rig.published]) expect(text(frame)).not.toContain(raw(secret));
      for (const line of [...story.logged, ...rig.logged]) expect(line).not.toContain(secret);
    }
    const kept = text(rig.disks.transcripts.image()) + text(story.disks.transcripts.image());
    for (const secret of SECRETS) expect(kept).toContain(raw(secret));
  });

  it('are not in the name under which a restart asks for them again', () => {
    const first = rigAfter(0);
    first.say('order me a zorgblat');
    const rig = new Rig(first.crash());
    rig.agent.start();
    expect(rig.state).toMatchObject({ at: 'asking', tries: 1 });
    expect(rig.trace).toContain('say I did not catch that. Please say it again.');
    rig.say('order me a large iced latte, less sugar, under 25 yuan');
    expect(rig.state.at).toBe('summarising');
  });
});

/** The runtime with the real signer, a button and a display, at the prompt; an earlier order is still followed. */
function glasses() {
  const clock = new VirtualClock(START);
  const display = new VirtualDisplay();
  const speaker = new VirtualSpeaker();
  const button = new VirtualButton(clock);
  const log = { write: () => {} };
  const profile = PROFILES['hud-480x640'];
  const surfaces = { clock, display, speaker, profile, log };
  const signer = createSignerCore({
    ...surfaces,
    key: softSigningKey(SIGNER_SEED),
    device: DEVICE,
    psp: PSP,
    directory,
    journal: memoryDisk().open(),
    button,
  });
  const seeded = new SeededRandom('glasses');
  let isFirst = false;
  const random = {
    bytes(length: number) {
      if (!isFirst) return seeded.bytes(length);
      isFirst = false;
      return fromHex(INTENT_ID);
    },
  };
  let handlers: TransportHandlers | undefined;
  let hear: (event: EarEvent) => void = () => {};
  const published: Uint8Array[] = [];
  const journal = memoryDisk().open();
  const older = { ...states.following, trade: { state: 'WAIT_SELLER_FULFILLMENT', version: 1 } } as const;
  const purchases = { current: states.idle, background: [older] };
  journal.append([encodeRecord({ at: START, event: 'order', sent: [], purchases })]);
  const agent = createAgent(settings, deviceKey, {
    ...surfaces,
    random,
    journal,
    transcripts: memoryDisk().open(),
    transport: {
      start: (_topics, given) => {
        handlers = given;
      },
      publish: (_topic, frame) => published.push(frame),
      stop: (closed) => closed(),
    },
    signer,
    ear: {
      listen: (_request, on) => {
        hear = on;
        return () => {};
      },
    },
  });
  let count = 0;
  const say = (words: string) => {
    isFirst = agent.purchases.current.at === 'idle';
    hear({ kind: 'words', hypotheses: [{ text: words, confidence: 1 }], mode: 'VOICE' });
  };
  const send = (message: Parameters<typeof sealed>[0], from: string) =>
    handlers?.onMessage('down', sealed(message, from, id(`glasses ${count++}`), clock.now()), () => {});
  agent.start();
  agent.wake();
  say('order me a large iced latte, less sugar, under 25 yuan');
  say('yes');
  send(messages.offers(), AGENT);
  say('the first one');
  send(messages.cart(), AGENT);
  send(messages.challenge(), PSP);
  return { agent, clock, display, speaker, button, published, send };
}

describe('design 5.1, T6: what is shown is what is signed', () => {
  it('news of another purchase neither covers nor talks over an open prompt; it is told afterwards', () => {
    const { agent, clock, display, speaker, button, send } = glasses();
    expect(agent.purchases.current.at).toBe('confirming');
    const prompt = display.current;
    expect(prompt?.title).toBe('Confirm payment');
    const said = speaker.said.length;
    send(messages.fulfilment(2, 'WAIT_BUYER_RECEIPT'), MERCHANT);
    expect(agent.purchases.background).toMatchObject([{ trade: { version: 2 } }]);
    expect(display.current).toBe(prompt);
    expect(speaker.said).toHaveLength(said);
    clock.advance(2_000);
    button.press(100);
    clock.advance(500);
    expect(agent.purchases.current).toMatchObject({ at: 'ended', outcome: 'declined' });
    expect(speaker.said.slice(said).map(({ text: words }) => words)).toEqual([
      'Declined. Nothing was paid.',
      'It is on its way.',
    ]);
  });

  it('a hold signs the prompt and the confirmation reaches the PSP', () => {
    const { agent, clock, button, published } = glasses();
    clock.advance(2_000);
    button.press(1_000);
    clock.advance(1_500);
    expect(agent.purchases.current.at).toBe('settling');
    expect(published.map((frame) => peekFrame(frame).type).slice(-1)).toEqual(['confirm']);
  });
});
