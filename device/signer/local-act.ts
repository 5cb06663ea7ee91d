/** What the wearer can do to the signer itself, each after a hold: nothing is signed. */
import { composeNotice } from '../confirm/notice-view.ts';
import type { DisplayProfile } from '../confirm/view.ts';
import type { Locale } from '../voice/vocabulary.ts';
import type { Reading } from './reading.ts';

export type LocalAct =
  /** Lifts a lock that the wearer set. */
  | { readonly kind: 'unlock' }
  /** Destroys the confirmation key. */
  | { readonly kind: 'reset' }
  /** Trusts a host from now on; the wearer compares the digits with those the host shows. */
  | { readonly kind: 'pair'; readonly code: string };

export function readLocalAct(act: LocalAct, profile: DisplayProfile, locale: Locale): Reading {
  const composed = composeNotice(act.kind, act.kind === 'pair' ? act.code : '', profile, locale);
  if (!composed.ok) return composed;
  return { ok: true, view: composed.view, sign: () => neverSigned() };
}

function neverSigned(): never {
  throw new Error('an act on the signer signs nothing');
}
