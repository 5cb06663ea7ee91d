import { expect } from 'vitest';
import type { Recognizer, RecognizerEvent, RecognizerSession } from '../../device/ports.ts';
import type { Locale } from '../../device/voice/vocabulary.ts';
import { contract } from './contract.ts';

export interface RecognizerStand {
  readonly recognizer: Recognizer;
  readonly utterance: { readonly locale: Locale; readonly grammar: string };
  /** Somebody says `words` into the session. */
  speak(session: RecognizerSession): void;
  readonly words: string;
  /** Where recognition happens elsewhere: it answers now. */
  answer(): void;
  /** Goes on until the condition holds; throws, or never ends, where it cannot come to hold. */
  until(condition: () => boolean): Promise<void>;
  /** Tells `until` that something happened. */
  happened(): void;
  dispose?(): unknown;
}

interface Heard {
  readonly events: RecognizerEvent[];
  readonly session: RecognizerSession;
}

function listen(stand: RecognizerStand): Heard {
  const events: RecognizerEvent[] = [];
  const session = stand.recognizer.start(stand.utterance, (event) => {
    events.push(event);
    stand.happened();
  });
  return { events, session };
}

const endings = ({ events }: Heard) => events.filter(({ kind }) => kind !== 'partial');

/** One utterance that is heard to its end; by then whatever an earlier one still had to say would have come. */
async function hearOne(stand: RecognizerStand): Promise<Heard> {
  const heard = listen(stand);
  stand.speak(heard.session);
  heard.session.finish();
  stand.answer();
  await stand.until(() => endings(heard).length > 0);
  return heard;
}

function expectWords(heard: Heard, words: string): void {
  const [ending, ...more] = endings(heard);
  expect(more).toEqual([]);
  expect(ending).toMatchObject({ kind: 'final', hypotheses: [{ text: words }] });
  for (const { confidence } of ending?.kind === 'final' ? ending.hypotheses : []) {
    expect(confidence).toBeGreaterThanOrEqual(0);
    expect(confidence).toBeLessThanOrEqual(1);
  }
}

export const recognizerContract = contract<RecognizerStand>('Recognizer', {
  'hears in the languages it names': ({ recognizer, utterance }) => {
    expect(recognizer.locales).toContain(utterance.locale);
  },

  'says nothing before it is told that the utterance is over': async (stand) => {
    const heard = listen(stand);
    stand.speak(heard.session);
    expect(endings(heard)).toEqual([]);
    heard.session.cancel();
  },

  'gives exactly one ending with the words, and nothing after it, whatever else it is told': async (stand) => {
    const heard = await hearOne(stand);
    heard.session.finish();
    heard.session.accept(new Int16Array(1_600));
    stand.answer();
    heard.session.cancel();
    await hearOne(stand);
    expectWords(heard, stand.words);
  },

  'gives one ending though finish is called twice': async (stand) => {
    const heard = listen(stand);
    stand.speak(heard.session);
    heard.session.finish();
    heard.session.finish();
    stand.answer();
    await stand.until(() => endings(heard).length > 0);
    await hearOne(stand);
    expectWords(heard, stand.words);
  },

  'gives one ending where nothing was said into it': async (stand) => {
    const heard = listen(stand);
    heard.session.finish();
    stand.answer();
    await stand.until(() => endings(heard).length > 0);
    await hearOne(stand);
    expect(endings(heard)).toHaveLength(1);
  },

  'T28: says nothing after cancel, neither before nor after the end of the utterance': async (stand) => {
    const early = listen(stand);
    stand.speak(early.session);
    const toldEarly = early.events.length;
    early.session.cancel();
    early.session.finish();
    stand.answer();
    const late = listen(stand);
    stand.speak(late.session);
    late.session.finish();
    // A body that answers inside finish has answered by now.
    const toldLate = late.events.length;
    late.session.cancel();
    late.session.cancel();
    stand.answer();
    expectWords(await hearOne(stand), stand.words);
    expect([early.events.length, late.events.length]).toEqual([toldEarly, toldLate]);
  },

  'hears the next utterance as well as the first': async (stand) => {
    expectWords(await hearOne(stand), stand.words);
    expectWords(await hearOne(stand), stand.words);
  },
});
