/** The delegations at run time: what the journal says of them, and the next step, which takes effect once it is durable. */
import type { EpochMs } from '../../protocol/index.ts';
import type { JournalRecord, Purchases } from '../journal-record.ts';
import type { DeviceSettings } from '../settings.ts';
import type { BookView } from './book.ts';
import type { DelegationEffect } from './events.ts';
import { type AgentEvent, advanceDelegations, focusOf, nextDelegationWake } from './many.ts';
import { DelegationMemory, type DelegationNotes, type Delegations } from './record.ts';
import { type Delegation, isRunning } from './state.ts';

/** What an event leads to. Nothing has changed until the entry with `notes` is taken. */
export interface ProposedStep {
  readonly effects: readonly DelegationEffect[];
  /** Absent where nothing is to be made durable. */
  readonly notes?: DelegationNotes;
}

export class DelegationDesk {
  readonly #settings: DeviceSettings;
  readonly #memory = new DelegationMemory();

  constructor(settings: DeviceSettings) {
    this.#settings = settings;
  }

  get delegations(): Delegations {
    return this.#memory.items;
  }

  /** What a new generation of the journal begins with is made of it. */
  get memory(): DelegationMemory {
    return this.#memory;
  }

  get book(): BookView {
    return this.#memory.book;
  }

  /** The one that the next words are meant for. */
  get focus(): Delegation | undefined {
    return focusOf(this.delegations);
  }

  get isAnyRunning(): boolean {
    return [...this.delegations.values()].some(isRunning);
  }

  get nextWake(): EpochMs | undefined {
    return nextDelegationWake(this.delegations);
  }

  /** Takes in one entry that is durable: at start all of them, then each new one. */
  take(entry: Pick<JournalRecord, 'delegations' | 'purchases' | 'carried'>): void {
    this.#memory.take(entry);
  }

  propose(event: AgentEvent, { current }: Purchases, now: EpochMs): ProposedStep {
    const surroundings = { settings: this.#settings, book: this.book };
    const { changed, effects } = advanceDelegations(surroundings, this.delegations, event, current, now);
    const kept = effects.flatMap((effect) => (effect.do === 'keep' ? [effect.kept] : []));
    const isNews = changed.length > 0 || kept.length > 0;
    return { effects, ...(isNews && { notes: { changed, kept } }) };
  }
}
