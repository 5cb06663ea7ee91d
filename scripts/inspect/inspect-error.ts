export type InspectCode = 'inspect-input' | 'inspect-unreadable' | 'inspect-malformed' | 'inspect-empty';

/** The input cannot be looked at. Exit code 1. */
export class InspectError extends Error {
  override readonly name = 'InspectError';
  readonly code: InspectCode;
  /** What to do next. */
  readonly hint: string;
  /** Byte offset into the decoded input; for `inspect-input` the place of a character, from 0. */
  readonly at: number | undefined;

  constructor(code: InspectCode, message: string, hint: string, at?: number) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.at = at;
  }
}
