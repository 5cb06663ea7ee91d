/** What the device needs of speech to take a delegation: a body of this reads and phrases words, and decides nothing. */
import { delegationQuestion } from '../voice/delegation/ask-delegation.ts';
import type {
  DelegationContext,
  DelegationDraft,
  DelegationParse,
  DelegationQuestion,
} from '../voice/delegation/draft.ts';
import { type DelegationCommand, parseDelegationCommand } from '../voice/delegation/parse-command.ts';
import { parseDelegation } from '../voice/delegation/parse-delegation.ts';
import { summariseDelegation } from '../voice/delegation/summarise-delegation.ts';
import type { Locale, Vocabulary } from '../voice/vocabulary.ts';

export interface DelegationVoice {
  parse(words: string, context: DelegationContext): DelegationParse;
  /** `undefined` for words that are no command. */
  command(words: string, context: { readonly vocabulary: Vocabulary }): DelegationCommand | undefined;
  question(question: DelegationQuestion, locale: Locale, vocabulary: Vocabulary): string;
  /** Everything that bounds the draft, as a question to say yes or no to. */
  summarise(draft: DelegationDraft, vocabulary: Vocabulary, locale: Locale): string;
}

/** The deterministic one, in both languages. */
export const delegationVoice: DelegationVoice = {
  parse: parseDelegation,
  command: parseDelegationCommand,
  question: delegationQuestion,
  summarise: summariseDelegation,
};
