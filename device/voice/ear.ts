/** The ear of a device with a microphone: the voice pipeline with the grammar that fits what is expected. */
import type { Ear, EarEvent, ListenFor } from '../listening.ts';
import type { Stop } from '../ports.ts';
import { orderGrammar, replyGrammar } from './grammar.ts';
import { listen, type VoiceEnding, type VoiceEvent, type VoicePorts } from './pipeline.ts';
import type { Vocabulary } from './vocabulary.ts';

/** `onStage` hears every stage event, for a light or a sound and for tests; it gets words and must keep them to itself. */
export function voiceEar(
  ports: VoicePorts,
  vocabulary: Vocabulary,
  onStage: (event: VoiceEvent) => void = () => {},
): Ear {
  const orders = orderGrammar(vocabulary, 'en-US');
  let current: Stop = () => {};
  return {
    listen({ expect, locale, offers }: ListenFor, on: (event: EarEvent) => void): Stop {
      current();
      const grammar = expect === 'order' ? orders : replyGrammar(offers, vocabulary);
      current = listen(ports, { locale, grammar }, (event) => {
        onStage(event);
        const heard = earEventOf(event);
        if (heard) on(heard);
      });
      return current;
    },
  };
}

/** Endings become what the agent understands; stages on the way are nothing to it. */
export function earEventOf(event: VoiceEvent): EarEvent | undefined {
  return isEnding(event)
    ? event.kind === 'transcript'
      ? { kind: 'words', hypotheses: event.hypotheses, mode: 'VOICE' }
      : { kind: 'unheard', why: event.kind === 'failed' ? 'recogniser-failed' : event.kind }
    : undefined;
}

function isEnding(event: VoiceEvent): event is VoiceEnding {
  return event.kind !== 'speech-start' && event.kind !== 'partial' && event.kind !== 'speech-end';
}
