/** The enrolments of a tenant as a file, so that services can be run for devices that keep their keys to themselves. */

import * as z from 'zod/mini';
import { type EpochSeconds, epochSeconds, fromHex, hex, parseSessionId } from '../../protocol/index.ts';
import type { Enrolment } from './tenant.ts';

const key = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const formerKey = z.strictObject({
  role: z.enum(['device', 'signer']),
  publicKeyHex: key,
  until: z.int(),
  isHandedOver: z.boolean(),
});
const enrolment = z.strictObject({
  device: z.string(),
  framePublicKeyHex: key,
  confirmationPublicKeyHex: key,
  recipientKeyHex: z.string().check(z.regex(/^([0-9a-f]{2}){1,512}$/)),
  sessionHex: z.string().check(z.regex(/^[0-9a-f]{16}$/)),
  agentId: z.string(),
  paymentToken: z.string(),
  account: z.optional(z.string()),
  formerKeys: z.optional(z.array(formerKey)),
  identityKeyHex: z.optional(key),
});
const schema = z.strictObject({
  /** From when on the recipient keys hold, in epoch seconds. */
  since: z.int(),
  devices: z.array(enrolment),
});

export interface Enrolments {
  readonly since: EpochSeconds;
  readonly devices: readonly Enrolment[];
}

/** What is kept of each enrolment. The payment token is a secret between device and PSP: the file is private. */
export function enrolmentsFile({ since, devices }: Enrolments): z.infer<typeof schema> {
  return {
    since,
    devices: devices.map(({ device, framePublicKey, confirmationPublicKey, recipientKey, session, ...rest }) => ({
      device,
      framePublicKeyHex: hex(framePublicKey),
      confirmationPublicKeyHex: hex(confirmationPublicKey),
      recipientKeyHex: hex(recipientKey),
      sessionHex: session,
      agentId: rest.agentId,
      paymentToken: rest.paymentToken,
      ...(rest.account !== undefined && { account: rest.account }),
      ...(rest.identityKey !== undefined && { identityKeyHex: hex(rest.identityKey) }),
      ...(rest.formerKeys !== undefined && {
        formerKeys: rest.formerKeys.map(({ publicKey, ...former }) => ({ ...former, publicKeyHex: hex(publicKey) })),
      }),
    })),
  };
}

/** @returns `undefined` for anything that {@link enrolmentsFile} did not make. */
export function readEnrolments(read: unknown): Enrolments | undefined {
  const result = schema.safeParse(read);
  if (!result.success) return undefined;
  const devices = result.data.devices.map((one) => ({
    device: one.device,
    framePublicKey: fromHex(one.framePublicKeyHex),
    confirmationPublicKey: fromHex(one.confirmationPublicKeyHex),
    recipientKey: fromHex(one.recipientKeyHex),
    session: parseSessionId(one.sessionHex),
    agentId: one.agentId,
    paymentToken: one.paymentToken,
    ...(one.account !== undefined && { account: one.account }),
    ...(one.identityKeyHex !== undefined && { identityKey: fromHex(one.identityKeyHex) }),
    ...(one.formerKeys !== undefined && {
      formerKeys: one.formerKeys.map(({ publicKeyHex, until, ...former }) => ({
        ...former,
        publicKey: fromHex(publicKeyHex),
        until: epochSeconds(until),
      })),
    }),
  }));
  return { since: epochSeconds(result.data.since), devices };
}
