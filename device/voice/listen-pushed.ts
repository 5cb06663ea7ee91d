/** One utterance where the device's own speech service listens and hands over text: no microphone and no detector of ours. */
import type { Clock, Recognizer, RecognizerSession, Stop } from '../ports.ts';
import { understood, VOICE_LIMITS, type VoiceEnding, type VoiceEvent } from './pipeline.ts';
import type { Locale } from './vocabulary.ts';

/** Same events and endings as `listen`; the first partial text counts as the start of speech, the final one as its end. */
export function listenPushed(
  ports: { readonly recognizer: Recognizer; readonly clock: Clock },
  locale: Locale,
  on: (event: VoiceEvent) => void,
): Stop {
  let state: 'waiting' | 'speaking' | 'ended' = 'waiting';
  let stopTimer: Stop = () => {};
  let session: RecognizerSession | undefined;

  function end(ending?: VoiceEnding): void {
    if (state === 'ended') return;
    state = 'ended';
    stopTimer();
    if (ending === undefined || ending.kind === 'silence' || ending.kind === 'too-long') session?.cancel();
    if (ending) on(ending);
  }

  function startSpeaking(): void {
    if (state !== 'waiting') return;
    state = 'speaking';
    stopTimer();
    stopTimer = ports.clock.after(VOICE_LIMITS.utteranceMs, () => end({ kind: 'too-long' }));
    on({ kind: 'speech-start' });
  }

  stopTimer = ports.clock.after(VOICE_LIMITS.silenceMs, () => end({ kind: 'silence' }));
  session = ports.recognizer.start({ locale, grammar: '' }, (event) => {
    if (event.kind === 'failed') return end({ kind: 'failed', code: event.code });
    startSpeaking();
    if (state === 'ended') return;
    if (event.kind === 'partial') return on({ kind: 'partial', text: event.text });
    on({ kind: 'speech-end' });
    end(understood(event.hypotheses));
  });
  return () => end();
}
