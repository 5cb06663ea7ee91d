/** What the account of a task holds at first: "put 20 in its account first", "start with 20", 账户先放二十块 (ACT 2.1 PSD-AGT-SUB). */
import type { Catalogue } from '../catalogue.ts';
import { spell, type Token } from '../tokens.ts';
import type { FundClause } from './clause.ts';
import { past, pastAll, phrases, type Read } from './phrase-table.ts';
import { readAmount } from './read-limits.ts';

/** These say it by themselves. */
const STARTS = phrases(
  'start with|starting with|begin with|beginning with|start at|starting at|start the account with|start its account with|start the account at|fund the account with|fund its account with|fill the account with|fill its account with|' +
    '先放|先存|先充|先打|先转|先给|先充值|先存入|先放进|账户先放|账户里先放|账户先存|账户里先存|账户先充|账户里先充|给账户先充|往账户先放|往账户里先放|往账户里先存',
);
/** These only where what follows the amount says so. */
const PUTS = phrases('put|load|add|move|with|only put|just put');
const GAP = phrases('only|just|about|a|the|first|at first|of|里|进|入|到|只|大概');
const INTO = phrases(
  'in its account|in the account|into its account|into the account|on its account|on the account|in an account|into an account|in it|into it|in|' +
    '到账户里|进账户|到账户|在账户里|进账户里|在账户|账户里',
);
const FIRST = phrases(
  'first|at first|for a start|to start|to start with|to begin with|for now|for the start|开始|起步',
);
const ACCOUNT = /account|账户/u;

export function readFundClause(
  tokens: readonly Token[],
  at: number,
  catalogue: Catalogue,
): Read<FundClause> | undefined {
  const starts = STARTS(tokens, at);
  const puts = PUTS(tokens, at);
  const begins = starts ?? puts;
  const amount = begins && readAmount(tokens, pastAll(GAP, tokens, begins.end), catalogue, true);
  if (amount?.value.minor === undefined) return undefined;
  const into = past(INTO, tokens, amount.end);
  const end = past(FIRST, tokens, into);
  const said = spell(tokens.slice(at, end));
  const isSaid = starts !== undefined || end > into || (into > amount.end && ACCOUNT.test(said));
  return isSaid ? { value: { kind: 'fund', minor: amount.value.minor, said }, end } : undefined;
}
