/** Chinese sentences said on Wednesday, 25 November 2026 at 10:00, and what they come to, as `showDelegation` writes it. */
export const CHINESE = `
周六的演唱会开售了帮我抢两张票，每张最多1280，只在大麦买
  => 2 concert-ticket ≤2560 order≤2560 @damai wanted 11-28~11-29 until 11-29
开售了帮我抢两张演唱会门票，每张不超过一千二百八，到十二月底
  => 2 concert-ticket ≤2560 order≤2560 until 2027-01-01
演唱会一开售就帮我买两张内场票，总共不超过两千，周五前
  => 2 concert-ticket tier:stalls ≤2000 until 11-27
等演唱会放票了给我抢一张，最多八百，只从大麦买，月底前有效
  => 1 concert-ticket ≤800 @damai until 11-30
帮我抢两张周六演唱会的票每张最多一千二百八只要大麦的
  => 2 concert-ticket ≤2560 order≤2560 @damai wanted 11-28~11-29 until 11-29
帮我盯着演唱会门票，有票就买一张，不超过七百块，两周内
  => 1 concert-ticket ≤700 until 12-09 10:00
演唱会门票补货了就帮我买两张看台，一张不超过五百，十二月十号前
  => 2 concert-ticket tier:balcony ≤1000 order≤1000 until 12-10
票价降到五百以下就帮我买两张演唱会门票，周五前有效
  => 2 concert-ticket ≤500 until 11-27
如果票价跌到400就买一张演唱会门票，有效期两周
  => 1 concert-ticket ≤400 until 12-09 10:00
抢两张演唱会门票，一共不超过两千五，截止到12月24号，涨价超过百分之十就先问我，付款失败就再试两次
  => 2 concert-ticket ≤2500 until 12-25 price>10% PAUSE_AND_NOTIFY fail AUTO_RETRY 2
帮我订明天早上去上海的高铁票，靠窗，六百以内
  => 1 train-ticket destination:shanghai seat:window ≤600 wanted 11-26 05:00~11-26 12:00 until 11-26 12:00
订一张明天一早去上海的火车票，靠窗，最多六百
  => 1 train-ticket destination:shanghai seat:window ≤600 wanted 11-26 05:00~11-26 09:00 until 11-26 09:00
买两张后天的火车票，二等座，每张不超过三百，在12306买
  => 2 train-ticket class:second ≤600 order≤600 @rail wanted 11-27~11-28 until 11-28
帮我预订周五下午去杭州的高铁，一等座，不超过四百块
  => 1 train-ticket destination:hangzhou class:first ≤400 wanted 11-27 12:00~11-27 18:00 until 11-27 18:00
订明天早上八点去上海的高铁，最多六百元
  => 1 train-ticket destination:shanghai ≤600 wanted 11-26 08:00~11-26 08:30 until 11-26 08:30
订明天九点前去上海的火车票，最多600
  => 1 train-ticket destination:shanghai ≤600 wanted 11-26~11-26 09:00 until 11-26 09:00
订明天上午七点到九点去上海的火车票，不超过六百
  => 1 train-ticket destination:shanghai ≤600 wanted 11-26 07:00~11-26 09:00 until 11-26 09:00
订明天晚上六点以后去上海的高铁票，六百块以内
  => 1 train-ticket destination:shanghai ≤600 wanted 11-26 18:00~11-27 until 11-27
订周五去上海的高铁票，最多五百五十三块五
  => 1 train-ticket destination:shanghai ≤553.5 wanted 11-27~11-28 until 11-28
订十二月三号去杭州的高铁票，下午两点到四点，不超过二百五
  => 1 train-ticket destination:hangzhou ≤250 wanted 12-03 14:00~12-03 16:00 until 12-03 16:00
订12月3日去杭州的车票两张，一共不超过五百
  => 2 train-ticket destination:hangzhou ≤500 wanted 12-03~12-04 until 12-04
订明天去上海的高铁票，最多六百，付款失败就算了
  => 1 train-ticket destination:shanghai ≤600 wanted 11-26~11-27 until 11-27 fail CANCEL
订明天去上海的高铁票，最多六百，涨价就别买了
  => 1 train-ticket destination:shanghai ≤600 wanted 11-26~11-27 until 11-27 price>0% AUTO_CANCEL
订明天去上海的高铁票，最多六百，如果价格上涨超过百分之五就取消
  => 1 train-ticket destination:shanghai ≤600 wanted 11-26~11-27 until 11-27 price>5% AUTO_CANCEL
订明天去上海的高铁票，最多六百，允许涨价百分之五
  => 1 train-ticket destination:shanghai ≤600 wanted 11-26~11-27 until 11-27 price>5%
订明天去上海的高铁票，最多六百，价格有变动先问我
  => 1 train-ticket destination:shanghai ≤600 wanted 11-26~11-27 until 11-27 price>0% PAUSE_AND_NOTIFY
订下周六去上海的高铁票，最多六百
  => 1 train-ticket destination:shanghai ≤600 wanted 12-05~12-06 until 12-06
订这周六去上海的高铁票，最多六百
  => 1 train-ticket destination:shanghai ≤600 wanted 11-28~11-29 until 11-29
订大后天去上海的高铁票，最多六百
  => 1 train-ticket destination:shanghai ≤600 wanted 11-28~11-29 until 11-29
订三天后去上海的高铁票，最多六百
  => 1 train-ticket destination:shanghai ≤600 wanted 11-28~11-29 until 11-29
以后每个工作日九点前帮我点一杯拿铁，每天最多三十块，到十二月十八号
  => 1 latte ≤510 day≤30 on 12345 0:00-9:00 until 12-19
以后每个工作日早上九点前给我来一杯拿铁，一天不超过三十，两周
  => 1 latte ≤300 day≤30 on 12345 0:00-9:00 until 12-09 10:00
每天早上八点到九点半给我来一杯冰拿铁少糖，每次不超过二十五，到月底
  => 1 iced-latte sugar:less ≤125 order≤25 day≤25 on 1234567 8:00-9:30 until 12-01
每周一和周五八点帮我买两个可颂，每个最多十二，到年底
  => 2 croissant ≤240 order≤24 day≤24 on 15 8:00-8:30 until 2027-01-01
每周一三五早上八点到九点一杯冰拿铁，每次不超过二十五，到月底
  => 1 iced-latte ≤50 order≤25 day≤25 on 135 8:00-9:00 until 12-01
每周一到周五早上八点半前买一杯拿铁，单笔不超过25，不要在纸鹤买，接下来一个月
  => 1 latte ≤550 order≤25 day≤25 !@paper-crane on 12345 0:00-8:30 until 12-25 10:00
每个周末上午十点以后来一杯拿铁，每单不超过三十，未来四周
  => 1 latte ≤240 order≤30 day≤30 on 67 10:00-24:00 until 12-23 10:00
每天下午一杯绿茶，一天最多二十，到周五
  => 1 green-tea ≤60 day≤20 on 1234567 12:00-18:00 until 11-28
每周五下午两点到四点一杯奶茶，每次最多25，到年底
  => 1 milk-tea ≤125 order≤25 day≤25 on 5 14:00-16:00 until 2027-01-01
从下周一开始每个工作日买一个可颂，每次不超过十二块，到十二月十八号，除了纸鹤都行
  => 1 croissant ≤180 order≤12 day≤12 !@paper-crane on 12345 0:00-24:00 from 11-30 until 12-19
从明天起每天八点半前点一杯美式，每次最多二十五，一周内
  => 1 americano ≤175 order≤25 day≤25 on 1234567 0:00-8:30 from 11-26 until 12-03
下周起每天来一杯摩卡，每天最多三十，总共最多一百，到下周末
  => 1 mocha ≤100 day≤30 on 1234567 0:00-24:00 from 11-30 until 12-07
每周二周四中午前买一个贝果，每单最多十块，总共六十，到12月24号
  => 1 bagel ≤60 order≤10 day≤10 on 24 0:00-12:00 until 12-25
每个工作日自动点一杯拿铁，总共最多花三百，每天最多三十，到12月18号
  => 1 latte ≤300 day≤30 on 12345 0:00-24:00 until 12-19
每个工作日九点前买一杯大杯燕麦奶拿铁，月獭或者纸鹤，每次最多32，三周内
  => 1 latte size:large milk:oat ≤480 order≤32 day≤32 @luna,paper-crane on 12345 0:00-9:00 until 12-16 10:00
天天来一杯卡布奇诺，一天不超过二十八，到十二月五号，别在月獭买
  => 1 cappuccino ≤308 day≤28 !@luna on 1234567 0:00-24:00 until 12-06
每天一杯卡布奇诺，每天不超过28，不要在月獭和纸鹤买，到周日
  => 1 cappuccino ≤140 day≤28 !@luna,paper-crane on 1234567 0:00-24:00 until 11-30
周一到周五九点前一杯拿铁，每次最多三十，到12月18号
  => 1 latte ≤510 order≤30 day≤30 on 12345 0:00-9:00 until 12-19
下周每个工作日一杯拿铁，每天最多三十
  => 1 latte ≤150 day≤30 on 12345 0:00-24:00 from 11-30 until 12-07
这个月每个工作日九点前一杯拿铁，每天最多三十
  => 1 latte ≤90 day≤30 on 12345 0:00-9:00 until 12-01
每天最多三十，给我点拿铁，到周五
  => 1 latte ≤90 day≤30 on 1234567 0:00-24:00 until 11-28
接下来两周每个工作日给我点杯美式，总预算两百
  => 1 americano ≤200 on 12345 0:00-24:00 until 12-09 10:00
接下来两周每个工作日给我点杯美式，总预算两百，每天最多二十五
  => 1 americano ≤200 day≤25 on 12345 0:00-24:00 until 12-09 10:00
每个工作日九点前点两杯拿铁和一个可颂，每次最多八十，到十二月四号
  => 2 latte + 1 croissant ≤560 order≤80 day≤80 on 12345 0:00-9:00 until 12-05
每个工作日九点前点一杯拿铁，不买茶，每天最多三十，到周五
  => 1 latte ≤60 day≤30 !#tea on 12345 0:00-9:00 until 11-28
每个工作日九点前点一杯拿铁，只买咖啡，每天最多三十，到周五
  => 1 latte ≤60 day≤30 #coffee on 12345 0:00-9:00 until 11-28
准备一份市场报告，数据最多花五十，周五前
  => for market-report ≤50 #data until 11-27
帮我做一份市场报告，最多花五十在数据上，周五之前
  => for market-report ≤50 #data until 11-27
帮我整理行情报告，预算八十，明天晚上之前
  => for market-report ≤80 until 11-26 18:00
准备市场报告，明天下午六点前，最多一百块，只在数据台买
  => for market-report ≤100 @data-desk until 11-26 18:00
写一份市场报告，总共最多五十，每笔最多五块，到周五
  => for market-report ≤50 order≤5 until 11-28
一个月内每周一准备市场报告，每次最多二十，总共六十，只用数据台
  => for market-report ≤60 order≤20 day≤20 @data-desk on 1 0:00-24:00 until 12-25 10:00
准备一份市场报告，最多花四十，每天最多十块，三天内
  => for market-report ≤40 day≤10 until 11-28 10:00
两天内帮我做个市场报告，只买数据，最多三十
  => for market-report ≤30 #data until 11-27 10:00
周末前准备好市场报告，不超过四十五，不买咖啡
  => for market-report ≤45 !#coffee until 11-28
周六的演唱会开售了帮我抢两张票
  => ? how-much
演唱会开售了帮我抢两张票，每张最多1280
  => ? until-when
订明天去上海的高铁票，靠窗
  => ? how-much
每个工作日九点前点一杯拿铁
  => ? how-much
每个工作日九点前点一杯拿铁，不超过三十
  => ? limit-scope · 3000
每个工作日点一杯拿铁，每天最多三十
  => ? until-when
每个工作日点一杯拿铁，每天最多三十，就在这两家店
  => ? which-merchants
每个工作日九点前点一杯咖啡，每天最多三十，到周五
  => ? which-item · latte/americano · 咖啡
每个工作日点一杯，每天最多三十，到周五
  => ? what-item · 1
准备市场报告
  => ? how-much
准备市场报告，五十块，周五前
  => ? which-limit · bare · 5000
准备市场报告，大概五十块，周五前
  => ? which-limit · bare · 5000
准备市场报告，最多五十美元，周五前
  => ? foreign-amount
准备市场报告，最多五十或者六十，周五前
  => ? which-limit · bare · 5000/6000
准备市场报告，最多五十，最多六十，周五前
  => ? which-limit · bare · 5000/6000
准备市场报告再来一杯拿铁，最多五十，周五前
  => ? which-one · market-report/latte
每天一杯拿铁，每次最多三十，每天最多二十，到周五
  => ? limits-disagree · order · 3000 · day · 2000
每天一杯拿铁，每天最多三十，总共最多二十，到周五
  => ? limits-disagree · day · 3000 · total · 2000
每天一杯拿铁，每杯最多三十，总共二十，到周五
  => ? limits-disagree · piece · 3000 · total · 2000
每天一杯拿铁，每天最多三十美元，到周五
  => ? foreign-amount
每天一杯拿铁，只在月獭买，不要在月獭买，每天最多三十，到周五
  => ? merchant-both · luna
每天一杯拿铁，只在星巴克买，每天最多三十，到周五
  => ? which-merchants · 星巴克
每天在老地方点一杯拿铁，每天最多三十，到周五
  => ? which-merchants
每天一杯拿铁，每天最多三十，到昨天
  => ? date-past · 到昨天
每天一杯拿铁，每天最多三十，到十一月二十号
  => ? date-past · 到十一月二十号
每天一杯拿铁，每天最多三十，到二月二十九号
  => ? no-such-day · 到二月二十九号
每天一杯拿铁，每天最多三十，到2027年2月29日
  => ? no-such-day · 到 2027 年 2 月 29 日
每天一杯拿铁，每天最多三十，到四月三十一号
  => ? no-such-day · 到四月三十一号
每天一杯拿铁，每天最多三十，到2028年12月1日
  => ? too-long
每天一杯拿铁，每天最多三十，两年内
  => ? too-long
每天一杯拿铁，每天最多三十，一年内
  => 1 latte ≤10950 day≤30 on 1234567 0:00-24:00 until 2027-11-25 10:00
每天一杯拿铁，每天最多三十，从十二月十号到十二月五号
  => ? end-before-start
每天一杯拿铁，每天最多三十，到周五，到周日
  => ? which-end · 11-28 · 11-30
每周六一杯拿铁，每次最多三十，到周五
  => ? never-due
订周三去上海的高铁票，最多六百
  => ? which-day · 周三 · 11-25 12:00 · 12-02 12:00
订上周六去上海的高铁票，最多六百
  => -
订周六三点去上海的高铁票，最多六百
  => ? which-half · 3
订周六下午三点去上海的高铁票，最多六百
  => 1 train-ticket destination:shanghai ≤600 wanted 11-28 15:00~11-28 15:30 until 11-28 15:30
订明天去北京的高铁票，最多六百
  => ? leave-out · 去 北京
订明天的机票，最多六百
  => ? which-item · concert-ticket/train-ticket · 机票
订明天的票，最多六百
  => ? which-item · concert-ticket/train-ticket
订明天大杯的火车票，最多六百
  => ? not-offered · train-ticket · size · large
订三十张明天的火车票，最多六百
  => ? too-many · train-ticket
订明天去上海或者杭州的高铁票，最多六百
  => ? contradiction · train-ticket · destination · shanghai/hangzhou
每隔一天一杯拿铁，每次最多三十，到周五
  => ? leave-out · 每隔一天
每天一杯拿铁，每周最多一百，到周五
  => ? leave-out · 每周最多一百
每天一杯拿铁，至少二十，到周五
  => ? leave-out · 至少二十
明天给我来杯拿铁
  => ? how-much
明天早上八点送一个可颂，最多十五
  => 1 croissant ≤15 wanted 11-26 08:00~11-26 08:30 until 11-26 08:30
周五九点在月獭点一杯拿铁，不超过三十
  => 1 latte ≤30 @luna wanted 11-27 09:00~11-27 09:30 until 11-27 09:30
今晚八点来一杯拿铁，最多三十
  => 1 latte ≤30 wanted 11-25 20:00~11-25 20:30 until 11-25 20:30
以后我的拿铁都在月獭点，每个工作日九点，每次最多三十，到12月18号
  => 1 latte ≤510 order≤30 day≤30 @luna on 12345 9:00-9:30 until 12-19
每周日自动买两个贝果，一天最多二十，到年底
  => 2 bagel ≤100 day≤20 on 7 0:00-24:00 until 2027-01-01
替我订十二月三号去上海的高铁，最多六百
  => 1 train-ticket destination:shanghai ≤600 wanted 12-03~12-04 until 12-04
我想要两张周六演唱会的票，一开售就买，每张最多1280元
  => 2 concert-ticket ≤2560 order≤2560 wanted 11-28~11-29 until 11-29
麻烦订一下明天去上海的火车，靠窗，二等座，六百块以内
  => 1 train-ticket destination:shanghai seat:window class:second ≤600 wanted 11-26~11-27 until 11-27
能不能以后每个工作日八点四十五帮我点杯拿铁，每次最多三十，到12月18日
  => 1 latte ≤510 order≤30 day≤30 on 12345 8:45-9:15 until 12-19
演唱会要是开售了就买两张，每张最多七百，两周内
  => 2 concert-ticket ≤1400 order≤1400 until 12-09 10:00
周五中午开售的时候帮我抢两张演唱会的票，每张最多1280
  => ? until-when
早上好，每个工作日九点前点一杯拿铁，每天最多三十，到周五
  => 1 latte ≤60 day≤30 on 12345 0:00-9:00 until 11-28
授权你每个工作日点一杯拿铁，每天最多三十块一杯，到周五
  => 1 latte ≤90 order≤30 day≤30 on 12345 0:00-24:00 until 11-28
明年一月三号去上海的高铁票订一张，不超过六百
  => 1 train-ticket destination:shanghai ≤600 wanted 2027-01-03~2027-01-04 until 2027-01-04
下个月三号去上海的高铁票订一张，不超过六百
  => 1 train-ticket destination:shanghai ≤600 wanted 12-03~12-04 until 12-04
二十八号去上海的高铁票订一张，不超过六百
  => 1 train-ticket destination:shanghai ≤600 wanted 11-28~11-29 until 11-29
每天给我和老婆各点一杯拿铁，每天最多六十，到周五
  => -
每天点一杯拿铁，周五除外，每天最多三十，到十二月十八号
  => ? leave-out · no 外
每天点一杯拿铁，除了周五，每天最多三十，到十二月十八号
  => ? leave-out · no 周五
每天三十，点一杯拿铁，到周五
  => ? which-limit · day · 3000
每天一杯拿铁，最多三十，不对，四十，到周五
  => ? too-many · latte
每天一杯拿铁，不限价格，到周五
  => ? how-much
每天一杯拿铁，一直到我说停，每天最多三十
  => ? until-when
每天一杯拿铁，永久，每天最多三十
  => ? until-when
订明天或者周五去上海的高铁，最多六百
  => ? which-day · 明天, 周五 · 11-26 12:00 · 11-27 12:00
订明天从杭州去上海的高铁，最多六百
  => ? contradiction · train-ticket · destination · hangzhou/shanghai
订周五和周六去上海的高铁各一张，最多六百
  => ? which-day · 周五, 周六 · 11-27 12:00 · 11-28 12:00
两点抢两张演唱会票，每张最多1280，周五前
  => ? which-half · 2
每天点一杯拿铁，每天最多三十点五元，到周五
  => 1 latte ≤91.5 day≤30.5 on 1234567 0:00-24:00 until 11-28
每天点一杯拿铁，每天不超过一百五，到周五
  => 1 latte ≤450 day≤150 on 1234567 0:00-24:00 until 11-28
抢两张演唱会票，每张最多一千二，总共两千四，周五前
  => 2 concert-ticket ≤2400 order≤2400 until 11-27
`;
