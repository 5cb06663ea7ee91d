/** What one event does to all delegations of a device, put together step by step. */
import type { EpochMs, Id16 } from '../../protocol/index.ts';
import type { DelegationEffect, DelegationEvent } from './events.ts';
import type { Delegations } from './record.ts';
import { type Delegation, type HeldDelegation, isHeld } from './state.ts';
import { step } from './step.ts';
import type { Surroundings } from './transition.ts';

export interface DelegationsStep {
  readonly delegations: Delegations;
  readonly changed: readonly Delegation[];
  readonly effects: readonly DelegationEffect[];
}

/** One event brought to some of the delegations; collects what follows. */
export class Round {
  readonly effects: DelegationEffect[] = [];
  readonly #changed = new Map<Id16, Delegation>();
  readonly #items: Map<Id16, Delegation>;
  readonly #surroundings: Surroundings;
  readonly #now: EpochMs;

  constructor(surroundings: Surroundings, before: Delegations, now: EpochMs) {
    this.#surroundings = surroundings;
    this.#items = new Map(before);
    this.#now = now;
  }

  get items(): Delegations {
    return this.#items;
  }

  get held(): readonly HeldDelegation[] {
    return [...this.#items.values()].filter(isHeld);
  }

  begin(state: Delegation): void {
    this.#items.set(state.id, state);
  }

  bring(id: Id16, event: DelegationEvent): void {
    const before = this.#items.get(id);
    if (!before) return;
    const { state, effects } = step(this.#surroundings, before, event, this.#now);
    this.effects.push(...effects);
    if (state === before) return;
    this.#changed.set(id, state);
    if (state.at === 'ended') this.#items.delete(id);
    else this.#items.set(id, state);
  }

  all(event: DelegationEvent): void {
    for (const id of [...this.#items.keys()]) this.bring(id, event);
  }

  result(): DelegationsStep {
    return { delegations: this.#items, changed: [...this.#changed.values()], effects: this.effects };
  }
}
