/** The ear as the agent sees it: opened for one answer, it gives words or says why there are none. Voice, typing and pushed transcripts are bodies of it. */
import type { Hypothesis, Stop } from './ports.ts';
import type { Unheard } from './purchase/events.ts';
import type { Locale } from './voice/vocabulary.ts';

export interface ListenFor {
  readonly expect: 'order' | 'reply';
  readonly locale: Locale;
  /** How many offers there are to choose from; 0 when nothing can be chosen. */
  readonly offers: number;
}

export type EarEvent =
  | {
      readonly kind: 'words';
      readonly hypotheses: readonly Hypothesis[];
      readonly mode: 'VOICE' | 'TEXT';
      /** Hex: the salted digest of the sound, where that is kept (audio-keeper.ts). */
      readonly audio?: string;
    }
  | { readonly kind: 'unheard'; readonly why: Unheard };

export interface Ear {
  /** Listens for one utterance; `on` is called at most once. An earlier listening ends. */
  listen(request: ListenFor, on: (event: EarEvent) => void): Stop;
}
