/** Where a device's signer is, and what a signer that is a program of its own runs with. */
import * as z from 'zod/mini';
import { file, got, required } from './config-rules.ts';

/** What a host keeps of the signer it is paired with: its own pairing key, and who the signer is. */
const paired = { pairingKeyFile: file, signerFile: file };

const KINDS = {
  /** In the device's own process, with the device's button and display. */
  soft: z.strictObject({ kind: z.literal('soft') }),
  /** On USB. */
  hid: z.strictObject({ kind: z.literal('hid'), ...paired }),
  /** Another program on this machine, such as `act-edge signer --emulate`. */
  socket: z.strictObject({ kind: z.literal('socket'), socketFile: file, ...paired }),
} as const;

const NAMES = Object.keys(KINDS).map((kind) => JSON.stringify(kind));

const section = z.discriminatedUnion('kind', [KINDS.soft, KINDS.hid, KINDS.socket], {
  error({ code, input }) {
    if (code !== 'invalid_union') return 'expected a section';
    const kind = (input as { kind?: unknown }).kind;
    return `${kind === undefined ? 'missing; ' : ''}expected one of ${NAMES.join(', ')}${got(kind)}`;
  },
});

/** The section `signer` of a device: its `kind` says which other keys there are. */
export const signerConfig = z._default(section, { kind: 'soft' });
export type SignerConfig = z.infer<typeof signerConfig>;

/** Keys of a signer program. */
export const signerKeys = required({
  confirmationKeyFile: file,
  identityKeyFile: file,
  passphraseFile: file,
  /** The maker's certificate for the identity key. */
  certificateFile: z.optional(file),
});
