/** The part of a configuration that says where anchors of attestation records go (ACT 2.1 TSD-ATT-OCA). Without it none are made. */
import * as z from 'zod/mini';
import { file, listenHere, matching, refuse, required, rule, webUrl } from './config-rules.ts';

export const auditConfig = z.optional(
  required({
    /** Heads and proofs carry their own signatures; encryption keeps the ids from those on the way. */
    chainUrl: webUrl,
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

/** Where the services of a tenant run a trust chain node of their own and report to it; absent: they do neither. */
export const chainConfig = z.optional(
  required({
    /** On this machine only: there is no encryption. */
    listen: listenHere,
  }),
);
