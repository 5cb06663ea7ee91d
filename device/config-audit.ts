/** The part of a configuration that says where anchors of attestation records go (ACT 2.1 TSD-ATT-OCA). Without it none are made. */
import * as z from 'zod/mini';
import { file, matching, refuse, required, rule } from './config-rules.ts';

/** Heads and proofs carry their own signatures; encryption keeps the ids from those on the way. */
function isChainUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(value);
  const isHere = hostname === '127.0.0.1' || hostname === '[::1]' || hostname === 'localhost';
  const isPlain = username === '' && password === '' && search === '' && hash === '';
  return isPlain && (protocol === 'https:' || (protocol === 'http:' && isHere));
}

/** The value is never repeated: people do write passwords into addresses (T19). */
const chainUrl = z.custom<string>(isChainUrl, {
  error: ({ input }) =>
    `${input === undefined ? 'missing; ' : ''}expected https:// and a host (http:// on this machine only), without user, password or query`,
});

export const auditConfig = z.optional(
  required({
    chainUrl,
    /** Under which name the node signs its heads. */
    chainName: matching(/^[!-*,-~]{1,128}$/, '1 to 128 visible ASCII characters without +'),
    chainKeyHex: z.optional(matching(/^[0-9a-f]{64}$/, '32 bytes as 64 lower-case hex digits, in quotes')),
    /** Holds the same in one line. */
    chainKeyFile: z.optional(file),
    privacyChannel: rule<string>(
      (value) => typeof value === 'string' && /^[!-~]{1,96}$/.test(value),
      'the channel id that the node gave, 1 to 96 visible ASCII characters',
    ),
  }).check((context) => {
    const { chainKeyHex, chainKeyFile } = context.value;
    const isOne = (chainKeyHex === undefined) !== (chainKeyFile === undefined);
    refuse(context, !isOne, 'chainKeyHex', 'exactly one of chainKeyHex and chainKeyFile is needed');
  }),
);

/** Where anchors go, checked. */
export type AuditConfig = NonNullable<z.infer<typeof auditConfig>>;
