/** The words a wearer may order with. It comes from the agent's catalogue; the parser and the recogniser's grammar are compiled from it. */

export type Locale = 'zh-CN' | 'en-US';

/** At least one name for each language; the first is the one shown and spoken, the others are understood. */
export type Names = Readonly<Record<Locale, readonly string[]>>;

export interface VocabularyChoice {
  /** Unique within its option, for example `large`. */
  readonly id: string;
  readonly names: Names;
}

/** One thing that can be chosen about an item, for example its size. */
export interface VocabularyOption {
  /** Unique in the vocabulary, for example `size`. */
  readonly id: string;
  readonly names: Names;
  readonly choices: readonly VocabularyChoice[];
}

export interface VocabularyItem {
  /** Unique in the vocabulary and independent of the shop, for example `iced-latte`. */
  readonly id: string;
  readonly category: string;
  readonly names: Names;
  /** Ids of the options that make sense for this item. */
  readonly options: readonly string[];
}

export interface VocabularyMerchant {
  readonly id: string;
  readonly names: Names;
}

export interface Vocabulary {
  readonly items: readonly VocabularyItem[];
  readonly options: readonly VocabularyOption[];
  readonly merchants: readonly VocabularyMerchant[];
}

/** One line of what the wearer asked for. */
export interface IntentLine {
  readonly itemId: string;
  /** 1 to 20. */
  readonly quantity: number;
  readonly options: readonly { readonly optionId: string; readonly choiceId: string }[];
}

/** What was understood, complete enough to be summarised and confirmed. */
export interface IntentDraft {
  /** At least one line. */
  readonly lines: readonly IntentLine[];
  /** The most the wearer will pay in all, in minor units of the order's currency; absent when not said. */
  readonly maxTotalMinor?: number;
  readonly merchantId?: string;
  /** "within half an hour": minutes from now, 1 to 1,440. */
  readonly deliverWithinMin?: number;
}
