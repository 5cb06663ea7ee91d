/** A device whose journal has a delegation in it, frame by frame, as its audit commands find one. */

import { JournalTree } from '../../../device/audit/journal-tree.ts';
import { CARRIED_OVER } from '../../../device/carry-over.ts';
import { type HeldDelegation, isHeld } from '../../../device/delegation/state.ts';
import { decodeRecord, encodeRecord } from '../../../device/journal-record.ts';
import { type Message, openFrame, peekFrame, secondsOf } from '../../../protocol/index.ts';
import { readDelegations } from '../../../scripts/delegation-report.ts';
import { memoryDisk } from '../../../sim/memory-journal.ts';
import { Rig } from '../agent-rig.ts';
import { AGENT, PSP, SESSION, seconds, TENANT } from '../builders.ts';
import { challengeFor, refund, type SpendOver, settings, signed, spend, statusOf } from '../delegation/builders.ts';
import { storedRecords } from './reporting-rig.ts';

/** Two tickets, wherever they are, for at most 2,560 yuan: signed, in force, nothing paid yet. */
export class DelegationRig {
  readonly rig: Rig;

  constructor() {
    const { directory, delegation } = settings;
    const disks = { journal: memoryDisk(), transcripts: memoryDisk() };
    this.rig = new Rig(disks, undefined, { directory, ...(delegation && { delegation }) });
    this.rig.agent.start();
    this.rig.link('online');
    this.say('two concert tickets when they go on sale');
    this.rig.say('yes');
    const { requestId, iac } = this.#last('delegation-request').body;
    this.rig.send(challengeFor(requestId, iac), PSP);
    this.press();
    this.word('Active', 10, 0, 0, 0);
  }

  get held(): HeldDelegation {
    const [one] = [...this.rig.agent.delegations.values()];
    if (!one || !isHeld(one)) throw new Error(`it is ${one?.at}`);
    return one;
  }

  get entries(): readonly Uint8Array[] {
    return storedRecords(this.rig.disks.journal);
  }

  say(words: string): this {
    this.rig.agent.wake();
    this.rig.say(words);
    return this;
  }

  press(): this {
    const { asked } = this.rig;
    if (asked?.kind !== 'delegation' && asked?.kind !== 'lifecycle') throw new Error(`asked for ${asked?.kind}`);
    this.rig.sign(signed(asked));
    return this;
  }

  /** The PSP's word, so many seconds after the start. */
  word(
    state: 'Active' | 'Suspended' | 'Revoked',
    asOf: number,
    version: number,
    spends: number,
    spentMinor: number,
  ): this {
    this.rig.send(statusOf(this.held.id, state, { asOf: seconds(asOf), version, spends, spentMinor }), PSP);
    return this;
  }

  pays(n: number, amountMinor: number, over: SpendOver = {}): this {
    this.rig.send(spend(this.held.authorization, n, amountMinor, over), PSP);
    return this;
  }

  givesBack(n: number, amountMinor: number): this {
    this.rig.send(refund(n, amountMinor), PSP);
    return this;
  }

  #last<T extends Message['type']>(type: T): Extract<Message, { type: T }> {
    const frame = this.rig.published.filter((bytes) => peekFrame(bytes).type === type).at(-1);
    if (!frame) throw new Error(`no ${type}`);
    const { aud } = peekFrame(frame);
    const self = { party: aud, role: aud === AGENT ? 'agent' : 'psp' } as const;
    const reader = { tenant: TENANT, self, trust: settings.directory.trust, sessionOf: () => SESSION };
    return openFrame(frame, reader, secondsOf(this.rig.clock.now())) as unknown as Extract<Message, { type: T }>;
  }
}

/** What a generation begins with that comes after these entries: where everything stands, and the tree so far. */
export function carriedAfter(entries: readonly Uint8Array[]): Uint8Array {
  const tree = new JournalTree();
  for (const entry of entries) tree.append(entry);
  const { at, purchases } = decodeRecord(entries.at(-1) as Uint8Array);
  const memory = readDelegations(entries);
  const carried = { base: tree.frontier(), seen: [], receipts: memory.book.receipts };
  const delegations = { changed: [...memory.items.values()], kept: memory.book.all };
  return encodeRecord({ at, event: CARRIED_OVER, sent: [], purchases, delegations, carried });
}
