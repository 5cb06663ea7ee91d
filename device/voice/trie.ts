/** A trie over tokens: the longest catalogue name that starts at a place, in one pass and whatever the catalogue's size. */
import type { Token } from './tokens.ts';

interface Node<Value> {
  readonly next: Map<string, Node<Value>>;
  readonly values: Value[];
}

export interface TrieMatch<Value> {
  /** In order of insertion; more than one when names are shared. */
  readonly values: readonly Value[];
  /** Index of the first token after the match. */
  readonly end: number;
}

/** What an English word may be the plural of; the word itself first. */
function singulars(word: string): readonly string[] {
  const forms = [word];
  if (word.endsWith("'s")) forms.push(word.slice(0, -2));
  if (word.length > 3 && word.endsWith('ies')) forms.push(`${word.slice(0, -3)}y`);
  if (word.length > 3 && word.endsWith('es')) forms.push(word.slice(0, -2));
  if (word.length > 3 && word.endsWith('s')) forms.push(word.slice(0, -1));
  return forms;
}

export class Trie<Value> {
  readonly #root: Node<Value> = { next: new Map(), values: [] };

  add(tokens: readonly Token[], value: Value): void {
    let node = this.#root;
    for (const token of tokens) {
      let next = node.next.get(token.text);
      if (next === undefined) {
        next = { next: new Map(), values: [] };
        node.next.set(token.text, next);
      }
      node = next;
    }
    if (node !== this.#root) node.values.push(value);
  }

  /** The longest name starting at token `at`, plurals included, or undefined. */
  longest(tokens: readonly Token[], at: number): TrieMatch<Value> | undefined {
    return this.#walk(this.#root, tokens, at);
  }

  #walk(node: Node<Value>, tokens: readonly Token[], at: number): TrieMatch<Value> | undefined {
    const own = node.values.length > 0 ? { values: node.values, end: at } : undefined;
    const token = tokens[at];
    if (token === undefined) return own;
    for (const form of token.kind === 'word' ? singulars(token.text) : [token.text]) {
      const next = node.next.get(form);
      const deeper = next && this.#walk(next, tokens, at + 1);
      if (deeper) return deeper;
    }
    return own;
  }
}
