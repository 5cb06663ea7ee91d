/** Dialogues, with the answers after ` / `, said on Wednesday, 25 November 2026 at 10:00, and what they come to, as `showDelegation` writes it. */
export const DIALOGUES = `
order a latte every weekday before nine / 30 / each time / until friday
  => 1 latte ≤60 order≤30 day≤30 on 12345 0:00-9:00 until 11-28
order a latte every weekday before nine / at most 30 a day / two weeks
  => 1 latte ≤300 day≤30 on 12345 0:00-9:00 until 12-09 10:00
order a latte every weekday before nine / thirty yuan / in all / next friday
  => ? which-day · next friday · 11-27 12:00 · 12-04 12:00
order a latte every weekday before nine / thirty yuan / in all / next friday / the second one
  => 1 latte ≤30 on 12345 0:00-9:00 until 12-05
order a latte every weekday before nine / I don't know / 30
  => ? limit-scope · 3000
order a latte every weekday before nine / no / 30
  => ? limit-scope · 3000
order a latte every weekday before nine / never mind
  => -
order a latte every weekday before nine / 30 dollars / 200
  => ? limit-scope · 20000
order a latte every weekday before nine, at most 30 / 30 each time, until friday
  => 1 latte ≤60 order≤30 day≤30 on 12345 0:00-9:00 until 11-28
order a latte every weekday before nine, at most 30 / the first one / december 1
  => 1 latte ≤120 order≤30 day≤30 on 12345 0:00-9:00 until 12-02
order a latte every weekday before nine, at most 30 / no / in total / until yesterday / tomorrow
  => 1 latte ≤30 on 12345 0:00-9:00 until 11-27
order my coffee every weekday before nine, at most 30 a day, until friday / the second one
  => 1 iced-latte ≤60 day≤30 on 12345 0:00-9:00 until 11-28
order my coffee every weekday before nine, at most 30 a day, until friday / latte
  => 1 latte ≤60 day≤30 on 12345 0:00-9:00 until 11-28
order my coffee every weekday before nine, at most 30 a day, until friday / a large mocha
  => 1 mocha size:large ≤60 day≤30 on 12345 0:00-9:00 until 11-28
order my coffee every weekday before nine, at most 30 a day, until friday / not the second one
  => ? which-item · americano/iced-latte/latte · coffee
order something every weekday, at most 30 a day, until friday / a bagel
  => 1 bagel ≤90 day≤30 on 12345 0:00-24:00 until 11-28
order a latte every weekday, at most 30 a day, from these two shops, until friday / luna and paper crane
  => 1 latte ≤90 day≤30 @luna,paper-crane on 12345 0:00-24:00 until 11-28
order a latte every weekday, at most 30 a day, from these two shops, until friday / starbucks
  => ? which-merchants
order a latte every weekday, at most 30 a day, from these two shops, until friday / any shop
  => 1 latte ≤90 day≤30 on 12345 0:00-24:00 until 11-28
order a latte every weekday, at most 30 a day, from these two shops, until friday / not luna
  => ? which-merchants
order a latte every weekday, at most 30 a day, from these two shops, until friday / not luna / paper crane
  => 1 latte ≤90 day≤30 @paper-crane !@luna on 12345 0:00-24:00 until 11-28
order a latte every day until friday, only from luna, not from luna, at most 30 a day / yes
  => 1 latte ≤90 day≤30 @luna on 1234567 0:00-24:00 until 11-28
order a latte every day until friday, only from luna, not from luna, at most 30 a day / no
  => ? which-merchants
order a latte every day until friday, only from luna, not from luna, at most 30 a day / no / paper crane
  => 1 latte ≤90 day≤30 @paper-crane !@luna on 1234567 0:00-24:00 until 11-28
order a latte every day until friday, only coffee, no coffee, at most 30 a day / no
  => 1 latte ≤90 day≤30 !#coffee on 1234567 0:00-24:00 until 11-28
order a latte every day until friday, only coffee, no coffee, at most 30 a day / yes
  => 1 latte ≤90 day≤30 #coffee on 1234567 0:00-24:00 until 11-28
prepare the market report for 50 yuan by friday / yes
  => for market-report ≤50 until 11-28
prepare the market report for 50 yuan by friday / no
  => ? how-much
prepare the market report for 50 yuan by friday / no / 40
  => for market-report ≤40 until 11-28
prepare the market report for 50 yuan by friday / 60 yuan
  => for market-report ≤60 until 11-28
prepare the market report, at most 50 or 60, by friday / yes
  => ? which-limit · bare · 5000/6000
prepare the market report, at most 50 or 60, by friday / the second
  => for market-report ≤60 until 11-28
prepare the market report, at most 50 or 60, by friday / 60
  => for market-report ≤60 until 11-28
prepare the market report and order a latte, at most 50, by friday / the market report
  => for market-report ≤50 until 11-28
order a latte every day until friday, at most 30 each time, at most 20 a day / 40
  => 1 latte ≤120 order≤30 day≤40 on 1234567 0:00-24:00 until 11-28
order a latte every day until friday, at most 30 each time, at most 20 a day / 10
  => ? limits-disagree · order · 3000 · day · 1000
order a latte every day until friday, at most 30 each time, at most 20 a day / 20 each time
  => 1 latte ≤60 order≤20 day≤20 on 1234567 0:00-24:00 until 11-28
order a latte every day until february 29, at most 30 a day / february 28
  => 1 latte ≤2880 day≤30 on 1234567 0:00-24:00 until 2027-03-01
order a latte every day until november 20, at most 30 a day / november 30
  => 1 latte ≤180 day≤30 on 1234567 0:00-24:00 until 12-01
order a latte every day for two years, at most 30 a day / one year
  => 1 latte ≤10950 day≤30 on 1234567 0:00-24:00 until 2027-11-25 10:00
order a latte every day until 1 december 2028, at most 30 a day / december 1 2026
  => 1 latte ≤210 day≤30 on 1234567 0:00-24:00 until 12-02
order a latte every day from december 10 until december 5, at most 30 a day / december 15
  => 1 latte ≤180 day≤30 on 1234567 0:00-24:00 from 12-10 until 12-16
order a latte every day until friday and until sunday, at most 30 a day / the first one
  => 1 latte ≤90 day≤30 on 1234567 0:00-24:00 until 11-28
order a latte every day until friday and until sunday, at most 30 a day / sunday
  => 1 latte ≤150 day≤30 on 1234567 0:00-24:00 until 11-30
order a latte every saturday until friday, at most 30 each time / until december 31
  => 1 latte ≤150 order≤30 day≤30 on 6 0:00-24:00 until 2027-01-01
book a train to shanghai on wednesday, at most 600 / the second one
  => 1 train-ticket destination:shanghai ≤600 wanted 12-02~12-03 until 12-03
book a train to shanghai on wednesday, at most 600 / today
  => 1 train-ticket destination:shanghai ≤600 wanted 11-25~11-26 until 11-26
book a train to shanghai on wednesday, at most 600 / december 2nd
  => 1 train-ticket destination:shanghai ≤600 wanted 12-02~12-03 until 12-03
book a train to shanghai on wednesday, at most 600 / next wednesday
  => 1 train-ticket destination:shanghai ≤600 wanted 12-02~12-03 until 12-03
book a train to shanghai on saturday at three, at most 600 / pm
  => 1 train-ticket destination:shanghai ≤600 wanted 11-28 15:00~11-28 15:30 until 11-28 15:30
book a train to shanghai on saturday at three, at most 600 / in the morning
  => 1 train-ticket destination:shanghai ≤600 wanted 11-28 03:00~11-28 03:30 until 11-28 03:30
book a train to shanghai on saturday at three, at most 600 / 15:00
  => 1 train-ticket destination:shanghai ≤600 wanted 11-28 15:00~11-28 15:30 until 11-28 15:30
book a train to shanghai on december 1 2028, at most 600 / december 1
  => 1 train-ticket destination:shanghai ≤600 wanted 12-01~12-02 until 12-02
book a train to shanghai on february 30, at most 600 / february 28
  => 1 train-ticket destination:shanghai ≤600 wanted 2027-02-28~2027-03-01 until 2027-03-01
book a train to beijing tomorrow, at most 600 / no
  => -
book a train to beijing tomorrow, at most 600 / yes
  => 1 train-ticket ≤600 wanted 11-26~11-27 until 11-27
book a ticket for tomorrow, at most 600 / the second one
  => 1 train-ticket ≤600 wanted 11-26~11-27 until 11-27
book a large train ticket for tomorrow, at most 600 / yes
  => 1 train-ticket ≤600 wanted 11-26~11-27 until 11-27
book a train to shanghai or hangzhou tomorrow, at most 600 / hangzhou
  => 1 train-ticket destination:hangzhou ≤600 wanted 11-26~11-27 until 11-27
book 30 train tickets for tomorrow, at most 600 / two
  => 2 train-ticket ≤600 wanted 11-26~11-27 until 11-27
book a train to shanghai tomorrow / 600 and ask me if the price goes up more than 10 percent
  => 1 train-ticket destination:shanghai ≤600 wanted 11-26~11-27 until 11-27 price>10% PAUSE_AND_NOTIFY
book a train to shanghai tomorrow / 600, only from china rail
  => 1 train-ticket destination:shanghai ≤600 @rail wanted 11-26~11-27 until 11-27
book a train to shanghai tomorrow / order me a latte under 20
  => -
book a train to shanghai tomorrow / get me two concert tickets when they go on sale until friday
  => ? how-much
book a train to shanghai tomorrow / stop
  => -
get me two tickets for the concert when they go on sale / 1,280 each / until december 24 at noon
  => 2 concert-ticket ≤2560 order≤2560 until 12-24 12:00
get me two tickets for the concert when they go on sale, at most 1280 each / until the end of the month
  => 2 concert-ticket ≤2560 order≤2560 until 12-01
get me two tickets for the concert when they go on sale, at most 1280 each / when it is sold out
  => ? until-when
get me two tickets for the concert when they go on sale, at most 1280 each / nine pm
  => 2 concert-ticket ≤2560 order≤2560 until 11-25 21:00
get me two tickets for the concert when they go on sale, at most 1280 each / three
  => ? which-half · 3
get me two tickets for the concert when they go on sale, at most 1280 each / three / in the afternoon
  => 2 concert-ticket ≤2560 order≤2560 until 11-25 15:00
每个工作日九点前点一杯拿铁 / 三十 / 每次 / 到周五
  => 1 latte ≤60 order≤30 day≤30 on 12345 0:00-9:00 until 11-28
每个工作日九点前点一杯拿铁 / 每天三十块 / 两周
  => 1 latte ≤300 day≤30 on 12345 0:00-9:00 until 12-09 10:00
每个工作日九点前点一杯拿铁 / 一千二百八 / 总共 / 月底
  => 1 latte ≤1280 on 12345 0:00-9:00 until 12-01
每个工作日九点前点一杯拿铁 / 算了
  => -
每个工作日九点前点一杯拿铁，不超过三十 / 第一个 / 下周五
  => 1 latte ≤210 order≤30 day≤30 on 12345 0:00-9:00 until 12-05
每个工作日点一杯拿铁，每天最多三十，就在这两家店，到周五 / 月獭和纸鹤
  => 1 latte ≤90 day≤30 @luna,paper-crane on 12345 0:00-24:00 until 11-28
每个工作日点一杯拿铁，每天最多三十，就在这两家店，到周五 / 随便
  => 1 latte ≤90 day≤30 on 12345 0:00-24:00 until 11-28
每个工作日点一杯拿铁，每天最多三十，就在这两家店，到周五 / 哪家都行
  => 1 latte ≤90 day≤30 on 12345 0:00-24:00 until 11-28
每天一杯拿铁，每天最多三十，只在月獭买，不要在月獭买，到周五 / 可以
  => 1 latte ≤90 day≤30 @luna on 1234567 0:00-24:00 until 11-28
每天一杯拿铁，每天最多三十，只在月獭买，不要在月獭买，到周五 / 不可以
  => ? which-merchants
每天一杯拿铁，每天最多三十，到二月二十九号 / 二月二十八号
  => 1 latte ≤2880 day≤30 on 1234567 0:00-24:00 until 2027-03-01
每天一杯拿铁，每天最多三十，到周五，到周日 / 第二个
  => 1 latte ≤150 day≤30 on 1234567 0:00-24:00 until 11-30
订周三去上海的高铁票，最多六百 / 第二个
  => 1 train-ticket destination:shanghai ≤600 wanted 12-02~12-03 until 12-03
订周三去上海的高铁票，最多六百 / 下周三
  => 1 train-ticket destination:shanghai ≤600 wanted 12-02~12-03 until 12-03
订周三去上海的高铁票，最多六百 / 今天
  => 1 train-ticket destination:shanghai ≤600 wanted 11-25~11-26 until 11-26
订周六三点去上海的高铁票，最多六百 / 下午
  => 1 train-ticket destination:shanghai ≤600 wanted 11-28 15:00~11-28 15:30 until 11-28 15:30
订明天的票，最多六百 / 第二个
  => 1 train-ticket ≤600 wanted 11-26~11-27 until 11-27
订明天的票，最多六百 / 火车票
  => 1 train-ticket ≤600 wanted 11-26~11-27 until 11-27
准备市场报告，五十块，周五前 / 对
  => for market-report ≤50 until 11-27
准备市场报告，五十块，周五前 / 不对
  => ? how-much
准备市场报告 / 最多五十 / 周五
  => for market-report ≤50 until 11-28
准备市场报告 / 五十块钱 / 三天
  => for market-report ≤50 until 11-28 10:00
演唱会开售了帮我抢两张票，每张最多1280 / 十二月二十四号中午
  => 2 concert-ticket ≤2560 order≤2560 until 12-24 12:00
order a latte every day, not on sunday, at most 30 a day, until friday
  => ? leave-out · no on sunday
order a latte every weekday but not on friday, at most 30 a day, until december 18
  => ? leave-out · no on friday
每天一杯拿铁，不要在周日，每天最多三十，到周五
  => ? leave-out · no 在周日
order a latte every day until friday, not more than 30 a day, not before 9
  => ? leave-out · no before 9
order a latte every day until friday, at most 30 a day, from these two shops / not any shop
  => ? which-merchants
book a train to shanghai tomorrow not before nine, at most 600
  => ? leave-out · no before nine
book a train to shanghai tomorrow, not the early one, at most 600
  => ? leave-out · no early
order a latte every day until friday, at most 30, no, 40 a day
  => 1 latte ≤120 day≤40 on 1234567 0:00-24:00 until 11-28
order a latte every day until friday, no, until sunday, at most 30 a day
  => 1 latte ≤150 day≤30 on 1234567 0:00-24:00 until 11-30
order two lattes, no, three lattes every day until friday at most 90 a day
  => 3 latte ≤270 day≤90 on 1234567 0:00-24:00 until 11-28
book a train to shanghai tomorrow or friday, at most 600
  => ? which-day · tomorrow, friday · 11-26 12:00 · 11-27 12:00
book a train to shanghai tomorrow or friday, at most 600 / friday
  => 1 train-ticket destination:shanghai ≤600 wanted 11-27~11-28 until 11-28
book a train to shanghai tomorrow or friday, at most 600 / the first one
  => 1 train-ticket destination:shanghai ≤600 wanted 11-26~11-27 until 11-27
book a train to shanghai tomorrow morning or friday at 9, at most 600 / the first one
  => 1 train-ticket destination:shanghai ≤600 wanted 11-26 05:00~11-26 12:00 until 11-26 12:00
订明天或者周五去上海的高铁，最多六百 / 周五
  => 1 train-ticket destination:shanghai ≤600 wanted 11-27~11-28 until 11-28
order a latte every day from 8 to 9, from monday to friday, at most 30 a day, until december 18
  => 1 latte ≤510 day≤30 on 12345 8:00-9:00 until 12-19
order a latte every day until i say stop, at most 30 a day
  => ? until-when
order a latte every day forever, at most 30 a day
  => ? until-when
每天一杯拿铁，一直到我说停，每天最多三十
  => ? until-when
每天一杯拿铁，最多三十，不对，四十，到周五
  => ? too-many · latte
每天点一杯拿铁，从周一到周五，每天最多三十，到十二月十八号
  => 1 latte ≤540 day≤30 on 12345 0:00-24:00 until 12-19
order a latte every day from tomorrow to friday at most 30 a day
  => 1 latte ≤60 day≤30 on 1234567 0:00-24:00 from 11-26 until 11-28
每天一杯拿铁，每天最多三十，到周五，不对，到周日
  => 1 latte ≤150 day≤30 on 1234567 0:00-24:00 until 11-30
`;
