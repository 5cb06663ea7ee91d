/** A vocabulary compiled for parsing. Compiled once per vocabulary object; vocabularies are immutable. */
import { type Token, tokenise } from './tokens.ts';
import { Trie } from './trie.ts';
import type { Names, Vocabulary, VocabularyItem, VocabularyOption } from './vocabulary.ts';

/** What one name of the vocabulary stands for. */
export type CatalogueEntry =
  | { readonly kind: 'item'; readonly itemId: string }
  | { readonly kind: 'choice'; readonly optionId: string; readonly choiceId: string }
  | { readonly kind: 'option'; readonly optionId: string }
  | { readonly kind: 'merchant'; readonly merchantId: string };

/** A vocabulary ready for parsing. */
export interface Catalogue {
  readonly trie: Trie<CatalogueEntry>;
  readonly items: ReadonlyMap<string, VocabularyItem>;
  readonly options: ReadonlyMap<string, VocabularyOption>;
  /** Every name of every item, tokenised, for finding what an unknown word may have meant. */
  readonly itemNames: readonly { readonly itemId: string; readonly tokens: readonly Token[] }[];
}

const compiled = new WeakMap<Vocabulary, Catalogue>();

/** The compiled form of `vocabulary`. */
export function catalogueOf(vocabulary: Vocabulary): Catalogue {
  let catalogue = compiled.get(vocabulary);
  if (catalogue === undefined) {
    catalogue = compile(vocabulary);
    compiled.set(vocabulary, catalogue);
  }
  return catalogue;
}

function compile(vocabulary: Vocabulary): Catalogue {
  const trie = new Trie<CatalogueEntry>();
  const itemNames: { itemId: string; tokens: readonly Token[] }[] = [];
  for (const item of vocabulary.items) {
    for (const tokens of distinctNames(item.names)) {
      trie.add(tokens, { kind: 'item', itemId: item.id });
      itemNames.push({ itemId: item.id, tokens });
    }
  }
  for (const option of vocabulary.options) {
    for (const tokens of distinctNames(option.names)) trie.add(tokens, { kind: 'option', optionId: option.id });
    for (const choice of option.choices) {
      for (const tokens of distinctNames(choice.names)) {
        trie.add(tokens, { kind: 'choice', optionId: option.id, choiceId: choice.id });
      }
    }
  }
  for (const merchant of vocabulary.merchants) {
    for (const tokens of distinctNames(merchant.names)) trie.add(tokens, { kind: 'merchant', merchantId: merchant.id });
  }
  return {
    trie,
    itemNames,
    items: new Map(vocabulary.items.map((item) => [item.id, item])),
    options: new Map(vocabulary.options.map((option) => [option.id, option])),
  };
}

function distinctNames(names: Names): readonly (readonly Token[])[] {
  const byText = new Map<string, readonly Token[]>();
  for (const name of [...names['zh-CN'], ...names['en-US']]) {
    const tokens = tokenise(name).filter((token) => token.kind !== 'break');
    byText.set(tokens.map((token) => token.text).join(' '), tokens);
  }
  return [...byText.values()];
}
