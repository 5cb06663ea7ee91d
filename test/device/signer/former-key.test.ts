import { describe, expect, it } from 'vitest';
import { type Directory, openDirectory } from '../../../device/directory.ts';
import { readLifecycle } from '../../../device/signer/read-lifecycle.ts';
import { hex, publicKeyOf, sha256, utf8 } from '../../../protocol/index.ts';
import { DEVICE, directory, MERCHANT, OTHER_MERCHANT, seconds, TENANT } from '../builders.ts';
import { authorizationBytes, changeBytes, settings } from './documents.ts';

/** The directory after the wearer's key was replaced a day after the delegation was given. */
function replaced(): Directory {
  const [key] = directory.keys.filter(({ party, role }) => party === DEVICE && role === 'signer');
  if (!key) throw new Error('the device has a signer');
  const entry = { party: DEVICE, role: 'signer', use: 'object' } as const;
  const names = (party: string) => ({
    'zh-CN': [directory.nameOf(party, 'zh-CN') ?? ''],
    'en-US': [directory.nameOf(party, 'en-US') ?? ''],
  });
  return openDirectory({
    tenant: TENANT,
    keys: [
      { ...entry, publicKeyHex: hex(key.publicKey), until: seconds(86_400) },
      { ...entry, publicKeyHex: hex(publicKeyOf(sha256(utf8('the next key')))) },
    ],
    merchants: [MERCHANT, OTHER_MERCHANT].map((party) => ({ party, names: names(party) })),
  });
}

describe('T17: a delegation that was signed with a key that was replaced since', () => {
  const about = { ...settings, directory: replaced() };
  const authorization = authorizationBytes();

  it.each([
    ['Suspended', 'Active'],
    ['Revoked', 'Active'],
    ['Revoked', 'Suspended'],
  ] as const)('can still be stopped: to %s from %s', (to, from) => {
    expect(readLifecycle([changeBytes({ to, from }), authorization], about).ok).toBe(true);
  });

  it('is not resumed: that takes a new one', () => {
    const reading = readLifecycle([changeBytes({ to: 'Active', from: 'Suspended' }), authorization], about);
    expect(reading).toEqual({ ok: false, reason: 'authorization-signature' });
  });
});
