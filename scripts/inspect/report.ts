/** What an inspection finds. `--json` prints it as it is, the terminal the same with explanations in words. */
import type { Role } from '../../protocol/index.ts';

/** Something wrong, with the code by which `protocol/` refuses it. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  /** Byte offset into the whole input, where there is one. Inside an opened envelope it counts from the frame's first byte. */
  readonly at?: number;
  /** Field path. */
  readonly path?: string;
}

export interface Field {
  /** Names from the declaration, for example `lines[0].amountMinor`. */
  readonly path: string;
  readonly value: number | string | boolean | null;
  /** An amount with its currency, a time in UTC; absent where the value says it itself. */
  readonly means?: string;
  /** The signed object in this field, or the credential that is to be signed. */
  readonly inside?: Report;
}

/** A run of bytes of the input. */
export interface Part {
  readonly name: string;
  readonly at: number;
  readonly bytes: number;
}

export interface SignatureReport {
  readonly kid: string;
  /** Whose key that is according to the directory. */
  readonly by?: { readonly party: string; readonly role: Role };
  readonly state: 'verified' | 'refused' | 'unchecked';
  /** Why it is not verified. */
  readonly why?: string;
}

export type Kind = 'frame' | 'object' | 'recipient-key' | 'signed' | 'sealed' | 'evidence' | 'draft' | 'cbor';

export interface Report {
  readonly kind: Kind;
  /** Of frames and objects; absent for a number without a name. */
  readonly type?: string;
  /** Length of the whole thing, in bytes. */
  readonly bytes: number;
  /** SHA-256 in hex: what other objects and the audit refer to. */
  readonly sha256: string;
  /** The facts of the envelope, in order: type number, sender, times. */
  readonly header: readonly Field[];
  readonly signature?: SignatureReport;
  readonly parts: readonly Part[];
  readonly fields: readonly Field[];
  /** The frame of an opened envelope. */
  readonly inside?: Report;
  readonly faults: readonly Fault[];
}

/** The thing itself and everything in it. */
export function allReports(report: Report): Report[] {
  const inner = [...report.fields.flatMap(({ inside }) => inside ?? []), ...(report.inside ? [report.inside] : [])];
  return [report, ...inner.flatMap(allReports)];
}

/** Whether nothing is wrong with it; a signature that nobody asked to check is not wrong. */
export function isSound(report: Report): boolean {
  return allReports(report).every(({ faults, signature }) => faults.length === 0 && signature?.state !== 'refused');
}
