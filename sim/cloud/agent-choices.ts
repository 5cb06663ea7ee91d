/** The choices that terms and prices name, as options of their item: `large` is a size, `sugar-less` is sugar, not ice. */
import type { IntentLine } from '../../device/voice/vocabulary.ts';
import { shopVocabulary } from '../shops/index.ts';

type Chosen = IntentLine['options'][number];

const ITEMS = new Map(shopVocabulary.items.map((item) => [item.id, item]));
const OPTIONS = new Map(shopVocabulary.options.map((option) => [option.id, option]));

/** The options of an item that is wanted so, or `undefined` where a choice is none of the item's, or of two of its options. */
export function optionsOf(itemId: string, choices: readonly string[] = []): readonly Chosen[] | undefined {
  const chosen = choices.map((choice) => optionOf(itemId, choice));
  return chosen.every((one) => one !== undefined) ? chosen : undefined;
}

/** A choice by its own id where one option of the item has it, otherwise behind the option's, `sugar-less`. */
function optionOf(itemId: string, choice: string): Chosen | undefined {
  const named = [...choicesOf(itemId)].filter(
    ({ optionId, choiceId }) => choice === choiceId || choice === `${optionId}-${choiceId}`,
  );
  return named.length === 1 ? named[0] : undefined;
}

function* choicesOf(itemId: string): Generator<Chosen> {
  for (const optionId of ITEMS.get(itemId)?.options ?? [])
    for (const { id: choiceId } of OPTIONS.get(optionId)?.choices ?? []) yield { optionId, choiceId };
}

/** Whether a thing with these choices can be had as it is wanted: it differs in no option that the wish names. */
export function isAsWanted(itemId: string, choices: readonly string[], wanted: readonly Chosen[]): boolean {
  return choices.every((choice) => {
    const offered = optionOf(itemId, choice);
    const wish = wanted.find(({ optionId }) => optionId === offered?.optionId);
    return wish === undefined || wish.choiceId === offered?.choiceId;
  });
}
