import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../device/adapters/system-clock.ts';
import { systemRandom } from '../../device/adapters/system-random.ts';
import { PROFILES } from '../../device/confirm/view.ts';
import type { SignerAnswer } from '../../device/signer/port.ts';
import { softSigningKey } from '../../protocol/index.ts';
import { openSigner } from '../../scripts/agent-signer.ts';
import { VirtualButton, VirtualDisplay, VirtualSpeaker } from '../../sim/hardware.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';
import { cartBytes, challengeBytes, DEVICE, directory, PSP, SIGNER_SEED, START } from '../device/builders.ts';

const state = mkdtempSync(join(tmpdir(), 'act-edge-signer-'));

afterEach(() => {
  vi.useRealTimers();
  rmSync(state, { recursive: true, force: true });
});

it('T16: the signer in the device’s process does not go by the wall clock, whoever sets it', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
  const [display, button] = [new VirtualDisplay(), new VirtualButton(new VirtualClock(START))];
  const opened = openSigner(
    { signer: { kind: 'soft' }, state: { directory: state } } as Parameters<typeof openSigner>[0],
    { settings: { device: DEVICE, psp: PSP, directory }, keys: { signer: softSigningKey(SIGNER_SEED) } } as Parameters<
      typeof openSigner
    >[1],
    { clock: systemClock(), random: systemRandom(), log: { write: () => {} } },
    { button, display, speaker: new VirtualSpeaker(), profile: PROFILES['hud-480x640'] },
  );
  const answers: SignerAnswer[] = [];
  const request = { kind: 'payment', challenge: challengeBytes(), cart: cartBytes(), locale: 'en-US' } as const;
  opened.signer.confirm(request, (answer) => answers.push(answer));
  expect(display.current).toBeDefined();
  for (const stepMs of [-86_400_000, 86_400_000]) {
    vi.setSystemTime(START + stepMs);
    button.edge(stepMs < 0 ? 'down' : 'up');
  }
  expect(answers).toEqual([]);
  opened.signer.withdraw();
  opened.close();
});
