/**
 * What is said about delegations that exist: stop them, go on with them, end them, tell what they spent. A stop is understood
 * generously, because it costs nothing that cannot be undone; going on, and ending for good, only when said outright.
 */
import { type Catalogue, catalogueOf } from '../catalogue.ts';
import { candidatesFor } from '../near-items.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { type AccountCommand, parseAccountCommand } from './account-command.ts';
import { COMMAND_WORDS, type CommandWord } from './command-words.ts';
import { type CommandTarget, type CommonWord, type Heard as HeardOf, hear } from './hear-command.ts';
import { phraseTable } from './phrase-table.ts';

/** `report` has no clock: its day is the wearer's today or yesterday. */
export type DelegationCommand =
  | { readonly kind: 'report'; readonly day: 'today' | 'yesterday' }
  | { readonly kind: 'left'; readonly what: CommandTarget }
  | { readonly kind: 'suspend' | 'resume' | 'revoke'; readonly what: CommandTarget }
  | AccountCommand;

const WORDS = phraseTable<CommandWord>(COMMAND_WORDS);

type Heard = HeardOf<CommandWord | CommonWord>;

/** The command in `words`, or undefined when there is none. Total: never throws. */
export function parseDelegationCommand(
  words: string,
  { vocabulary }: { readonly vocabulary: Vocabulary },
): DelegationCommand | undefined {
  const ofAccount = parseAccountCommand(words, vocabulary);
  if (ofAccount) return ofAccount;
  const heard: Heard = hear(words, vocabulary, WORDS);
  const { said, target } = heard;
  const stops = said.has('stop') && !isNegated(heard);
  if (said.has('left') && !stops)
    return heard.unknown.length === 0 ? { kind: 'left', what: target ?? 'all' } : undefined;
  if (said.has('report')) return report(heard);
  // "Don't buy anything", and "stop" along with "resume": what stops wins.
  // 最多六百，涨价就别买了 is a bound of a delegation that is being made.
  if (stops || (said.has('no-more') && !heard.counts)) return suspend(heard, catalogueOf(vocabulary));
  return outright(heard);
}

/** A word of refusal right before the stop: "don't stop", but not "no, stop". */
function isNegated({ order }: Heard): boolean {
  return order[order.indexOf('stop') - 1] === 'not';
}

function report({ said, unknown }: Heard): DelegationCommand | undefined {
  if (unknown.length > 0) return undefined;
  return { kind: 'report', day: said.has('yesterday') ? 'yesterday' : 'today' };
}

/** Nothing named stops everything. A name that is nearly one stops what it is near to; any other is no delegation's. */
function suspend({ target, unknown, said }: Heard, catalogue: Catalogue): DelegationCommand | undefined {
  if (said.has('all')) return { kind: 'suspend', what: 'all' };
  if (target) return { kind: 'suspend', what: target };
  if (unknown.length === 0 || said.has('spend') || said.has('no-more')) return { kind: 'suspend', what: 'all' };
  const itemIds = candidatesFor(unknown.join(' '), catalogue);
  return itemIds.length === 0 ? undefined : { kind: 'suspend', what: { itemIds, merchantIds: [] } };
}

/** To go on, or to end for good: something is named, everything said is understood, and nothing refuses or asks. */
function outright({ said, target, unknown }: Heard): DelegationCommand | undefined {
  const kinds = (['resume', 'revoke'] as const).filter((kind) => said.has(kind));
  const [kind, other] = kinds;
  const isClear =
    unknown.length === 0 && !said.has('not') && !said.has('ask') && !said.has('no-more') && other === undefined;
  return kind && target && isClear ? { kind, what: target } : undefined;
}
