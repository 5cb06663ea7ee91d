/** What a line of an offer or a cart is called: the thing and how it was wished, in the wearer's language. */
import type { IntentLine, Locale } from '../../device/voice/vocabulary.ts';
import { shopVocabulary, type Title } from '../shops/index.ts';

/** UTF-16 units a title may have on the wire. */
const TITLE_MAX = 96;

const BRACKETS: Readonly<Record<Locale, readonly [open: string, between: string, close: string]>> = {
  'zh-CN': ['（', '，', '）'],
  'en-US': [' (', ', ', ')'],
};

/** For example `冰拿铁（大杯，少糖）`. Options that would make it too long for the wire are left out, the last ones first. */
export function lineTitle(title: Title, options: IntentLine['options'], locale: Locale): string {
  const words = options.map((wish) => choiceName(wish, locale));
  for (let kept = words.length; kept > 0; kept -= 1) {
    const [open, between, close] = BRACKETS[locale];
    const whole = `${title[locale]}${open}${words.slice(0, kept).join(between)}${close}`;
    if (whole.length <= TITLE_MAX) return whole;
  }
  return title[locale];
}

/** What a choice is called; its id where the vocabulary does not have it. */
export function choiceName({ optionId, choiceId }: IntentLine['options'][number], locale: Locale): string {
  const option = shopVocabulary.options.find(({ id }) => id === optionId);
  return option?.choices.find(({ id }) => id === choiceId)?.names[locale][0] ?? choiceId;
}
