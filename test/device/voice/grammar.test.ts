import { describe, expect, it } from 'vitest';
import { orderGrammar, replyGrammar, restrictGrammar } from '../../../device/voice/grammar.ts';
import { vocabulary } from './vocabulary.fixture.ts';

describe('orderGrammar', () => {
  const text = orderGrammar(vocabulary, 'en-US');

  it('defines every rule it refers to, exactly once', () => {
    const defined = [...text.matchAll(/^(?:public )?<([a-z]+)> = /gm)].map((match) => match[1]);
    const used = [...text.matchAll(/<([a-z]+)>/g)].map((match) => match[1]);
    expect(new Set(defined).size).toBe(defined.length);
    for (const name of used) expect(defined).toContain(name);
  });

  it('offers plurals after a number only, and no plural of a plural', () => {
    expect(text).toMatch(/<items[a-z]+> = .*\blattes\b/);
    expect(text).not.toMatch(/<item[a-z]{2}> = [^\n]*\blattes\b/);
    expect(text).not.toMatch(/buns(es|s)/);
  });

  it('never lets an item be said with a choice it does not have', () => {
    const group = /<item([a-z]{2})> = [^\n]*\bbagel\b/.exec(text)?.[1];
    expect(text).toContain(`<before${group}> = <NULL>;`);
  });

  it('leaves out one-word shortenings that would be heard in every article', () => {
    expect(text).toContain('oat milk');
    expect(text).not.toMatch(/[|=] oat [|;]/);
  });

  it('names some things nobody sells here, so that they are not heard as the nearest product', () => {
    expect(text).toMatch(/<elsewhere> = .*helicopter/);
  });
});

describe('replyGrammar', () => {
  it('has as many positions as there are offers', () => {
    expect(replyGrammar(2, vocabulary)).toContain('the second one');
    expect(replyGrammar(2, vocabulary)).not.toContain('third');
    expect(replyGrammar(0, vocabulary)).not.toMatch(/first|cheapest|luna/);
  });
});

describe('restrictGrammar', () => {
  it('leaves out names with unknown words and says which', () => {
    const { grammar, leftOut } = restrictGrammar(
      '<a> = iced boba | latte;\npublic <b> = <a> [please];',
      (word) => word !== 'boba',
    );
    expect(grammar).toBe('<a> = latte;\npublic <b> = <a> [please];');
    expect(leftOut).toEqual(['iced boba']);
  });

  it('keeps a rule that lost all its names harmless', () => {
    expect(restrictGrammar('<a> = boba;', () => false).grammar).toBe('<a> = <NULL>;');
  });
});
