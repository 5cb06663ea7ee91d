/** T28: what `audit show` and `audit forget` do about the sound of words, where a device keeps it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeKeptAudio } from '../../../device/voice/kept-audio.ts';
import { audioKept, openAudio, openKeeper } from '../../../scripts/agent-audio.ts';
import { INTENT_ID, id, START } from '../../device/builders.ts';
import { countingRandom } from '../../helpers/counting-random.ts';
import { manualClock } from '../../helpers/manual-clock.ts';
import { temporaryDirectory } from '../../helpers/temporary.ts';
import { type AuditSet, auditSet } from './audit-set.ts';
import { act } from './keys-run.ts';

let temporary: ReturnType<typeof temporaryDirectory>;
let set: AuditSet;
let stored: Parameters<typeof openAudio>[0];
beforeAll(async () => {
  temporary = temporaryDirectory();
  set = await auditSet(join(temporary.path, 'set'));
  stored = { state: { directory: set.state }, keys: { passphraseFile: join(set.config, '../passphrase') } } as never;
});
afterAll(() => temporary.remove());

const random = countingRandom('sound');
const ports = { clock: manualClock(START), random, log: { write: () => {} } };
const sound = (intentId: string, at: number) =>
  encodeKeptAudio({ ref: 'words:1', intentId, at, salt: new Uint8Array(16), pcm: new Uint8Array(4_000).fill(5) });
const show = async () => (await act(['audit', 'show', '--config', set.config, '--order', 'LC-0042'])).out;
const forget = async (...which: readonly string[]) =>
  JSON.parse((await act(['audit', 'forget', '--config', set.config, ...which, '--json'])).out) as object;

it('says whether sound is kept, erases it with the words, and every proof still verifies', async () => {
  expect(await show()).toContain('sound: 0 utterances of this intent are kept on this device, 0 of all');
  expect(await forget('--intent', id('another'))).not.toHaveProperty('soundErased');
  const store = openAudio(stored, random);
  store.append([sound(INTENT_ID, START), sound(INTENT_ID, START), sound(id('another'), START - 1)]);
  store.close();
  expect(await show()).toContain('sound: 2 utterances of this intent are kept on this device, 3 of all');
  expect(await forget('--older-than', '9999d')).toMatchObject({ soundErased: 0 });
  expect(await forget('--intent', INTENT_ID)).toMatchObject({ soundErased: 2 });
  expect(audioKept(stored, INTENT_ID)).toEqual({ all: 1, ofIntent: 0 });
  expect((await act(['audit', 'verify', '--config', set.config])).code).toBe(0);
  expect((await act(['audit', 'verify', '--config', set.config, '--order', 'LC-0042'])).code).toBe(0);
});

it('erases what was kept with the first start of a device that is to keep nothing any more', () => {
  const keeping = openKeeper({ ...stored, voice: { keepAudioHours: 1 } } as never, ports);
  keeping?.close();
  expect(existsSync(join(set.state, 'audio.journal'))).toBe(true);
  expect(openKeeper({ ...stored, voice: {} } as never, ports)).toBeUndefined();
  expect(existsSync(join(set.state, 'audio.journal'))).toBe(false);
});
