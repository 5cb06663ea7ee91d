/** Sentences, and what the device says to them in English and in Chinese. */
export const QUESTIONS = `
order a latte every weekday
  At most how many yuan, each time or in all?
  最多多少元？请说每次还是总共。
order a latte every weekday until friday, about 30 a day
  At most 30 yuan a day?
  每天最多30元，对吗？
prepare the market report, at most 50 or 60, by friday
  At most how many yuan?
  最多多少元？
order a latte every weekday at most 30 dollars a day
  I can pay in yuan only. At most how many yuan?
  我只能用人民币付款。最多多少元？
order a latte every weekday, at most 30
  30 yuan: each time, or in all?
  30元是每次，还是总共？
order a latte every day until friday, at most 30 a day, at most 20 in total
  30 yuan a day is more than 20 yuan in all. At most how many yuan in all?
  每天30元超过了总共20元。总共最多多少元？
order a latte every day until friday, at most 30 each, 20.50 in all
  30 yuan each is more than 20.5 yuan in all. At most how many yuan in all?
  每件30元超过了总共20.5元。总共最多多少元？
order a latte every weekday from these two shops, at most 30 a day
  Which shops may it be?
  可以在哪些店买？
每天一杯拿铁，只在星巴克买，每天最多三十，到周五
  I don't know the shop 星巴克. Which shops may it be?
  没有找到星巴克这家店。可以在哪些店买？
order a latte every day until friday, only from luna, not from luna, at most 30 a day
  May it be bought from luna coffee, yes or no?
  到底可不可以在月獭咖啡买？
order a latte every day until friday, only coffee, no coffee, at most 30 a day
  May it buy coffee, yes or no?
  到底可不可以买咖啡？
order a latte every weekday, at most 30 a day
  Until when?
  到什么时候为止？
order a latte every day until friday and until sunday at noon, at most 30 a day
  Until the end of Friday, 27 November 2026 or Sunday, 29 November 2026 12:00?
  到2026年11月27日周五结束还是2026年11月29日周日 12:00？
order a latte every day from december 10 until december 5, at most 30 a day
  That ends before it begins. Until when?
  结束早于开始。到什么时候为止？
order a latte every day until november 20, at most 30 a day
  until november 20 is over. When then?
  until november 20已经过了。改到什么时候？
book a train to shanghai on february 30, at most 600
  There is no such day: on february 30. Which day?
  没有这一天：on february 30。哪一天？
book a train to shanghai next saturday, at most 600
  Saturday, 28 November 2026 or Saturday, 5 December 2026?
  2026年11月28日周六还是2026年12月5日周六？
book a train to shanghai on saturday at three, at most 600
  3 in the morning or in the afternoon?
  3点是上午还是下午？
order a latte every day for two years, at most 30 a day
  That is more than a year. Until when, within a year?
  最长一年。到什么时候为止？
order a latte every saturday until friday, at most 30 each time
  None of those days comes before the end. Until when?
  结束之前没有这样的日子。到什么时候为止？
prepare the market report and order a latte, at most 50, by friday
  One after the other, please. First market report or latte?
  请一件一件来。先市场报告还是拿铁？
order my coffee every weekday before nine, at most 30 a day, until friday
  I don't know coffee. Did you mean americano, iced latte or latte?
  没有找到coffee。您要的是美式、冰拿铁还是拿铁吗？
book a train to beijing tomorrow, at most 600
  I can't do this part: beijing. Order the rest?
  这部分办不到：beijing。其余的照点吗？
`;

export const SUMMARIES = `
get me two tickets for Saturday's concert when they go on sale, at most 1,280 each, only from Damai
  2 × concert ticket, for Saturday, 28 November 2026, at most 2560 yuan in all, 2560 yuan per order, only from damai, from Wednesday, 25 November 2026 10:00 until the end of Saturday, 28 November 2026. Shall I set this up?
  2 × 演唱会门票，时间是2026年11月28日周六，总共最多2560元，每次最多2560元，只在大麦，2026年11月25日周三 10:00起，到2026年11月28日周六结束为止。这样授权吗？
book a window seat on tomorrow's early train to Shanghai, up to 600, if the price goes up at all cancel it, if the payment fails give up
  train ticket (window seat, to shanghai), for Thursday, 26 November 2026 between 5:00 and 9:00, at most 600 yuan in all, from any shop, if the price moves at all I cancel, if a payment fails I give up, from Wednesday, 25 November 2026 10:00 until Thursday, 26 November 2026 9:00. Shall I set this up?
  火车票（靠窗、去上海），时间是2026年11月26日周四5:00到9:00之间，总共最多600元，商家不限，价格一有变动就取消，付款失败就取消，2026年11月25日周三 10:00起，到2026年11月26日周四 9:00为止。这样授权吗？
order an iced latte every weekday before nine, at most 30.50 a day, from luna or paper crane, for two weeks, no tea, if the price goes up more than 2.5 percent ask me, try again once if the payment fails
  iced latte, every Monday to Friday between 0:00 and 9:00, at most 305 yuan in all, 30.5 yuan a day, only from luna coffee or paper crane, no tea, if the price moves more than 2.5 percent I ask you, if a payment fails I try again up to 1 time, from Wednesday, 25 November 2026 10:00 until Wednesday, 9 December 2026 10:00. Shall I set this up?
  冰拿铁，每周一到周五0:00到9:00之间，总共最多305元，每天最多30.5元，只在月獭咖啡和纸鹤咖啡，不买茶类，价格变动超过2.5%就先问您，付款失败最多再试1次，2026年11月25日周三 10:00起，到2026年12月9日周三 10:00为止。这样授权吗？
prepare the market report by 6 pm tomorrow, at most 50, at most 5 per order, only on data, never from luna, retry twice if payment fails
  For the market report, the agent picks what to buy, at most 50 yuan in all, 5 yuan per order, never from luna coffee, only data, if a payment fails I try again up to 2 times, from Wednesday, 25 November 2026 10:00 until Thursday, 26 November 2026 18:00. Shall I set this up?
  为了市场报告，买什么由代理决定，总共最多50元，每次最多5元，不在月獭咖啡，只买数据类，付款失败最多再试2次，2026年11月25日周三 10:00起，到2026年11月26日周四 18:00为止。这样授权吗？
order two croissants every monday and friday, at most 12 each, from december 1 until december 31, the price may go up 5 percent
  2 × croissant, every Monday and Friday, at most 192 yuan in all, 24 yuan per order, 24 yuan a day, from any shop, if the price moves more than 5 percent I ask you, from Tuesday, 1 December 2026 0:00 until the end of Thursday, 31 December 2026. Shall I set this up?
  2 × 可颂，每周一、周五，总共最多192元，每次最多24元，每天最多24元，商家不限，价格变动超过5%就先问您，2026年12月1日周二 0:00起，到2026年12月31日周四结束为止。这样授权吗？
`;
