import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAgentConfig, readCloudConfig } from '../../device/adapters/config-file.ts';
import { RECIPIENT_KEY_MAX_WINDOW_S } from '../../protocol/recipient-key.ts';
import type { EpochSeconds } from '../../protocol/time.ts';
import { readAgentParts } from '../../scripts/agent-parts.ts';
import { makeDemoSet } from '../../scripts/demo-set.ts';
import { codeOf } from '../helpers/code-of.ts';
import { countingRandom } from '../helpers/counting-random.ts';
import { temporaryDirectory } from '../helpers/temporary.ts';
import { change } from '../process/yaml.ts';

const SINCE = 1_750_000_000 as EpochSeconds;
let folder: ReturnType<typeof temporaryDirectory>;
let files: ReturnType<typeof makeDemoSet>;
let agentFile: string;
beforeAll(() => {
  folder = temporaryDirectory();
  const devices = [{ id: 'glasses-01', folder: 'device' }];
  const set = { directory: folder.path, devices, brokerUrl: 'mqtt://127.0.0.1:1', withPassword: false };
  files = makeDemoSet(set, countingRandom('demo set'), SINCE);
  agentFile = files.agents[0] ?? '';
});
afterAll(() => folder.remove());

/** The parts of the device; its keys are closed again at once. */
function recipientParts() {
  const { keys, recipient } = readAgentParts(readAgentConfig(agentFile));
  for (const key of Object.values(keys)) key.destroy();
  return recipient;
}

describe('the length of a window', () => {
  it.each([30, 86_400, RECIPIENT_KEY_MAX_WINDOW_S])('may be %i seconds', (recipientKeyWindowSeconds) => {
    for (const path of [agentFile, files.cloud]) change(path, 'keys', { recipientKeyWindowSeconds });
    expect(readAgentConfig(agentFile).keys.recipientKeyWindowSeconds).toBe(recipientKeyWindowSeconds);
    expect(readCloudConfig(files.cloud).keys.recipientKeyWindowSeconds).toBe(recipientKeyWindowSeconds);
    for (const path of [agentFile, files.cloud]) change(path, 'keys', { recipientKeyWindowSeconds: undefined });
  });

  it.each([29, RECIPIENT_KEY_MAX_WINDOW_S + 1, 60.5, '60'])('cannot be %j', (recipientKeyWindowSeconds) => {
    for (const path of [agentFile, files.cloud]) change(path, 'keys', { recipientKeyWindowSeconds });
    expect(() => readAgentConfig(agentFile)).toThrow(
      /keys\.recipientKeyWindowSeconds: expected a whole number from 30/,
    );
    expect(() => readCloudConfig(files.cloud)).toThrow(/keys\.recipientKeyWindowSeconds/);
    for (const path of [agentFile, files.cloud]) change(path, 'keys', { recipientKeyWindowSeconds: undefined });
  });
});

describe("a device's recipient keys", () => {
  it('begin with the one it enrolled with, in the window that the directory gives it', () => {
    const { enrolled, windowS, stores } = recipientParts();
    expect(enrolled).toMatchObject({ notBefore: SINCE, notAfter: SINCE + RECIPIENT_KEY_MAX_WINDOW_S });
    expect(windowS).toBe(RECIPIENT_KEY_MAX_WINDOW_S);
    expect([stores.own.read(), stores.statements.read()]).toEqual([[], []]);
  });

  it('that followed the first are found again, and where the state was removed there are none', () => {
    const { stores } = recipientParts();
    mkdirSync(join(folder.path, 'device/state'));
    const key = { seed: new Uint8Array(32).fill(7), notBefore: SINCE, notAfter: (SINCE + 100) as EpochSeconds };
    stores.own.keep(key, new Uint8Array(150));
    expect(recipientParts().stores.own.read()).toEqual([key]);
    rmSync(join(folder.path, 'device/state'), { recursive: true });
    expect(recipientParts().stores.own.read()).toEqual([]);
  });

  it('go on without the first once that was erased, but a path that never held one is an error', () => {
    const { enrolled, stores } = recipientParts();
    stores.own.erase(enrolled?.key.kid ?? new Uint8Array());
    expect(codeOf(recipientParts)).toBe('keystore-unreadable');
    mkdirSync(join(folder.path, 'device/state/recipient-keys'), { recursive: true });
    expect(recipientParts().enrolled).toBeUndefined();
  });
});
