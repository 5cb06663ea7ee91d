import { describe, expect, it } from 'vitest';
import { OnePrompt } from '../../device/one-prompt.ts';
import type { SignerAnswer } from '../../device/signer/port.ts';

/** A signer in the test's hand: every answer function it was given, and how often a prompt was taken away. */
function rig() {
  const asked: ((answer: SignerAnswer) => void)[] = [];
  const answers: string[] = [];
  let withdrawn = 0;
  const prompt = new OnePrompt({
    confirm: (_request, answer) => asked.push(answer),
    withdraw: () => {
      withdrawn += 1;
    },
  });
  const confirm = (owner: string) =>
    prompt.confirm(owner, { kind: 'binding', offer: new Uint8Array(), locale: 'en-US' }, ({ kind }) =>
      answers.push(`${owner} ${kind}`),
    );
  return { prompt, confirm, asked, answers, withdrawn: () => withdrawn };
}

describe('T6: the one prompt', () => {
  it('answers its owner once and is free again', () => {
    const { prompt, confirm, asked, answers } = rig();
    confirm('one');
    expect(prompt.owner).toBe('one');
    asked[0]?.({ kind: 'declined' });
    asked[0]?.({ kind: 'declined' });
    expect([answers, prompt.owner]).toEqual([['one declined'], undefined]);
  });

  it('ends as void when another takes its place; what the signer says of it then is nobody’s', () => {
    const { confirm, asked, answers } = rig();
    confirm('one');
    confirm('two');
    asked[0]?.({ kind: 'signed', signed: new Uint8Array(), method: 'hold-simulated' });
    asked[1]?.({ kind: 'timed-out' });
    expect(answers).toEqual(['one void', 'two timed-out']);
  });

  it('is taken away by its owner only, or by anybody where an earlier process may have left it', () => {
    const { prompt, confirm, asked, answers, withdrawn } = rig();
    prompt.withdraw('one');
    expect(withdrawn()).toBe(1);
    confirm('one');
    prompt.withdraw('two');
    expect([withdrawn(), prompt.owner]).toEqual([1, 'one']);
    prompt.withdraw('one');
    asked[0]?.({ kind: 'declined' });
    expect([withdrawn(), prompt.owner, answers]).toEqual([2, undefined, []]);
  });
});
