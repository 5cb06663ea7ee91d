import { type OrderParse, parseOrder } from '../../../device/voice/parse-order.ts';
import { showParse } from './show.ts';
import { vocabulary } from './vocabulary.fixture.ts';

/** Says one sentence after the other, each as the answer to the question before it. */
export function converse(...sentences: readonly string[]): string {
  let parse: OrderParse = { kind: 'empty' };
  for (const words of sentences) {
    const pending = parse.kind === 'question' ? { pending: parse.pending } : {};
    parse = parseOrder(words, { vocabulary, currency: 'CNY', ...pending });
  }
  return showParse(parse);
}
