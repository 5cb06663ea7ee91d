/** Who is in the samples, with which keys and when. Keys come from labels and the time stands still. */
import {
  epochSeconds,
  newId,
  type Party,
  parseSessionId,
  type Role,
  sha256,
  softSigningKey,
  TrustSet,
  trustedKey,
  utf8,
} from '../protocol/index.ts';

export const NOW = epochSeconds(1_790_000_000);
export const TENANT = 'tenant-1';
export const SESSION = parseSessionId('5e5510005e551000');

/** A signing key out of a label. */
export const keyOf = (label: string) => softSigningKey(sha256(utf8(`act-edge sample key ${label}`)));
/** An id out of a label. */
export const idOf = (label: string) => newId(sha256(utf8(label)).slice(0, 16));
/** A second `after` the time of the samples. */
export const at = (after: number) => epochSeconds(NOW + after);

/** Device and signer are one party with two keys (design 2). */
export const PARTIES = {
  device: { party: 'glasses-7', role: 'device' },
  signer: { party: 'glasses-7', role: 'signer' },
  agent: { party: 'agent-1', role: 'agent' },
  merchant: { party: 'lane-coffee', role: 'merchant' },
  psp: { party: 'psp-1', role: 'psp' },
} as const satisfies Record<Role, Party>;

export const FRAME_KEYS = {
  device: keyOf('device frames'),
  agent: keyOf('agent frames'),
  merchant: keyOf('merchant frames'),
  psp: keyOf('psp frames'),
} as const;
export const OBJECT_KEYS = {
  agent: keyOf('agent objects'),
  signer: keyOf('signer objects'),
  merchant: keyOf('merchant objects'),
  psp: keyOf('psp objects'),
} as const;

/** Everyone's keys, as enrolment would have left them. */
export const TRUST = new TrustSet([
  ...Object.entries(FRAME_KEYS).map(([role, { publicKey }]) =>
    trustedKey({ ...PARTIES[role as Role], tenant: TENANT, use: 'frame', publicKey }),
  ),
  ...Object.entries(OBJECT_KEYS).map(([role, { publicKey }]) =>
    trustedKey({ ...PARTIES[role as Role], tenant: TENANT, use: 'object', publicKey }),
  ),
]);
