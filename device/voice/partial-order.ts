/** An order while it is being understood: everything said so far, with what is still open kept visibly open. */

/** A choice, or several that were said against each other. */
export interface PartialChoice {
  readonly optionId: string;
  /** More than one: the wearer must say which. */
  readonly choiceIds: readonly string[];
  /** Whether `choiceIds` are what a refusal left ("not large") rather than what was named. */
  readonly leftByRefusal?: true;
}

/** One line, as far as it is understood. */
export interface PartialLine {
  /** None: no item known yet. One: decided, unless `said` holds words that do not belong to its name. */
  readonly itemIds: readonly string[];
  /** Words around or instead of an item that the catalogue does not know. */
  readonly said?: string;
  /** As said, not yet checked: 0, fractions and large numbers included. NaN when two numbers were said. Absent: one. */
  readonly quantity?: number;
  readonly options: readonly PartialChoice[];
}

/** Everything said so far. */
export interface PartialOrder {
  readonly lines: readonly PartialLine[];
  /** Upper limits heard, in minor units; more than one: they disagree. */
  readonly limitsMinor: readonly number[];
  /** Amounts heard that were not said to be limits ("a 25 yuan latte", "around 25 yuan"). */
  readonly amountsMinor: readonly number[];
  /** Whether a foreign amount was heard. */
  readonly foreign: boolean;
  /** Whether the limit was said of each piece. */
  readonly perPiece: boolean;
  readonly merchantIds: readonly string[];
  readonly minutes: readonly number[];
  /** Parts of the utterance that mean something and were not understood; never dropped silently. */
  readonly extras: readonly string[];
}
