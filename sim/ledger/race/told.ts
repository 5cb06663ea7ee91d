/** What agents and the wearer were told, each with how much had happened by then. */
import type { Change } from '../orders.ts';
import type { Answer, Ears, Rules } from './gateway.ts';
import type { Witness } from './witness.ts';

export type Told = { readonly after: number } & (
  | ({ readonly kind: 'answer' } & Answer)
  | { readonly kind: 'acknowledgement'; readonly change: Change; readonly state: string | undefined }
);

export class Heard implements Ears {
  readonly #witness: Witness;
  readonly told: Told[] = [];

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  answered(answer: Answer): void {
    this.told.push({ kind: 'answer', after: this.#witness.happened.length, ...answer });
  }

  acknowledged(change: Change, told: ReturnType<Rules['change']>): void {
    const isDone = told.kind === 'changed' || told.kind === 'repeated';
    const state = isDone ? told.status.state : undefined;
    this.told.push({ kind: 'acknowledgement', after: this.#witness.happened.length, change, state });
  }
}
