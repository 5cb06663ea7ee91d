import { describe, expect, it } from 'vitest';
import { parseDelegationCommand } from '../../../../device/voice/delegation/parse-command.ts';
import { shopVocabulary } from '../../../../sim/shops/index.ts';

const context = { vocabulary: shopVocabulary };

/** `FREEZE market-report`, `TOP_UP market-report 2000`, `suspend`, `-`. */
function command(words: string): string {
  const said = parseDelegationCommand(words, context);
  if (said?.kind !== 'account') return said?.kind ?? '-';
  const what = said.what === 'all' ? 'all' : [...said.what.itemIds, ...said.what.merchantIds].join(',');
  return [said.operation, what, ...('amountMinor' in said ? [said.amountMinor] : [])].join(' ');
}

describe('what is said of a sub-account (PSD-AGT-SUB)', () => {
  it.each([
    ['how much is in the account of the market report', 'QUERY market-report'],
    ["how much is in the report's account", 'QUERY market-report'],
    ["what is in the market report's account", 'QUERY market-report'],
    ["the balance of the report's account please", 'QUERY market-report'],
    ['how much is left in the account', 'QUERY all'],
    ['市场报告的账户里还有多少钱', 'QUERY market-report'],
    ['报告的账户里有多少', 'QUERY market-report'],
    ['账户余额', 'QUERY all'],
    ['查一下账户余额', 'QUERY all'],
  ])('"%s" asks: %s', (words, expected) => {
    expect(command(words)).toBe(expected);
  });

  it.each([
    ["freeze the report's account", 'FREEZE market-report'],
    ["pause the market report's account", 'FREEZE market-report'],
    ['freeze all accounts', 'FREEZE all'],
    ['stop the account', 'FREEZE all'],
    ["could you please freeze the report's account right now", 'FREEZE market-report'],
    ["freeze the report's account, don't close it", 'FREEZE market-report'],
    ['冻结市场报告的账户', 'FREEZE market-report'],
    ['把报告的账户冻结', 'FREEZE market-report'],
    ['冻结所有账户', 'FREEZE all'],
    ['暂停报告的账户', 'FREEZE market-report'],
  ])('T17: "%s" stops: %s', (words, expected) => {
    expect(command(words)).toBe(expected);
  });

  it.each([
    ["close the report's account", 'CANCEL market-report'],
    ['cancel the account of the market report', 'CANCEL market-report'],
    ['close the account', 'CANCEL all'],
    ['注销市场报告的账户', 'CANCEL market-report'],
    ['关闭报告的账户', 'CANCEL market-report'],
    ["unfreeze the report's account", 'UNFREEZE market-report'],
    ['resume the account of the market report', 'UNFREEZE market-report'],
    ['解冻市场报告的账户', 'UNFREEZE market-report'],
    ['恢复报告的账户', 'UNFREEZE market-report'],
    ["put 20 yuan more into the report's account", 'TOP_UP market-report 2000'],
    ["add twenty yuan to the market report's account", 'TOP_UP market-report 2000'],
    ['top up the account with 12.50', 'TOP_UP all 1250'],
    ['给市场报告的账户再充二十块', 'TOP_UP market-report 2000'],
    ['往报告的账户里存20元', 'TOP_UP market-report 2000'],
  ])('"%s" is said outright: %s', (words, expected) => {
    expect(command(words)).toBe(expected);
  });

  it.each([
    ["don't freeze the report's account", '-'],
    ["don't close the report's account", '-'],
    ["should I close the report's account", '-'],
    ["did you close the report's account", '-'],
    ['不要注销报告的账户', '-'],
    ["put more into the report's account", '-'],
    ["put 20 dollars into the report's account", '-'],
    ["put 20 or 30 yuan into the report's account", '-'],
    ["put 0 yuan into the report's account", '-'],
    ["don't put 20 yuan into the report's account", '-'],
    ['close the account at the bank', '-'],
    ["close the umbrella stand's account", '-'],
    ['prepare the market report with 20 in its account', '-'],
    ["close the report's account and put 20 yuan into it", '-'],
    ["unfreeze the report's account for 20 yuan", '-'],
  ])('"%s" is no command to an account', (words, expected) => {
    expect(command(words)).toBe(expected);
  });

  it.each([
    'stop all payments from my account',
    'pause everything in my account',
    'stop buying with my account',
    '停止账户的所有付款',
  ])('T17: "%s" stops more than an account', (words) => {
    expect(command(words)).toBe('suspend');
  });
});
