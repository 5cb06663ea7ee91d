/** Where a wearer saw what they signed: the surface whose view has the digest in the signed object (ACTC-CNF-018). */
import { composeAccountChange } from '../../device/confirm/account-view.ts';
import { composeBinding } from '../../device/confirm/binding-view.ts';
import { composeBounds } from '../../device/confirm/bounds-view.ts';
import { composeChange } from '../../device/confirm/change-view.ts';
import { type ComposedView, composeView, type DisplayProfile, PROFILES } from '../../device/confirm/view.ts';
import { fromHex, type ObjectType, openObject, sumMinor, type TrustSet } from '../../protocol/index.ts';
import type { Json } from '../../scripts/make-published/vector.ts';

const LOCALES = ['en-US', 'zh-CN'] as const;
type Locale = (typeof LOCALES)[number];

export interface Sought {
  readonly object: string;
  readonly signed: string;
  readonly about: readonly string[];
  readonly names: Readonly<Record<Locale, Readonly<Record<string, string>>>>;
}

interface Pinned {
  readonly trust: TrustSet;
  readonly tenant: string;
}

type Compose = (locale: Locale, profile: DisplayProfile) => ComposedView;
interface Seen {
  readonly viewDigest: string;
  /** Absent where the object refers to something else. */
  readonly compose?: Compose | undefined;
}

const FINDERS: Readonly<Record<string, (sought: Sought, pinned: Pinned) => Seen>> = {
  confirmation: ({ signed, about, names }, pinned) => {
    const { value } = opened('confirmation', signed, pinned);
    const [challenge, { value: cart, digest }] = [
      opened('challenge', about[0], pinned),
      opened('cart', about[1], pinned),
    ];
    const isAbout = value.challengeDigest === challenge.digest && challenge.value.cartDigest === digest;
    const discountMinor = sumMinor(cart.discounts.map(({ amountMinor }) => amountMinor));
    const compose: Compose = (locale, profile) =>
      composeView({ ...cart, discountMinor, locale, payeeName: names[locale][cart.merchant] ?? '' }, profile);
    return { viewDigest: value.viewDigest, compose: isAbout ? compose : undefined };
  },
  authorization: ({ signed, names }, pinned) => {
    const { iac, viewDigest } = opened('authorization', signed, pinned).value;
    const nameIn = (locale: Locale) => (merchant: string) => names[locale][merchant] ?? '';
    return {
      viewDigest,
      compose: (locale, profile) => composeBounds({ iac, locale, nameOf: nameIn(locale) }, profile),
    };
  },
  'lifecycle-order': ({ signed, about, names }, pinned) => {
    const { change, viewDigest } = opened('lifecycle-order', signed, pinned).value;
    const { iac } = opened('authorization', about[0], pinned).value;
    const nameIn = (locale: Locale) => (merchant: string) => names[locale][merchant] ?? merchant;
    const compose: Compose = (locale, profile) =>
      composeChange({ change, iac, locale, nameOf: nameIn(locale) }, profile);
    return { viewDigest, compose: change.delegationId === iac.delegationId ? compose : undefined };
  },
  'sub-account-order': ({ signed, about, names }, pinned) => {
    const { change, viewDigest } = opened('sub-account-order', signed, pinned).value;
    const { iac } = opened('authorization', about[0], pinned).value;
    const nameIn = (locale: Locale) => (merchant: string) => names[locale][merchant] ?? '';
    const compose: Compose = (locale, profile) =>
      composeAccountChange({ change, iac, locale, nameOf: nameIn(locale) }, profile);
    return { viewDigest, compose: change.delegationId === iac.delegationId ? compose : undefined };
  },
  'binding-consent': ({ signed, about }, pinned) => {
    const { offerDigest, viewDigest } = opened('binding-consent', signed, pinned).value;
    const offer = opened('binding-offer', about[0], pinned);
    const compose: Compose = (locale, profile) => composeBinding(offer.value, locale, profile);
    return { viewDigest, compose: offerDigest === offer.digest ? compose : undefined };
  },
};

function opened<T extends ObjectType>(type: T, bytes: string | undefined, pinned: Pinned) {
  return openObject(type, fromHex(bytes ?? ''), pinned);
}

/** Profile and locale of the view that was seen, or the code of a vector where there is none. */
export function seenOn(sought: Sought, pinned: Pinned): Json {
  const { viewDigest, compose } = FINDERS[sought.object]?.(sought, pinned) ?? { viewDigest: '' };
  for (const profile of Object.values(PROFILES)) {
    for (const locale of LOCALES) {
      const made = compose?.(locale, profile);
      if (made?.ok && made.view.digest === viewDigest) return { profile: profile.id, locale };
    }
  }
  return { code: 'view-differs' };
}
