/** The view of something that is done to the signer itself: pairing, unlocking, erasing. No text of a peer stands in it. */
import type { Locale } from '../voice/vocabulary.ts';
import { paginate } from './layout.ts';
import { NOTICES, type NoticeKind, PHRASES } from './phrases.ts';
import type { DisplayProfile } from './profiles.ts';
import { View } from './sealed-view.ts';
import type { ComposedView } from './view.ts';
import { wrap } from './width.ts';

/** `code` is what the wearer compares when pairing: digits only. The first page says everything, or there is no view. */
export function composeNotice(kind: NoticeKind, code: string, profile: DisplayProfile, locale: Locale): ComposedView {
  if (!/^\d{0,12}$/.test(code)) throw new Error('a code to compare has digits only');
  const notice = NOTICES[locale][kind];
  const { click } = PHRASES[locale];
  const first = [...wrap(notice.text, profile.columns), ...(code === '' ? [] : [code])];
  const parts = { heading: notice.heading, first, body: [], reminder: [], closing: [notice.hold, click] };
  const screens = profile.columns > 0 ? paginate(parts, profile) : [];
  if (!screens) return { ok: false, reason: 'display-too-small' };
  // Digits one by one: a code is compared, not counted.
  const said = code === '' ? [] : [[...code].join(' ')];
  const spoken = profile.speech ? [notice.text, ...said, `${notice.hold}. ${click}.`] : [];
  if (screens.length + spoken.length === 0) return { ok: false, reason: 'display-too-small' };
  return { ok: true, view: new View({ profileId: profile.id, locale, title: notice.heading, screens, spoken }) };
}
