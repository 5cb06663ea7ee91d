/** Every English recording through the real detector, the real recogniser, the grammar and the parser. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PocketSphinx } from '../../../device/adapters/voice/pocketsphinx.ts';
import { findSileroModel, SileroVad } from '../../../device/adapters/voice/silero-vad.ts';
import { readWav } from '../../../device/adapters/voice/wav.ts';
import { pcmMicrophone } from '../../../device/adapters/voice/wav-microphone.ts';
import type { Vad } from '../../../device/ports.ts';
import { EnergyVad } from '../../../device/voice/energy-vad.ts';
import { orderGrammar, replyGrammar } from '../../../device/voice/grammar.ts';
import { parseOrder } from '../../../device/voice/parse-order.ts';
import { parseReply } from '../../../device/voice/parse-reply.ts';
import { listen, type VoiceEvent } from '../../../device/voice/pipeline.ts';
import { shopVocabulary } from '../../../sim/shops/vocabulary.ts';
import { showParse } from '../../device/voice/show.ts';

/** The demo's own recordings are not kept twice. */
const DIRS = ['../../fixtures/voice', '../../../sim/audio'].map((dir) => join(import.meta.dirname, dir));

function recording(file: string): Int16Array {
  const path = DIRS.map((dir) => join(dir, `${file}.wav`)).find(existsSync);
  if (path === undefined) throw new Error(`no recording ${file}`);
  return readWav(readFileSync(path));
}
const model = findSileroModel();
const isReady =
  existsSync('/usr/bin/pocketsphinx_batch') &&
  existsSync('/usr/share/pocketsphinx/model/en-us/en-us/mdef') &&
  model !== undefined;
if (!isReady) {
  console.warn(
    'real-audio.test.ts skipped: needs `apt-get install pocketsphinx pocketsphinx-en-us` and the npm package @ricky0123/vad-web',
  );
}

const recognizer = new PocketSphinx();
const orders = orderGrammar(shopVocabulary, 'en-US');

function hear(pcm: Int16Array, grammar: string, vad: Vad = new SileroVad(model ?? '')): Promise<readonly VoiceEvent[]> {
  return new Promise((resolve) => {
    const events: VoiceEvent[] = [];
    listen({ microphone: pcmMicrophone(pcm), vad, recognizer }, { locale: 'en-US', grammar }, (event) => {
      events.push(event);
      if (!['speech-start', 'partial', 'speech-end'].includes(event.kind)) resolve(events);
    });
  });
}

async function ending(file: string, grammar: string): Promise<string> {
  const last = (await hear(recording(file), grammar)).at(-1);
  return last?.kind === 'transcript' ? last.text : (last?.kind ?? 'nothing');
}

async function heardOrder(file: string): Promise<string> {
  const text = await ending(file, orders);
  if (text === 'not-understood') return text;
  return showParse(parseOrder(text, { vocabulary: shopVocabulary, currency: 'CNY' }));
}

describe.skipIf(!isReady)('real audio', () => {
  it.each([
    ['order-iced-latte', '1 iced-latte size:large sugar:less ≤2500'],
    ['order-hot-chocolate', '1 hot-chocolate'],
    ['order-muffins', '2 blueberry-muffin'],
    ['order-two-lines', '2 iced-americano + 1 bagel'],
    ['order-cappuccino', '1 cappuccino size:large milk:oat'],
    ['order-helicopter', '? unknown-product · helicopter'],
    ['quantity-two', '? what-item · 2'],
    ['item-mocha', '1 mocha'],
  ])('understands %s as "%s"', async (file, expected) => {
    expect(await heardOrder(file)).toBe(expected);
  });

  it.each([
    ['reply-yes', 3, { kind: 'yes' }],
    ['reply-no', 3, { kind: 'no' }],
    ['reply-cancel', 3, { kind: 'cancel' }],
    ['reply-second', 3, { kind: 'choose', index: 1 }],
    ['reply-first', 2, { kind: 'choose', index: 0 }],
    ['reply-cheapest', 3, { kind: 'cheapest' }],
  ])('understands %s among %i offers', async (file, offerCount, expected) => {
    const offers = Array.from({ length: offerCount }, (_, index) => ({ merchantId: `shop-${index}` }));
    const text = await ending(file, replyGrammar(offerCount, shopVocabulary));
    expect(parseReply(text, { offers, vocabulary: shopVocabulary })).toEqual(expected);
  });

  it.each(['outside-weather', 'outside-umbrella', 'outside-football'])('hears no order in %s', async (file) => {
    expect(await heardOrder(file)).toBe('not-understood');
  });

  it.each(['hard-latte', 'hard-demo'])('does not pretend to understand %s, a voice it hears badly', async (file) => {
    expect(await heardOrder(file)).toBe('not-understood');
  });

  it('rejects noise, and hears nobody in it or no words', async () => {
    expect(['silence', 'not-understood']).toContain(await ending('noise', orders));
  });

  it('hears nobody in an empty file and in a second of digital silence', async () => {
    expect(await ending('empty', orders)).toBe('silence');
    expect((await hear(new Int16Array(16_000), orders)).map((event) => event.kind)).toEqual(['silence']);
  });

  it('hears no order in tones and chords, even where only loudness is looked at', async () => {
    const chords = Int16Array.from({ length: 32_000 }, (_, at) => {
      const root = [220, 262, 330, 196][Math.floor(at / 8_000)] ?? 220;
      return (
        4_000 * [1, 1.25, 1.5].reduce((sum, ratio) => sum + Math.sin((2 * Math.PI * root * ratio * at) / 16_000), 0)
      );
    });
    expect(['silence', 'not-understood']).toContain((await hear(chords, orders)).at(-1)?.kind);
    expect((await hear(chords, orders, new EnergyVad())).at(-1)?.kind).toBe('not-understood');
  });

  it('loses nothing of the first word: the same order is heard when it begins at once', async () => {
    const pcm = recording('order-muffins').subarray(1_600);
    const last = (await hear(pcm, orders)).at(-1);
    expect(last?.kind === 'transcript' && last.text).toBe('order me two blueberry muffins');
  });
});
