import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PocketSphinx, type PocketSphinxSettings } from '../../../device/adapters/voice/pocketsphinx.ts';
import {
  formatDictionary,
  parseDictionary,
  pronounce,
} from '../../../device/adapters/voice/pocketsphinx-dictionary.ts';
import { parseHypseg } from '../../../device/adapters/voice/pocketsphinx-result.ts';
import { PushedTranscript } from '../../../device/adapters/voice/pushed-transcript.ts';
import { findSherpaModel, SherpaStreaming } from '../../../device/adapters/voice/sherpa-streaming.ts';
import { SileroVad } from '../../../device/adapters/voice/silero-vad.ts';
import type { RecognizerEvent } from '../../../device/ports.ts';

const dir = mkdtempSync(join(tmpdir(), 'act-edge-recognizers-'));
afterAll(() => rmSync(dir, { recursive: true }));

describe('parseHypseg', () => {
  it('reads words and the score per frame', () => {
    const line =
      'speech S 0 T -10000 A -9365 L -1011 0 -552 0 order 36 -661 0 (NULL) 36 -274 -337 <sil> 51 -127 0 latte(2) 200';
    expect(parseHypseg(line)).toEqual({ text: 'order latte', scorePerFrame: -50 });
  });

  it.each([
    '',
    'speech',
    'speech S 0 T 0 A 0 L 0 0',
    'a b c d e f g h i j k l m n',
    'speech S 0 T x A 0 L 0 0 -5 0 order 36',
    'speech S 0 T -5 A 0 L 0 0 -5 0 <sil> 36',
  ])('finds nothing in "%s"', (line) => {
    expect(parseHypseg(line).text).toBe('');
  });
});

describe('pronounce', () => {
  const dictionary = parseDictionary('latte L AA T EY\ncake K EY K\ncheese CH IY Z\nbox B AA K S\na AH\na(2) EY\n');

  it('keeps the variants of a known word', () => {
    expect(pronounce('a', dictionary)).toEqual(['AH', 'EY']);
    expect(formatDictionary(['a'], dictionary)).toBe('a AH\na(2) EY\n');
  });

  it.each([
    ['lattes', 'L AA T EY Z'],
    ['cakes', 'K EY K S'],
    ['cheesecake', 'CH IY Z K EY K'],
    ['cheesecakes', 'CH IY Z K EY K S'],
  ])('makes %s from what it knows', (word, phones) => {
    expect(pronounce(word, dictionary)).toEqual([phones]);
  });

  it('does not make up what it cannot know', () => {
    expect(pronounce('boba', dictionary)).toEqual([]);
  });
});

describe('PocketSphinx', () => {
  const model = join(dir, 'model');
  mkdirSync(join(model, 'en-us'), { recursive: true });
  writeFileSync(join(model, 'en-us', 'mdef'), '');
  writeFileSync(join(model, 'cmudict-en-us.dict'), 'latte L AA T EY\n');

  function stub(name: string, script: string): string {
    const path = join(dir, name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  function recognise(settings: PocketSphinxSettings, locale: 'en-US' | 'zh-CN' = 'en-US'): Promise<RecognizerEvent> {
    return new Promise((resolve) => {
      const session = new PocketSphinx({ modelDir: model, ...settings }).start(
        { locale, grammar: '<a> = latte | boba;\n' },
        resolve,
      );
      session.accept(new Int16Array(1_600));
      session.finish();
    });
  }

  /** Writes its last argument but three (`-hypseg FILE -logfn /dev/null`) as the real program does. */
  const answering = (total: number) =>
    `while [ "$1" != -hypseg ]; do shift; done\nprintf 'speech S 0 T ${total} A 0 L 0 0 -5 0 latte 100\\n' > "$2"`;

  it('says which packages to install where there is no program, or no model', async () => {
    const expected = {
      kind: 'failed',
      code: 'not-installed',
      message: expect.stringContaining('apt-get install -y pocketsphinx pocketsphinx-en-us'),
    };
    expect(await recognise({ program: join(dir, 'nowhere') })).toMatchObject(expected);
    expect(await recognise({ modelDir: join(dir, 'nowhere') })).toMatchObject(expected);
  });

  it('takes a result above the threshold and rejects one below it', async () => {
    expect(await recognise({ program: stub('good', answering(-3_000)) })).toMatchObject({
      kind: 'final',
      hypotheses: [{ text: 'latte' }],
    });
    expect(await recognise({ program: stub('bad', answering(-6_000)) })).toEqual({ kind: 'final', hypotheses: [] });
  });

  it('reports a crash and a time-out as such', async () => {
    expect(await recognise({ program: stub('crash', 'exit 3') })).toMatchObject({ kind: 'failed', code: 'crashed' });
    expect(await recognise({ program: stub('hang', 'exec sleep 30'), timeLimitMs: 50 })).toMatchObject({
      kind: 'failed',
      code: 'timed-out',
    });
  });

  it('has no model for Chinese', async () => {
    expect(await recognise({}, 'zh-CN')).toMatchObject({ kind: 'failed', code: 'model-missing' });
  });

  it('T28: leaves no recording behind, and tells which names it cannot hear', async () => {
    const leftOut: string[] = [];
    const trace = join(dir, 'trace');
    const program = stub('traced', `printf '%s' "$4" > ${trace}\nls "$4" >> ${trace}\n${answering(-3_000)}`);
    await recognise({ program, onLeftOut: (names) => leftOut.push(...names) });
    const [, place = '', files = ''] = /^(.*act-edge-voice-\w{6})([\s\S]*)$/.exec(readFileSync(trace, 'utf8')) ?? [];
    expect(files).toContain('speech.raw');
    expect(existsSync(place)).toBe(false);
    expect(leftOut).toEqual(['boba']);
  });
});

describe('PushedTranscript', () => {
  function listening(): { pushed: PushedTranscript; events: RecognizerEvent[] } {
    const pushed = new PushedTranscript();
    const events: RecognizerEvent[] = [];
    pushed.start({ locale: 'zh-CN', grammar: '' }, (event) => events.push(event));
    return { pushed, events };
  }

  it('takes the shape of the glasses, best alternative first', () => {
    const { pushed, events } = listening();
    expect(
      pushed.push(
        '{"results":[[{"transcript":"一杯拿铁","confidence":0.9},{"transcript":"一杯那铁","confidence":0.2}]]}',
      ),
    ).toBe('taken');
    expect(events).toEqual([
      {
        kind: 'final',
        hypotheses: [
          { text: '一杯拿铁', confidence: 0.9 },
          { text: '一杯那铁', confidence: 0.2 },
        ],
      },
    ]);
  });

  it('takes partial and final text of YodaOS', () => {
    const { pushed, events } = listening();
    pushed.push('{"topic":"rokid.speech.inter_asr","args":["一杯",7]}');
    pushed.push('{"topic":"rokid.speech.final_asr","args":["一杯拿铁",7]}');
    expect(events).toEqual([
      { kind: 'partial', text: '一杯' },
      { kind: 'final', hypotheses: [{ text: '一杯拿铁', confidence: 0.5 }] },
    ]);
  });

  it.each([
    ['{', 'bad-json'],
    ['null', 'unknown-shape'],
    ['{"results":[]}', 'unknown-shape'],
    ['{"results":[[{"transcript":"x","confidence":7}]]}', 'unknown-shape'],
    ['{"results":[[{"transcript":""}]]}', 'unknown-shape'],
    ['{"topic":"rokid.speech.nlp","args":["{}","{}",1]}', 'unknown-shape'],
    [`"${'x'.repeat(9_000)}"`, 'too-long'],
  ])('ignores %.40s with a code', (message, code) => {
    const { pushed, events } = listening();
    expect(pushed.push(message)).toBe(code);
    expect(events).toEqual([]);
  });

  it('takes one result per session, and none before or after it', () => {
    const message = '{"results":[[{"transcript":"yes"}]]}';
    expect(new PushedTranscript().push(message)).toBe('not-listening');
    const { pushed, events } = listening();
    pushed.push(message);
    expect(pushed.push(message)).toBe('not-listening');
    expect(events.length).toBe(1);
  });
});

describe('models that are not there', () => {
  it('names the files it looked for', () => {
    expect(() => findSherpaModel(dir)).toThrow(
      expect.objectContaining({
        code: 'model-missing',
        message: expect.stringMatching(/encoder\*\.onnx.*tokens\.txt/),
      }),
    );
    expect(() => new SherpaStreaming(join(dir, 'nowhere'), ['zh-CN'])).toThrow(
      expect.objectContaining({ code: 'model-missing' }),
    );
    expect(() => new SileroVad(join(dir, 'nowhere.onnx'))).toThrow(expect.objectContaining({ code: 'model-missing' }));
  });

  it('prefers the int8 files of a model', () => {
    const model = join(dir, 'zipformer');
    mkdirSync(model);
    for (const file of ['encoder-1.onnx', 'encoder-1.int8.onnx', 'decoder-1.onnx', 'joiner-1.onnx', 'tokens.txt'])
      writeFileSync(join(model, file), '');
    expect(findSherpaModel(model)).toMatchObject({
      encoder: join(model, 'encoder-1.int8.onnx'),
      decoder: join(model, 'decoder-1.onnx'),
    });
  });
});
