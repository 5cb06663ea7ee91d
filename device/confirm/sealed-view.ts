/** What is shown and said before a signature, and the digest that is signed with it (design 5). */
import { encodeCbor } from '../../protocol/cbor.ts';
import { type Digest, digestOf } from '../../protocol/ids.ts';
import type { Locale } from '../voice/vocabulary.ts';

/** One screenful. */
export interface Page {
  /** All that is drawn, from the top; never more than the profile's rows, never wider than its columns. */
  readonly lines: readonly string[];
  /** 0 for the first page. */
  readonly index: number;
  readonly count: number;
  /** A caption for bodies that have a place for one outside the grid. */
  readonly title: string;
}

/** The content of a view before it is sealed. */
export interface ViewContent {
  readonly profileId: string;
  readonly locale: Locale;
  readonly title: string;
  /** The lines of each page; empty without a display. At most 63 lines on each of at most 64 pages. */
  readonly screens: readonly (readonly string[])[];
  /** Sentences in the order of speaking; empty without a speaker. At most 64. */
  readonly spoken: readonly string[];
}

/**
 * A view whose digest belongs to its content: the constructor copies, freezes and digests, and nothing can change later
 * (T6, T12). Being a class with a private field, it cannot be imitated by a literal of the same shape.
 */
export class View {
  readonly profileId: string;
  readonly locale: Locale;
  /** Empty where there is no display. */
  readonly pages: readonly Page[];
  /** Empty where nothing is said. */
  readonly spoken: readonly string[];
  readonly #digest: Digest;

  /** @throws ProtocolError `cbor-*` for content beyond the limits of the CBOR profile; composers make that a refusal. */
  constructor(content: ViewContent) {
    const { profileId, locale, title, screens, spoken } = content;
    this.profileId = profileId;
    this.locale = locale;
    this.pages = Object.freeze(
      screens.map((lines, index) =>
        Object.freeze({ lines: Object.freeze([...lines]), index, count: screens.length, title }),
      ),
    );
    this.spoken = Object.freeze([...spoken]);
    this.#digest = digestOf(encodeCbor(digested(content)));
    Object.freeze(this);
  }

  /** SHA-256 over the deterministic CBOR of `[profile id, locale, [[title, line…]…], [sentence…]]`. */
  get digest(): Digest {
    return this.#digest;
  }
}

/** What the digest covers: everything that can be seen or heard, and for which surface it was laid out. */
function digested({ profileId, locale, title, screens, spoken }: ViewContent) {
  return [profileId, locale, screens.map((lines) => [title, ...lines]), [...spoken]];
}
