/** What ordering sentences are made of besides the catalogue: a table from phrase to role, both languages together. */

/** What a phrase does in an ordering sentence. */
export type Role =
  | 'verb'
  | 'refuse'
  | 'ask'
  | 'yes'
  | 'filler'
  | 'article'
  | 'measure'
  | 'and'
  | 'or'
  | 'with'
  | 'not'
  | 'correct'
  | 'limit'
  | 'limit-after'
  | 'floor'
  | 'floor-after'
  | 'about'
  | 'about-after'
  | 'within'
  | 'from'
  | 'each'
  | 'all'
  | 'one'
  | 'respectively';

/**
 * Phrases separated by `|`. English words by spaces; Han needs none. A phrase may appear once only: the longest phrase
 * at a place wins, and a catalogue name of the same length wins over it.
 */
const PHRASES: Readonly<Record<Role, string>> = {
  verb:
    "order|order me|order us|get|get me|get us|i want|we want|i'd like|i would like|we'd like|would like|i want to order|i'd like to order|i would like to order|" +
    'can i have|can i get|could i have|could i get|may i have|can you order|can you get|could you order|could you get|can we get|can we have|give me|bring me|buy|buy me|' +
    "i'll have|i will have|i'll take|i'll get|i need|let me have|let me get|let's have|let's get|make me|how about|what about|i feel like|fetch me|grab me|send me|" +
    '点|要|想要|来|买|订|下单|叫|想喝|想吃|喝|吃|来点|整|我要|给我来|帮我点|帮我来|帮我买|帮我订|帮我叫|要点|想点|想来|点个|外卖',
  refuse:
    "don't order|do not order|don't get|do not get|don't buy|do not buy|don't want|do not want|didn't order|did not order|never mind|nevermind|cancel|stop|forget it|" +
    '别点|不要点|不点|别买|不要买|不买|不想要|不想喝|不想吃|不想点|取消|算了|别要|不用点|不喝|不吃',
  ask:
    "what|what's|whats|how|how's|why|when|where|where's|who|who's|which|whose|is there|are there|is|are|do|does|did|was|were|tell me|show me|has|how much|how many|" +
    '什么|怎么|为什么|哪里|哪儿|几点|多少|多少钱|有没有|是不是|怎样|如何|谁|哪家|哪个',
  yes: 'yes|yeah|yep|yup|sure|ok|okay|right|correct|exactly|fine|是的|对|对的|好|好的|行|没错|可以|嗯|嗯嗯',
  filler:
    'i|me|we|us|it|that|this|them|the|of|my|please|thanks|thank you|to|for|for me|for us|be|so|um|uh|er|hmm|oh|well|hey|hi|hello|just|really|like|have|can you|could you|would you|' +
    'not sure|not really sure|then|now|some|a bit|a little|a little bit|a bit of|should|should be|cost|costs|price|priced|total|in total|altogether|delivered|deliver it|deliver|delivery|arrive|arriving|here|there|today|' +
    "as|on|side|on the side|cup|money|spend|spending|keep it|nice|good|kindly|let|let's|i'm|i am|am|thirsty|hungry|if you can|if possible|maybe|by|size|i think|there's|you|your|and then|" +
    '帮我|给我|帮|给|我|你|你好|我们|请|麻烦|麻烦你|一下|吧|啊|呢|哦|呀|哈|嘛|啦|的|了|谢谢|谢谢你|吗|能|能不能|可不可以|那个|这个|呃|额|唉|那|就|想|是|一点|一点儿|点儿|送到|送来|送达|到|送|送货|' +
    '价格|价钱|总共|一共|总价|钱|杯子|现在|今天|有点|请问|不好意思|嘿|我想|需要|放|做|弄|得|地|在内|里|个人|喂|然后|就要|记得|最好|尽量|必须',
  article: 'a|an|another',
  measure:
    'cup of|cups of|cups|glass of|glasses of|piece of|pieces of|slice of|slices of|bowl of|bowls of|bottle of|bottles of|order of|orders of|portion of|portions of|plate of|box of|mug of|' +
    '杯|份|个|瓶|碗|盒|只|件|袋|串|片|罐|根|包|笼|块|张|枚|屉|套|客|听|壶|桶|支|条',
  and: 'and|plus|also|as well as|and also|along with|followed by|和|跟|还有|再来|再加|外加|以及|另外|再要|还要|再点|另|与|再|还|同时|也',
  or: 'or|或|或者|还是',
  with: 'with|加|加上|配|换|换成|改|要加',
  not:
    'no|not|without|minus|hold|hold the|none of|but not|neither|nor|except|except for|anything but|other than|rather than|instead of|not too|not very|not okay|not ok|' +
    "don't|do not|don't make it|do not make it|isn't|is not|never|nothing|can't be|cannot be|不好|不行|不可以|不要太|除|无|不|不要|不加|别|别加|不放|别放|去|免|不是|不用|没有|无需|不需要|除了",
  correct:
    'no wait|wait|actually|i mean|make that|make it|sorry|no no|or rather|correction|不对|改成|应该是|说错了|哦不|不不|换为|更正',
  limit:
    'under|below|less than|for less than|for under|at most|no more than|not more than|not over|no over|up to|max|maximum|a maximum of|maximum of|max of|budget|budget of|my budget is|budget is|' +
    'cheaper than|not exceeding|no higher than|lower than|a budget of|limit|limit of|with a limit of|' +
    '不超过|别超过|不要超过|不能超过|不超|别超|不要超|最多|至多|低于|少于|不高于|预算|预算是|控制在|小于|最高|最贵|上限|不大于|不到|顶多|限制在|便宜过|别贵过',
  'limit-after': 'tops|or less|or under|or below|or cheaper|以内|以下|之内|内|之下|封顶|为限|打住|以里',
  floor:
    'over|above|more than|at least|no less than|not less than|minimum|exceeding|超过|高于|至少|不少于|不低于|大于|最少|最低',
  'floor-after': 'or more|or over|and up|以上|之上|起步',
  about: 'about|around|roughly|approximately|nearly|almost|大概|大约|差不多|将近|约',
  'about-after': 'or so|ish|左右|上下',
  within: 'within|in|in under|in less than|inside',
  from: 'from|at|from the|at the|在|去|从|找|用',
  each: 'each|apiece|per cup|per item|per piece|each one|every cup|每|每杯|每份|每个|单价|一杯不超过',
  all: 'all|both|all of them|both of them|everything|都|都要|全部|全都|全部都|统统',
  one: 'one of them|the other|the other one|the one',
  respectively: '各|各要|各来|各点|分别',
};

/** Phrase (tokens joined by one space) to role. */
export const lexicon: ReadonlyMap<string, Role> = new Map(
  (Object.entries(PHRASES) as [Role, string][]).flatMap(([role, phrases]) =>
    phrases.split('|').map((phrase) => [spaced(phrase), role] as const),
  ),
);

function spaced(phrase: string): string {
  return phrase.replace(/(?<=\p{Script=Han})(?=\p{Script=Han})/gu, ' ');
}

/** The words that give a choice its degree; said once, they hold for what "and"/"or" adds: "no sugar or ice". */
export const DEGREES: ReadonlySet<string> = new Set([
  'no',
  'less',
  'without',
  'extra',
  'more',
  'zero',
  'light',
  'regular',
  'normal',
  '少',
  '不 加',
  '不 要',
  '多',
  '去',
  '无',
]);
