/** English sentences said on Wednesday, 25 November 2026 at 10:00, and what they come to, as `showDelegation` writes it. */
export const ENGLISH = `
get me two tickets for Saturday's concert when they go on sale, at most 1,280 each, only from Damai
  => 2 concert-ticket ≤2560 order≤2560 @damai wanted 11-28~11-29 until 11-29
get me two tickets for saturdays concert when they go on sale at most twelve hundred and eighty each only from damai
  => 2 concert-ticket ≤2560 order≤2560 @damai wanted 11-28~11-29 until 11-29
as soon as the concert tickets go on sale grab me two, at most 900 each, until december 31
  => 2 concert-ticket ≤1800 order≤1800 until 2027-01-01
once tickets for the concert are released get two stalls tickets, no more than 2,000 in total, by friday
  => 2 concert-ticket tier:stalls ≤2000 until 11-28
when it goes on sale buy a concert ticket for at most 800 yuan, damai only, until the end of the month
  => 1 concert-ticket ≤800 @damai until 12-01
grab a balcony concert ticket the moment sales open, up to 500, valid until december 10
  => 1 concert-ticket tier:balcony ≤500 until 12-11
buy one ticket for the concert on december 5th, max 600
  => 1 concert-ticket ≤600 wanted 12-05~12-06 until 12-06
two tickets for the concert on 5 december at most 600 each
  => 2 concert-ticket ≤1200 order≤1200 wanted 12-05~12-06 until 12-06
watch for concert tickets and buy two if the price falls below 500, until friday
  => 2 concert-ticket ≤500 until 11-28
if the price drops to 400 buy me a concert ticket, valid for two weeks
  => 1 concert-ticket ≤400 until 12-09 10:00
book a window seat on tomorrow's early train to Shanghai, up to 600
  => 1 train-ticket seat:window destination:shanghai ≤600 wanted 11-26 05:00~11-26 09:00 until 11-26 09:00
book me a seat on the train to hangzhou tomorrow morning, second class, no more than 250
  => 1 train-ticket destination:hangzhou class:second ≤250 wanted 11-26 05:00~11-26 12:00 until 11-26 12:00
reserve two first class train tickets to shanghai for friday afternoon, at most 900 in all
  => 2 train-ticket class:first destination:shanghai ≤900 wanted 11-27 12:00~11-27 18:00 until 11-27 18:00
book the 8 am train to shanghai tomorrow for at most 600 yuan
  => 1 train-ticket destination:shanghai ≤600 wanted 11-26 08:00~11-26 08:30 until 11-26 08:30
book a train to shanghai tomorrow before nine, at most 600
  => 1 train-ticket destination:shanghai ≤600 wanted 11-26~11-26 09:00 until 11-26 09:00
book a train to shanghai leaving tomorrow between 7 and 9, at most 600
  => 1 train-ticket destination:shanghai ≤600 wanted 11-26 07:00~11-26 09:00 until 11-26 09:00
book a train to shanghai tomorrow after 6 pm under 600
  => 1 train-ticket destination:shanghai ≤600 wanted 11-26 18:00~11-27 until 11-27
book an aisle seat on the train to shanghai on friday evening under 600 from china rail
  => 1 train-ticket seat:aisle destination:shanghai ≤600 @rail wanted 11-27 18:00~11-28 until 11-28
get me a train ticket to shanghai for this friday for no more than 553.50
  => 1 train-ticket destination:shanghai ≤553.5 wanted 11-27~11-28 until 11-28
get me a train ticket to hangzhou for the day after tomorrow at most two hundred and twenty
  => 1 train-ticket destination:hangzhou ≤220 wanted 11-27~11-28 until 11-28
get a train to shanghai on friday, try again twice if the payment fails, at most 600
  => 1 train-ticket destination:shanghai ≤600 wanted 11-27~11-28 until 11-28 fail AUTO_RETRY 2
book a train to shanghai on friday for at most 600, if payment fails give up
  => 1 train-ticket destination:shanghai ≤600 wanted 11-27~11-28 until 11-28 fail CANCEL
book a train to shanghai on friday for at most 600 and ask me if the price goes up more than 10 percent
  => 1 train-ticket destination:shanghai ≤600 wanted 11-27~11-28 until 11-28 price>10% PAUSE_AND_NOTIFY
book a train to shanghai on friday for at most 600, if the price rises by more than five percent cancel it
  => 1 train-ticket destination:shanghai ≤600 wanted 11-27~11-28 until 11-28 price>5% AUTO_CANCEL
book a train to shanghai on friday for at most 600, the price may go up 5 percent
  => 1 train-ticket destination:shanghai ≤600 wanted 11-27~11-28 until 11-28 price>5%
book a train to shanghai on friday for at most 600, if it gets more expensive tell me
  => 1 train-ticket destination:shanghai ≤600 wanted 11-27~11-28 until 11-28 price>0% PAUSE_AND_NOTIFY
order my latte every weekday before nine, at most 30 a day, from luna, until december 18
  => 1 latte ≤510 day≤30 @luna on 12345 0:00-9:00 until 12-19
order a latte every weekday before 9 am, at most 30 a day, for two weeks
  => 1 latte ≤300 day≤30 on 12345 0:00-9:00 until 12-09 10:00
order me an iced latte with less sugar every morning between 8 and 9:30, up to 25 each, until the end of the month
  => 1 iced-latte sugar:less ≤125 order≤25 day≤25 on 1234567 8:00-9:30 until 12-01
order two croissants every monday and friday at 8, at most 12 each, until december 31
  => 2 croissant ≤240 order≤24 day≤24 on 15 8:00-8:30 until 2027-01-01
get me a latte on mondays at half past eight, at most 30 each time, for a month
  => 1 latte ≤120 order≤30 day≤30 on 1 8:30-9:00 until 12-25 10:00
get me a latte on weekends after 10 am, no more than 30 per order, for the next four weeks
  => 1 latte ≤240 order≤30 day≤30 on 67 10:00-24:00 until 12-23 10:00
a green tea every afternoon, at most 20 a day, until friday
  => 1 green-tea ≤60 day≤20 on 1234567 12:00-18:00 until 11-28
a milk tea every friday afternoon between 2 and 4, at most 25 each time, until the end of the year
  => 1 milk-tea ≤125 order≤25 day≤25 on 5 14:00-16:00 until 2027-01-01
from monday on, a croissant every weekday until december 18, no more than 12 yuan per order, anywhere but paper crane
  => 1 croissant ≤180 order≤12 day≤12 !@paper-crane on 12345 0:00-24:00 from 11-30 until 12-19
starting tomorrow order an americano every day before 8:30, 25 yuan max each time, for one week
  => 1 americano ≤175 order≤25 day≤25 on 1234567 0:00-8:30 from 11-26 until 12-03
starting next week get me a mocha every day, at most 30 a day, at most 100 in total, until the end of next week
  => 1 mocha ≤100 day≤30 on 1234567 0:00-24:00 from 11-30 until 12-07
order a bagel every tuesday and thursday before noon, up to 10 yuan per order, 60 in all, until december 24
  => 1 bagel ≤60 order≤10 day≤10 on 24 0:00-12:00 until 12-25
keep ordering my latte every workday, spend at most 300 in total, at most 30 a day, until december 18
  => 1 latte ≤300 day≤30 on 12345 0:00-24:00 until 12-19
every weekday before nine buy a large latte with oat milk from luna or paper crane, at most 32 each time, for three weeks
  => 1 latte size:large milk:oat ≤480 order≤32 day≤32 @luna,paper-crane on 12345 0:00-9:00 until 12-16 10:00
order a cappuccino daily, no more than 28 a day, until the 5th of december, never from luna
  => 1 cappuccino ≤308 day≤28 !@luna on 1234567 0:00-24:00 until 12-06
order a cappuccino every day until sunday, no more than 28 a day, but not from luna or paper crane
  => 1 cappuccino ≤140 day≤28 !@luna,paper-crane on 1234567 0:00-24:00 until 11-30
a latte monday to friday before nine, at most 30 per order, until december 18
  => 1 latte ≤510 order≤30 day≤30 on 12345 0:00-9:00 until 12-19
a latte every weekday from 8 to 9, at most 30 a day, until december 18 2026
  => 1 latte ≤510 day≤30 on 12345 8:00-9:00 until 12-19
order a latte every weekday next week, at most 30 a day
  => 1 latte ≤150 day≤30 on 12345 0:00-24:00 from 11-30 until 12-07
order a latte every weekday this month before nine, at most 30 a day
  => 1 latte ≤90 day≤30 on 12345 0:00-9:00 until 12-01
prepare the market report, spend at most 50 on data, until friday
  => for market-report ≤50 #data until 11-28
prepare the market report by friday, spend at most 50 on data
  => for market-report ≤50 #data until 11-28
do the market report, budget 80, by tomorrow evening
  => for market-report ≤80 until 11-27
put together the market report by 6 pm tomorrow, up to 100 yuan, only from the data desk
  => for market-report ≤100 @data-desk until 11-26 18:00
compile a market report for at most 50, at most 5 per order, by friday
  => for market-report ≤50 order≤5 until 11-28
prepare the market report every monday for a month, at most 20 each time, 60 in all, only from the data desk
  => for market-report ≤60 order≤20 day≤20 @data-desk on 1 0:00-24:00 until 12-25 10:00
make me the market report, spend up to 40, at most 10 a day, for three days
  => for market-report ≤40 day≤10 until 11-28 10:00
research the market report within two days, spending at most 30 on data only
  => for market-report ≤30 #data until 11-27 10:00
get me the market report by the end of the week for at most 45, no coffee
  => for market-report ≤45 !#coffee until 11-30
get me two tickets for Saturday's concert when they go on sale
  => ? how-much
get me two tickets for the concert when they go on sale, at most 1,280 each
  => ? until-when
book a window seat on tomorrow's early train to Shanghai
  => ? how-much
order a latte every weekday before nine
  => ? how-much
order a latte every weekday before nine, at most 30
  => ? limit-scope · 3000
order a latte every weekday, at most 30 a day
  => ? until-when
order a latte every weekday, at most 30 a day, from these two shops
  => ? which-merchants
order my coffee every weekday before nine, at most 30 a day, until friday
  => ? which-item · americano/iced-latte/latte · coffee
order something every weekday, at most 30 a day, until friday
  => ? unknown-product · something
prepare the market report
  => ? how-much
prepare the market report for 50 yuan by friday
  => ? which-limit · bare · 5000
prepare the market report for about 50 by friday
  => ? which-limit · bare · 5000
prepare the market report by friday for at most 50 dollars
  => ? foreign-amount
prepare the market report, at most 50 or 60, by friday
  => ? which-limit · bare · 5000/6000
prepare the market report, at most 50, at most 60, by friday
  => ? which-limit · bare · 5000/6000
prepare the market report and order a latte, at most 50, by friday
  => ? which-one · market-report/latte
order a latte every day until friday, at most 30 each time, at most 20 a day
  => ? limits-disagree · order · 3000 · day · 2000
order a latte every day until friday, at most 30 a day, at most 20 in total
  => ? limits-disagree · day · 3000 · total · 2000
order a latte every day until friday, at most 30 each, 20 in all
  => ? limits-disagree · piece · 3000 · total · 2000
order a latte every day until friday at most 30 dollars a day
  => ? foreign-amount
order a latte every day until friday, only from luna, not from luna, at most 30 a day
  => ? merchant-both · luna
order a latte every day until friday, only from starbucks, at most 30 a day
  => ? which-merchants · starbucks
order a latte every day from my usual shop, at most 30 a day, until friday
  => ? which-merchants
order a latte every day until yesterday, at most 30 a day
  => ? date-past · until yesterday
order a latte every day until november 20, at most 30 a day
  => ? date-past · until november 20
order a latte every day until february 29, at most 30 a day
  => ? no-such-day · until february 29
order a latte every day until february 29 2027, at most 30 a day
  => ? no-such-day · until february 29 2027
order a latte every day until april 31, at most 30 a day
  => ? no-such-day · until april 31
order a latte every day until december 2030, at most 30 a day
  => ? too-long
order a latte every day until 1 december 2028, at most 30 a day
  => ? too-long
order a latte every day for two years, at most 30 a day
  => ? too-long
order a latte every day for a year, at most 30 a day
  => 1 latte ≤10950 day≤30 on 1234567 0:00-24:00 until 2027-11-25 10:00
order a latte every day from december 10 until december 5, at most 30 a day
  => ? end-before-start
order a latte every day until friday and until sunday, at most 30 a day
  => ? which-end · 11-28 · 11-30
order a latte every saturday until friday, at most 30 each time
  => ? never-due
order a latte every wednesday until wednesday, at most 30 each time
  => ? which-day · until wednesday · 11-25 12:00 · 12-02 12:00
book a train to shanghai next saturday, at most 600
  => ? which-day · next saturday · 11-28 12:00 · 12-05 12:00
book a train to shanghai on wednesday, at most 600
  => ? which-day · on wednesday · 11-25 12:00 · 12-02 12:00
book a train to shanghai on saturday at three, at most 600
  => ? which-half · 3
book a train to shanghai tomorrow at 3 pm, at most 600
  => 1 train-ticket destination:shanghai ≤600 wanted 11-26 15:00~11-26 15:30 until 11-26 15:30
book a train to beijing tomorrow, at most 600
  => ? leave-out · beijing
book a train tomorrow with a sleeping car, at most 600
  => ? unknown-product · sleeping car
book a flight tomorrow, at most 600
  => ? unknown-product · flight
book a ticket for tomorrow, at most 600
  => ? which-item · concert-ticket/train-ticket
book a large train ticket for tomorrow, at most 600
  => ? not-offered · train-ticket · size · large
book 30 train tickets for tomorrow, at most 600
  => ? too-many · train-ticket
book a train to shanghai or hangzhou tomorrow, at most 600
  => ? contradiction · train-ticket · destination · shanghai/hangzhou
order a latte every other day, at most 30 each time, until friday
  => ? leave-out · every other day
order a latte every day, at most 100 a week, until friday
  => ? leave-out · at most 100 a week
order a latte every day until friday, at least 20 a day
  => ? leave-out · at least 20 a day
buy me a latte tomorrow
  => ? how-much
have a croissant delivered tomorrow at 8, at most 15
  => 1 croissant ≤15 wanted 11-26 08:00~11-26 08:30 until 11-26 08:30
get me a latte on friday at nine from luna, at most 30
  => 1 latte ≤30 @luna wanted 11-27 09:00~11-27 09:30 until 11-27 09:30
get me a latte tonight at 8 for at most 30
  => 1 latte ≤30 wanted 11-25 20:00~11-25 20:30 until 11-25 20:30
from now on order my latte from luna every weekday at nine, 30 yuan at most each time, until december 18
  => 1 latte ≤510 order≤30 day≤30 @luna on 12345 9:00-9:30 until 12-19
automatically order two bagels every sunday, at most 20 a day, until the end of the year
  => 2 bagel ≤100 day≤20 on 7 0:00-24:00 until 2027-01-01
on my behalf book a train to shanghai for december 3rd, at most 600
  => 1 train-ticket destination:shanghai ≤600 wanted 12-03~12-04 until 12-04
i want two tickets for saturday's concert as soon as they're on sale, for at most 1280 yuan each
  => 2 concert-ticket ≤2560 order≤2560 wanted 11-28~11-29 until 11-29
could you get me two tickets to the concert on saturday when sales start, 1280 max each
  => 2 concert-ticket ≤2560 order≤2560 wanted 11-28~11-29 until 11-29
please book tomorrow's train to shanghai, window, second class, up to six hundred
  => 1 train-ticket destination:shanghai seat:window class:second ≤600 wanted 11-26~11-27 until 11-27
can you order a latte for me every weekday at 8:45, up to 30 each time, until dec 18
  => 1 latte ≤510 order≤30 day≤30 on 12345 8:45-9:15 until 12-19
i'd like an americano every weekday morning, at most 22 a day, until the end of next week
  => 1 americano ≤176 day≤22 on 12345 5:00-12:00 until 12-07
order an americano each weekday, 22 a day at most, until the end of next week
  => 1 americano ≤176 day≤22 on 12345 0:00-24:00 until 12-07
order an americano every weekday for the next two weeks with a budget of 200
  => 1 americano ≤200 on 12345 0:00-24:00 until 12-09 10:00
order an americano every weekday for the next two weeks with a budget of 200 and at most 25 a day
  => 1 americano ≤200 day≤25 on 12345 0:00-24:00 until 12-09 10:00
order two lattes and a croissant every weekday before nine, at most 80 each time, until december 4
  => 2 latte + 1 croissant ≤560 order≤80 day≤80 on 12345 0:00-9:00 until 12-05
order a latte every weekday before nine, no tea, at most 30 a day, until friday
  => 1 latte ≤60 day≤30 !#tea on 12345 0:00-9:00 until 11-28
order a latte every weekday before nine, only coffee, at most 30 a day, until friday
  => 1 latte ≤60 day≤30 #coffee on 12345 0:00-9:00 until 11-28
if the concert goes on sale buy two tickets, at most 700 each, within two weeks
  => 2 concert-ticket ≤1400 order≤1400 until 12-09 10:00
whenever concert tickets are back in stock buy one for at most 700, for a week
  => 1 concert-ticket ≤700 until 12-02 10:00
good morning, order a latte every weekday before nine, at most 30 a day, until friday
  => 1 latte ≤60 day≤30 on 12345 0:00-9:00 until 11-28
snap up two concert tickets on friday at noon when they go on sale, at most 1280 each
  => 2 concert-ticket ≤2560 order≤2560 wanted 11-27 12:00~11-27 12:30 until 11-27 12:30
order a latte every weekday except friday, at most 30 a day, until december 18
  => ? leave-out · no friday
order a latte every day but sunday, at most 30 a day, until december 18
  => ? which-end · 11-30 · 12-19
get me two concert tickets when they go on sale on friday, at most 1280 each
  => ? until-when
order a latte every day until friday, at most 30, no, 40 a day
  => 1 latte ≤120 day≤40 on 1234567 0:00-24:00 until 11-28
order a latte every day until friday, no, until sunday, at most 30 a day
  => 1 latte ≤150 day≤30 on 1234567 0:00-24:00 until 11-30
order a latte every day at most 30 a day until friday, actually a mocha
  => 1 mocha ≤90 day≤30 on 1234567 0:00-24:00 until 11-28
order two lattes, no, three lattes every day until friday at most 90 a day
  => 3 latte ≤270 day≤90 on 1234567 0:00-24:00 until 11-28
order a latte or a mocha every day until friday at most 30 a day
  => ? which-item · latte/mocha
book a train to shanghai tomorrow or friday, at most 600
  => ? which-day · tomorrow, friday · 11-26 12:00 · 11-27 12:00
book a train to shanghai on december 3 and december 5, at most 600
  => ? which-day · on december 3, december 5 · 12-03 12:00 · 12-05 12:00
book a train to shanghai tomorrow, at most 600, or 700 if it is first class
  => ? leave-out · if
book a train to shanghai tomorrow for me and my wife, at most 600
  => ? leave-out · wife
book two trains to shanghai tomorrow and on friday, at most 600
  => ? which-day · tomorrow, on friday · 11-26 12:00 · 11-27 12:00
order a latte every day until friday, at most 30 a day, from luna only if it is open
  => ? leave-out · open
order a latte every day until friday, at most 30 a day, only from damai or, if sold out, anywhere
  => ? leave-out · if sold out, anywhere
order a latte every day from 8 to 9, from monday to friday, at most 30 a day
  => ? until-when
order a latte every day from tomorrow to friday at most 30 a day
  => 1 latte ≤60 day≤30 on 1234567 0:00-24:00 from 11-26 until 11-28
order a latte every morning until friday, at most 30 a day, and a mocha every evening
  => ? end-before-start
order a latte on friday and a mocha on saturday, at most 60
  => ? which-day · on friday, on saturday · 11-27 12:00 · 11-28 12:00
buy a latte every day until friday for at most 10 yuan more than usual
  => ? limit-scope · 1000
book a train to shanghai tomorrow, at most 600, at least second class
  => 1 train-ticket destination:shanghai class:second ≤600 wanted 11-26~11-27 until 11-27
book a train from hangzhou to shanghai tomorrow, at most 600
  => ? contradiction · train-ticket · destination · hangzhou/shanghai
book a hotel in shanghai tomorrow, at most 600
  => ? unknown-product · hotel
order a latte every day until friday with unlimited budget
  => ? leave-out · unlimited, budget
order a latte every day until friday, spend whatever it takes
  => ? leave-out · whatever, takes
order a latte forever, at most 30 a day
  => ? until-when
order a latte every day indefinitely, at most 30 a day
  => ? until-when
order a latte every day with no limit until friday
  => ? leave-out · limit
order a latte every day until i say stop, at most 30 a day
  => ? until-when
order a latte every day, at most 30 a day, until friday, five hundred times
  => ? unknown-product · times
order a latte every day at most 30 a day until friday 2000 in total
  => ? which-limit · total · 200000
order a latte every day until friday, at most -5 a day
  => 1 latte ≤15 day≤5 on 1234567 0:00-24:00 until 11-28
order a latte every day until friday, at most 30.5 a day
  => 1 latte ≤91.5 day≤30.5 on 1234567 0:00-24:00 until 11-28
`;
