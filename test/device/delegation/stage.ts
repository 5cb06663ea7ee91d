/** The delegations of one device without the device: events in, what it does out, each step through a real journal entry. */

import { DelegationDesk } from '../../../device/delegation/desk.ts';
import type { DelegationEffect } from '../../../device/delegation/events.ts';
import type { AgentEvent } from '../../../device/delegation/many.ts';
import { type Delegation, type HeldDelegation, isHeld, isTalking } from '../../../device/delegation/state.ts';
import { interpret } from '../../../device/interpret.ts';
import { decodeRecord, encodeRecord } from '../../../device/journal-record.ts';
import type { Purchase } from '../../../device/purchase/state.ts';
import type { DeviceSettings } from '../../../device/settings.ts';
import type { SignerAnswer, SignRequest } from '../../../device/signer/port.ts';
import { type EpochMs, type Id16, type Message, type OpenFrame, secondsOf } from '../../../protocol/index.ts';
import { AGENT, at, id, opened, PSP, seconds } from '../builders.ts';
import { challengeFor, SUB_ACCOUNT, signed, settings as sound, statusOf } from './builders.ts';

type Sent = { readonly to: string } & Message;

export class Stage {
  readonly records: Uint8Array[] = [];
  readonly said: string[] = [];
  readonly sent: Sent[] = [];
  readonly settings: DeviceSettings;
  purchase: Purchase = { at: 'idle' };
  nowMs = 0;
  /** The prompt that is at the signer. */
  prompt: { readonly id: Id16; readonly request: SignRequest } | undefined;
  desk: DelegationDesk;
  #words = 0;

  constructor(over: Partial<DeviceSettings> = {}) {
    this.settings = { ...sound, ...over };
    this.desk = new DelegationDesk(this.settings);
  }

  get now(): EpochMs {
    return at(this.nowMs);
  }

  get all(): readonly Delegation[] {
    return [...this.desk.delegations.values()];
  }

  get only(): Delegation {
    const [one, other] = this.all;
    if (!one || other) throw new Error(`there are ${this.all.length}`);
    return one;
  }

  get held(): HeldDelegation {
    const one = this.only;
    if (!isHeld(one)) throw new Error(`it is ${one.at}`);
    return one;
  }

  /** @returns what it did, in order, as one line each. */
  event(event: AgentEvent): readonly string[] {
    const { notes, effects } = this.desk.propose(event, { current: this.purchase, background: [] }, this.now);
    const record = {
      ...{ at: this.now, event: event.kind, sent: [], purchases: { current: this.purchase, background: [] } },
      ...(notes && { delegations: notes }),
    };
    if (notes) this.records.push(encodeRecord(record));
    this.desk.take(record);
    for (const effect of effects) this.#carryOut(effect);
    return effects.map(lineOf);
  }

  #carryOut(effect: DelegationEffect): void {
    if (effect.do === 'say') this.said.push(effect.text);
    if (effect.do === 'send') this.sent.push({ to: effect.to, ...effect.message });
    if (effect.do === 'prompt') {
      if (this.prompt) throw new Error('a prompt over a prompt');
      if (this.purchase.at === 'confirming') throw new Error('a prompt over a payment');
      this.prompt = effect;
    }
    if (effect.do === 'unprompt' && this.prompt?.id === effect.id) this.prompt = undefined;
  }

  say(text: string): readonly string[] {
    const { focus, isAnyRunning } = this.desk;
    const ids = { fresh: id(`fresh ${this.#words}`), salt: id(`salt ${this.#words++}`) };
    const hypotheses = [{ text, confidence: 1 }];
    const { event } = interpret(hypotheses, 'VOICE', this.purchase, this.settings, ids, {
      focus,
      isAnyRunning,
      now: this.now,
    });
    return this.event(event);
  }

  silence(): readonly string[] {
    const { focus } = this.desk;
    return focus && isTalking(focus) ? this.event({ kind: 'delegation-unheard', why: 'silence' }) : [];
  }

  frame(message: Message, from: string = PSP): readonly string[] {
    return this.event({ kind: 'frame', frame: opened(message, from, secondsOf(this.now)) as OpenFrame });
  }

  answer(answer: SignerAnswer): readonly string[] {
    const { prompt } = this;
    if (!prompt) throw new Error('there is no prompt');
    this.prompt = undefined;
    return this.event({ kind: 'delegation-signer', id: prompt.id, answer });
  }

  /** Holds the button. */
  press(): readonly string[] {
    if (!this.prompt) throw new Error('there is no prompt');
    return this.answer(signed(this.prompt.request));
  }

  /** Lets time go by, waking the device when it wants to be woken. */
  pass(ms: number): readonly string[] {
    const end = this.nowMs + ms;
    const lines: string[] = [];
    for (let turns = 0; ; turns += 1) {
      if (turns > 20_000) throw new Error('it does not come to rest');
      const wake = this.desk.nextWake;
      const next = wake === undefined ? end : Math.max(this.nowMs, wake - at(0));
      if (wake === undefined || next > end) break;
      this.nowMs = next;
      lines.push(...this.event({ kind: 'tick' }));
    }
    this.nowMs = end;
    return lines;
  }

  /** The process dies; another one reads the journal. What was at the signer is gone. */
  crash(): readonly string[] {
    this.prompt = undefined;
    this.desk = new DelegationDesk(this.settings);
    for (const bytes of this.records) this.desk.take(decodeRecord(bytes));
    return this.event({ kind: 'restarted' });
  }

  /** The newest message of a type. */
  last<T extends Message['type']>(type: T): Extract<Sent, { type: T }> {
    const found = this.sent.filter((one) => one.type === type).at(-1);
    if (!found) throw new Error(`no ${type} was sent`);
    return found as Extract<Sent, { type: T }>;
  }

  count(type: Message['type']): number {
    return this.sent.filter((one) => one.type === type).length;
  }
}

function lineOf(effect: DelegationEffect): string {
  switch (effect.do) {
    case 'send':
      return `send ${effect.message.type} to ${effect.to}`;
    case 'say':
      return `say ${effect.key}`;
    case 'keep':
      return `keep ${effect.kept.kind} ${effect.kept.faults.join()}`.trim();
    case 'prompt':
      return `prompt ${effect.request.kind}`;
    case 'unprompt':
      return 'unprompt';
    case 'listen-for':
      return `listen ${effect.expect}`;
  }
}

/** Said, confirmed, asked for: the PSP's challenge is the next. */
export function requested(stage = new Stage(), words = 'two concert tickets when they go on sale'): Stage {
  stage.say(words);
  stage.say('yes');
  return stage;
}

/** The prompt with the bounds is open. */
export function atPrompt(stage = requested()): Stage {
  const { requestId, iac } = stage.last('delegation-request').body;
  stage.frame(challengeFor(requestId, iac));
  return stage;
}

/** Signed, on its way. */
export function issuing(stage = atPrompt()): Stage {
  stage.press();
  return stage;
}

/** In force, the task is at the agent. */
export function active(stage = issuing()): Stage {
  const one = stage.all.find(({ at: where }) => where === 'issuing');
  if (!one) throw new Error('nothing is being issued');
  stage.frame(statusOf(one.id, 'Active'));
  stage.frame({ type: 'delegation-news', body: { delegationId: one.id, version: 1, state: 'watching' } }, AGENT);
  return stage;
}

/** A report in force, whose account the PSP has named. */
export function reporting(stage = new Stage()): Stage {
  active(issuing(atPrompt(requested(stage, 'a market report'))));
  stage.frame(statusOf(stage.held.id, 'Active', { asOf: seconds(11), subAccountId: SUB_ACCOUNT }));
  return stage;
}
