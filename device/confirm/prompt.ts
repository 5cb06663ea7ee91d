/** What a confirmation is about, frozen before anything is shown (T6, T12). */
import { type Digest, digestOf } from '../../protocol/ids.ts';
import type { ConfirmationMethod } from '../../protocol/messages/payment.ts';
import type { EpochMs } from '../../protocol/time.ts';
import type { View } from './sealed-view.ts';

/** The documents a confirmation rests on, byte for byte: a payment's challenge and cart, a delegation's challenge and bounds. */
export type Documents = readonly Uint8Array[];

/** What reading the frozen bytes gave: the view of them, and until when they hold. */
export interface Rendered {
  readonly ok: true;
  readonly view: View;
  readonly expiresAt: EpochMs;
}

/** Why there is nothing to show. */
export interface NotRendered<Reason> {
  readonly ok: false;
  readonly reason: Reason;
}

const BY_FREEZING = Symbol('freezePrompt');

/** Bytes, their digests and their view, which belong together because only {@link freezePrompt} can bring them together. */
class FrozenBytes {
  /** Of each document, in their order. */
  readonly digests: readonly Digest[];
  readonly view: View;
  /** Signed with the confirmation: the gesture, and how the button is wired. */
  readonly method: ConfirmationMethod;
  /** From this instant on the prompt cannot be confirmed. */
  readonly expiresAt: EpochMs;
  readonly #documents: Documents;

  constructor(by: symbol, documents: Documents, about: Pick<FrozenBytes, 'digests' | 'view' | 'method' | 'expiresAt'>) {
    if (by !== BY_FREEZING) throw new Error('a prompt is made by freezePrompt only');
    this.#documents = documents;
    this.digests = Object.freeze([...about.digests]);
    this.view = about.view;
    this.method = about.method;
    this.expiresAt = about.expiresAt;
    Object.freeze(this);
  }

  /** Fresh copies of the frozen documents. */
  get documents(): Documents {
    return this.#documents.map(copyOf);
  }
}

/** A type only: there is no way to build one but {@link freezePrompt}. */
export type Prompt = FrozenBytes;

/**
 * Copies the bytes once, digests the copies, and lets `render` verify, parse and compose the view from copies of these
 * copies. Whatever happens to the sources afterwards, or did between two looks at them, what is shown, digested and
 * signed is one thing (T12). What `render` gave is handed on, its refusal as well.
 */
export function freezePrompt<Reason, Found extends Rendered = Rendered>(
  sources: Documents,
  method: ConfirmationMethod,
  render: (frozen: Documents) => Found | NotRendered<Reason>,
): { readonly ok: true; readonly prompt: Prompt; readonly rendered: Found } | NotRendered<Reason> {
  const documents = sources.map(copyOf);
  const digests = documents.map(digestOf);
  const rendered = render(documents.map(copyOf));
  if (!rendered.ok) return rendered;
  const { view, expiresAt } = rendered;
  const prompt = new FrozenBytes(BY_FREEZING, documents, { digests, view, method, expiresAt });
  return { ok: true, prompt, rendered };
}

/** Not `slice`: on a Node Buffer that is a window on the same memory. */
function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
