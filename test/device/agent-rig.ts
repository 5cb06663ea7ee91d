/** A device runtime with every port in the test's hand: what it does comes out as one list, in order. */
import { createAgent } from '../../device/agent.ts';
import type { Agent } from '../../device/agent-ports.ts';
import type { DeviceAudit } from '../../device/audit/device-audit.ts';
import { PROFILES } from '../../device/confirm/view.ts';
import { StoreError } from '../../device/errors.ts';
import type { EarEvent } from '../../device/listening.ts';
import type { Journal, Random, TransportHandlers } from '../../device/ports.ts';
import type { DeviceSettings } from '../../device/settings.ts';
import type { OrderTaken, SignerAnswer, SignRequest } from '../../device/signer/port.ts';
import { fromHex, type Message, peekFrame } from '../../protocol/index.ts';
import { type MemoryDisk, memoryDisk } from '../../sim/memory-journal.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';
import {
  AGENT,
  confirmationBytes,
  deviceKey,
  INTENT_ID,
  id,
  MERCHANT,
  messages,
  PSP,
  START,
  sealed,
  settings,
} from './builders.ts';

export interface Disks {
  readonly journal: MemoryDisk;
  readonly transcripts: MemoryDisk;
}

export class Rig {
  readonly clock: VirtualClock;
  readonly disks: Disks;
  /** Everything the device did, in order; `journal` and `transcript` when something had become durable. */
  readonly trace: string[] = [];
  readonly published: Uint8Array[] = [];
  readonly logged: string[] = [];
  readonly agent: Agent;
  /** Where what is delivered comes from. */
  topic = 'act/1/test/glasses-01/down';
  /** While true, both stores refuse. */
  isFull = false;
  /** What the signer says of a lock order; nothing while it cannot be reached. */
  taken: OrderTaken | undefined;
  /** Answers a prompt inside the call that opens it. */
  answerAtOnce: SignerAnswer | undefined;
  #handlers: TransportHandlers | undefined;
  #answer: ((answer: SignerAnswer) => void) | undefined;
  #ears: ((event: EarEvent) => void)[] = [];
  #delivered = 0;
  #isFirstId = false;
  readonly #boot: number;

  /** What the signer was asked for last. */
  asked: SignRequest | undefined;

  constructor(
    disks: Disks = { journal: memoryDisk(), transcripts: memoryDisk() },
    clock = new VirtualClock(START),
    over: Partial<DeviceSettings> = {},
    audited?: (journal: Journal) => DeviceAudit,
  ) {
    this.clock = clock;
    this.disks = disks;
    this.#boot = disks.journal.image().length;
    const journal = this.#store('journal', disks.journal.open());
    const audit = audited?.(journal);
    this.agent = createAgent({ ...settings, ...over }, deviceKey, {
      clock,
      random: this.#random(),
      journal: audit?.journal ?? journal,
      ...(audit && { audit }),
      transcripts: this.#store('transcript', disks.transcripts.open()),
      transport: {
        start: (_topics, handlers) => {
          this.#handlers = handlers;
        },
        publish: (_topic, frame) => {
          this.published.push(frame);
          this.trace.push(`publish ${peekFrame(frame).type}`);
        },
        stop: (closed) => closed(),
      },
      signer: {
        confirm: (request, answer) => {
          this.trace.push('prompt');
          this.asked = request;
          this.#answer = answer;
          if (this.answerAtOnce) answer(this.answerAtOnce);
        },
        withdraw: () => this.trace.push('withdraw'),
        takeOrder: (_order, answer) => {
          this.trace.push('obey');
          if (this.taken) answer(this.taken);
        },
      },
      display: { show: () => this.trace.push('show'), clear: () => this.trace.push('clear') },
      profile: PROFILES['hud-480x640'],
      speaker: { say: (text) => this.trace.push(`say ${text}`) },
      ear: {
        listen: (_request, on) => {
          this.trace.push('listen');
          this.#ears.push(on);
          return () => this.trace.push('stop listening');
        },
      },
      log: { write: (_level, code, detail) => this.logged.push(`${code} ${JSON.stringify(detail ?? {})}`) },
    });
  }

  get state(): Agent['purchases']['current'] {
    return this.agent.purchases.current;
  }

  /** The first id of a purchase is that of the intent all builders know; the others come from a seed. */
  #random(): Random {
    const seeded = new SeededRandom(`boot ${this.#boot}`);
    return {
      bytes: (length) => {
        if (!this.#isFirstId) return seeded.bytes(length);
        this.#isFirstId = false;
        return fromHex(INTENT_ID);
      },
    };
  }

  #store(name: string, journal: Journal): Journal {
    return {
      read: () => journal.read(),
      append: (records) => {
        if (this.isFull) throw new StoreError('store-full', 'the disk', 'make room');
        journal.append(records);
        this.trace.push(name);
      },
      ...(journal.rotate && { rotate: (first) => journal.rotate?.(first) ?? false }),
      ...(journal.archives && { archives: () => journal.archives?.() ?? [] }),
      close: () => journal.close(),
    };
  }

  link(state: 'online' | 'offline'): void {
    this.#handlers?.onState(state);
  }

  /** What is said into the ear that was opened last. */
  say(...texts: readonly string[]): void {
    this.#isFirstId = this.state.at === 'idle';
    this.#ears.at(-1)?.({ kind: 'words', hypotheses: texts.map((text) => ({ text, confidence: 1 })), mode: 'VOICE' });
  }

  /** Nothing is said into the ear that was opened last. */
  silence(): void {
    this.#ears.at(-1)?.({ kind: 'unheard', why: 'silence' });
  }

  /** What comes out of an ear that was opened earlier, 0 for the first one. */
  sayLate(ear: number, text: string): void {
    this.#ears[ear]?.({ kind: 'words', hypotheses: [{ text, confidence: 1 }], mode: 'VOICE' });
  }

  sign(answer: SignerAnswer = { kind: 'signed', signed: confirmationBytes(), method: 'hold-simulated' }): void {
    this.#answer?.(answer);
  }

  /** A frame from the broker. @returns whether it was acknowledged. */
  deliver(frame: Uint8Array): boolean {
    let isAcked = false;
    this.#handlers?.onMessage(this.topic, frame, () => {
      isAcked = true;
      this.trace.push('ack');
    });
    return isAcked;
  }

  /** A fresh frame with this message. */
  send(message: Message, from: string): boolean {
    return this.deliver(sealed(message, from, id(`inbound ${this.#boot} ${this.#delivered++}`), this.clock.now()));
  }

  /** What happens from now on, and only that. */
  during(action: () => void): readonly string[] {
    const before = this.trace.length;
    action();
    return this.trace.slice(before);
  }

  /** The power goes: the disks stay. */
  crash(): Disks {
    this.disks.journal.crash();
    this.disks.transcripts.crash();
    return this.disks;
  }
}

export interface Chapter {
  readonly name: string;
  readonly comes: 'by words' | 'by frame' | 'from the signer';
  readonly happen: (rig: Rig) => void;
  readonly leadsTo: string;
}

/** One purchase from the first word to the end, one input a chapter. */
export const STORY: readonly Chapter[] = [
  {
    name: 'the order',
    comes: 'by words',
    happen: (rig) => rig.say('order me a large iced latte, less sugar, under 25 yuan'),
    leadsTo: 'summarising',
  },
  { name: 'the yes', comes: 'by words', happen: (rig) => rig.say('yes'), leadsTo: 'seeking' },
  { name: 'the offers', comes: 'by frame', happen: (rig) => rig.send(messages.offers(), AGENT), leadsTo: 'choosing' },
  { name: 'the choice', comes: 'by words', happen: (rig) => rig.say('the first one'), leadsTo: 'carting' },
  { name: 'the cart', comes: 'by frame', happen: (rig) => rig.send(messages.cart(), AGENT), leadsTo: 'requesting' },
  {
    name: 'the challenge',
    comes: 'by frame',
    happen: (rig) => rig.send(messages.challenge(), PSP),
    leadsTo: 'confirming',
  },
  { name: 'the hold', comes: 'from the signer', happen: (rig) => rig.sign(), leadsTo: 'settling' },
  { name: 'the receipt', comes: 'by frame', happen: (rig) => rig.send(messages.receipt(), PSP), leadsTo: 'following' },
  {
    name: 'the first news',
    comes: 'by frame',
    happen: (rig) => rig.send(messages.fulfilment(1, 'WAIT_SELLER_FULFILLMENT'), MERCHANT),
    leadsTo: 'following',
  },
  {
    name: 'the last news',
    comes: 'by frame',
    happen: (rig) => rig.send(messages.fulfilment(3, 'TRADE_FINISHED'), MERCHANT),
    leadsTo: 'ended',
  },
];

/** A started rig with the first `chapters` of the story behind it. */
export function rigAfter(chapters: number, rig = new Rig()): Rig {
  rig.agent.start();
  rig.link('online');
  rig.agent.wake();
  for (const { happen } of STORY.slice(0, chapters)) happen(rig);
  return rig;
}
