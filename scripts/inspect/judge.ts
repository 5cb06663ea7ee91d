/** Who signed, and whether it verifies: with the same functions as a receiver uses, at the time the message was made. */
import type { Directory } from '../../device/index.ts';
import {
  FRAMES,
  type FramePeek,
  hex,
  type ObjectType,
  openFrame,
  openObject,
  openRecipientKey,
  ProtocolError,
  type Role,
  SERVICE_SESSION,
  type SessionId,
} from '../../protocol/index.ts';
import type { SignatureReport } from './report.ts';

export interface Judge {
  /** Absent: nothing can be checked. */
  readonly directory: Directory | undefined;
  /** The enrolment session of the device at one end; frames are bound to it and do not carry it (T5). */
  readonly session: SessionId | undefined;
}

const NO_DIRECTORY = 'give --directory FILE to check it';

/** Verdict of `check`, which returns nothing when it verifies. */
function judged(
  kid: Uint8Array,
  { directory }: Judge,
  check: (directory: Directory) => SignatureReport['why'],
): SignatureReport {
  const name = hex(kid);
  if (directory === undefined) return { kid: name, state: 'unchecked', why: NO_DIRECTORY };
  const key = directory.keys.find((one) => hex(one.kid) === name);
  const by = key && { by: { party: key.party, role: key.role } };
  try {
    const why = check(directory);
    return { kid: name, ...by, ...(why === undefined ? { state: 'verified' } : { state: 'unchecked', why }) };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return {
      kid: name,
      ...by,
      state: 'refused',
      why: key ? error.message : `${error.message}: the key is not in the directory`,
    };
  }
}

export function judgeObject(type: ObjectType, bytes: Uint8Array, kid: Uint8Array, judge: Judge): SignatureReport {
  return judged(kid, judge, ({ trust, tenant }) => {
    openObject(type, bytes, { trust, tenant });
    return undefined;
  });
}

export function judgeRecipientKey(bytes: Uint8Array, kid: Uint8Array, judge: Judge): SignatureReport {
  return judged(kid, judge, ({ trust, tenant }) => {
    openRecipientKey(bytes, { trust, tenant });
    return undefined;
  });
}

/** The receiver is whom the frame names; its role is bound and not carried, so each that the type allows is tried. */
export function judgeFrame(bytes: Uint8Array, peek: FramePeek, kid: Uint8Array, judge: Judge): SignatureReport {
  return judged(kid, judge, ({ trust, tenant }) => {
    const { from, to } = FRAMES[peek.type] as { readonly from: readonly Role[]; readonly to: readonly Role[] };
    const session = from.includes('device') || to.includes('device') ? judge.session : SERVICE_SESSION;
    if (session === undefined) return 'it is bound to the session of the enrolment; give --session HEX to check it';
    let refused: unknown;
    for (const role of to) {
      const reader = { tenant, self: { party: peek.aud, role }, trust, sessionOf: () => session };
      try {
        openFrame(bytes, reader, peek.iat);
        return undefined;
      } catch (error) {
        refused = error;
      }
    }
    throw refused;
  });
}
