/** The words of commands in both languages, each meaning in one row; what is said of sub-accounts takes some of them over. */

export type CommandWord =
  | 'stop'
  | 'no-more'
  | 'resume'
  | 'revoke'
  | 'report'
  | 'left'
  | 'not'
  | 'ask'
  | 'all'
  | 'spend'
  | 'today'
  | 'yesterday'
  | 'filler';

export const COMMAND_WORDS: readonly (readonly [CommandWord, string])[] = [
  [
    'stop',
    'pause|stop|halt|suspend|freeze|hold off|hold everything|put on hold|暂停|停|停止|停掉|停下|停下来|先停|冻结|打住|中止|停一停|停一下|叫停|暂缓',
  ],
  [
    'no-more',
    "no more|don't buy any more|do not buy any more|don't buy anything|do not buy anything|don't spend any more|don't order any more|don't pay any more|don't pay anything|buy nothing more|spend nothing more|" +
      "not another cent|don't continue|do not continue|don't go on|don't carry on|别再买|不要再买|别再点|不要再点|别再花|不要再花|不许再买|别买了|别点了|不要买了|别花了|别再付|不要再付|别再订|不要再订|先别买|先别点|先不要买|不要继续|别继续|不要再继续|别再继续",
  ],
  [
    'resume',
    'resume|unpause|unfreeze|continue|go on with|carry on with|carry on|go on|start again|restart|pick up again|reactivate|恢复|继续|接着|重新开始|解冻|重启|重新启用',
  ],
  [
    'revoke',
    'cancel|revoke|end|delete|withdraw|call off|terminate|get rid of|remove|drop|取消|撤销|撤回|作废|终止|删除|删掉|解除|废除|退掉',
  ],
  [
    'report',
    'what have you bought|what did you buy|what have you ordered|what did you order|what have you paid|what did you pay|what have you spent|what did you spend|how much have you spent|how much did you spend|how much have i spent|' +
      'what was bought|what was ordered|what was spent|what has been bought|what has been spent|how much was spent|show me what you bought|tell me what you bought|' +
      '买了什么|买了啥|买了些什么|都买了什么|买过什么|花了多少|花了多少钱|花掉多少|花了什么|付了什么|付了多少|下了哪些单|买了哪些|点了什么|都点了什么|订了什么',
  ],
  [
    'left',
    "how much is left|what is left|what's left|how much do i have left|how much have i left|how much is still left|how much can you still spend|how much may you still spend|how much can still be spent|what remains|how much remains|" +
      'remaining budget|budget left|left over|how much budget is left|how much money is left|还剩多少|还剩多少钱|剩多少|剩下多少|还有多少|还能花多少|还可以花多少|余额|剩余额度|还有多少额度|还有多少预算|剩余预算|还剩',
  ],
  [
    'not',
    "not|don't|do not|never|no|isn't|won't|will not|can't|cannot|without|nothing|nobody|neither|nor|不|不要|别|没|没有|不用|先别|先不|勿|不许|不能|无须|不必|甭|未|不想|不准",
  ],
  [
    'ask',
    'did|does|when|why|how|is|was|were|has|should|shall|what|who|whether|if|吗|么|什么时候|为什么|怎么|怎样|是不是|有没有|要是|如果|多久|何时|能不能|可不可以|该不该|要不要',
  ],
  [
    'all',
    'everything|all|all of them|all of it|every one|all delegations|all orders|all payments|全部|所有|一切|统统|全|都|所有的',
  ],
  [
    'spend',
    'buying|spending|paying|ordering|purchases|purchase|payment|payments|orders|shopping|delegation|delegations|买|购买|花钱|付款|支付|扣款|下单|购物|消费|授权|委托|订单|买东西|付钱',
  ],
  ['today', "today|today's|so far|this morning|今天|今日|到现在|目前|到目前为止"],
  ['yesterday', "yesterday|yesterday's|昨天|昨日"],
  [
    'filler',
    'until i say stop|when i say stop|no more than|not more than|the|my|a|an|it|them|that|this|please|now|right now|immediately|at once|for|of|to|from|with|at|on|me|i|you|your|and|or|also|just|can|could|would|want|like|hey|ok|okay|so|then|again|any|more|anymore|any more|for now|for a while|' +
      'thanks|thank you|in|by|there|up|off|wait|yes|quick|quickly|i want to|i want you to|i would like to|order|tickets for|first|both|still|have|be|delegation for|subscription|automatic|standing|' +
      '我说停|一直到我说停|直到我说停|把|的|了|给我|帮我|请|我|你|那个|这个|吧|啊|呢|先|掉|一下|现在|马上|立刻|立即|赶紧|快|麻烦|要|和|跟|对|在|从|都|我的|我要|我想|那|就|再|点|订|抢|每天|自动|去|让|一共|总共|快点|家',
  ],
];

/** Everything that is said for one meaning. */
export function phrasesFor(word: CommandWord): string {
  return COMMAND_WORDS.flatMap(([meaning, list]) => (meaning === word ? [list] : [])).join('|');
}
