import { describe, expect, it } from 'vitest';
import { type EpochSeconds, newId, openFrame, ProtocolError, sealFrame } from '../../../protocol/index.ts';
import { keyOf } from '../../../sim/cloud/key-of.ts';
import { STRANGE_BYTES, STRANGE_KINDS } from '../../../sim/fuzz/strange-bytes.ts';
import { SeededRandom } from '../../../sim/seeded-random.ts';
import { DEVICE, TENANT } from '../world/play.ts';

const NOW = 1_700_000_000 as EpochSeconds;
const { psp, directory, tenant } = TENANT;
const session = TENANT.devices.find(({ device }) => device === DEVICE)?.session;
if (!session) throw new Error('the device is not enrolled');
const self = { party: DEVICE, role: 'device' } as const;
const reader = { tenant, self, trust: directory.trust, sessionOf: () => session };
const genuine = sealFrame(
  { type: 'pay-status', body: { requestId: newId(new Uint8Array(16)), state: 'paid' } },
  { tenant, from: { party: psp.party, role: 'psp' }, to: self, session },
  { iat: NOW, lifetimeS: 60, cti: newId(new Uint8Array(16)) },
  keyOf(psp.frameSeed),
);

function codeOf(bytes: Uint8Array): string {
  try {
    return openFrame(bytes, reader, NOW).type;
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

describe('bytes that no sender of this profile writes (T20, T21, T24)', () => {
  it('are made of a frame that would be taken', () => {
    expect(codeOf(genuine)).toBe('pay-status');
  });

  it.each(STRANGE_KINDS)('are refused as %s, each by its own guard', (kind) => {
    for (let n = 0; n < 20; n += 1) expect(codeOf(STRANGE_BYTES[kind](genuine, new SeededRandom(`${n}`)))).toBe(kind);
  });
});
