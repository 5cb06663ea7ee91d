/** The PSP as the witness of the devices' journals: their checkpoints come and go in frames (T26, T27). */
import { CheckpointWitness, type CheckpointWitnessParts } from '../../device/audit/checkpoint-witness.ts';
import { type EpochMs, type NoteKey, secondsOf } from '../../protocol/index.ts';
import type { FrameOf, Reaction } from './handler.ts';

export interface WitnessParts extends Pick<CheckpointWitnessParts, 'signer'> {
  /** Under which name and key a device signs its checkpoints. */
  readonly deviceKey: (device: string) => NoteKey | undefined;
  /** Told of a device that has shown two histories of one length: it is for a person to look at. */
  readonly alarm: (code: 'journal-forked', detail: { readonly device: string }) => void;
}

export class Witness {
  readonly #witness: CheckpointWitness;

  constructor({ signer, deviceKey, alarm }: WitnessParts) {
    this.#witness = new CheckpointWitness({
      ...{ signer, keysOf: (device) => [deviceKey(device) ?? []].flat() },
      alarm: (code, device) => alarm(code, { device }),
    });
  }

  checkpoint({ from, body }: FrameOf<'journal-checkpoint'>, now: EpochMs): Reaction {
    const judged = this.#witness.judge(from.party, body, secondsOf(now));
    if (!judged) return { drop: 'checkpoint-forged' };
    judged.take?.();
    const answer = { requestId: body.requestId, ...judged.answer };
    return [{ to: from, message: { type: 'journal-cosignature', body: answer } }];
  }

  /** Somebody has looked into it: what the device shows next is taken as its first. */
  accept(device: string): Reaction {
    this.#witness.forget(device);
    return [];
  }
}
