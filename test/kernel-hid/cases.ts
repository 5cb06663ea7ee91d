import { type Cases, LAST_CASES, LINK_CASES } from './link-cases.ts';
import { SIGNER_CASES } from './signer-cases.ts';

/** All that runs inside the guest, in this order. */
export const CASES: Cases = { ...LINK_CASES, ...SIGNER_CASES, ...LAST_CASES };
