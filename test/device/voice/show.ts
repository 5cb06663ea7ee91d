/** Writes parses in one line, so that tables of sentences can be read and compared at a glance. */
import type { OrderParse } from '../../../device/voice/parse-order.ts';

/** For example `2 latte size:large + 1 croissant ≤2500 @luna <30min`, `? contradiction latte size large/small`. */
export function showParse(parse: OrderParse): string {
  if (parse.kind === 'draft') {
    const { lines, maxTotalMinor, merchantId, deliverWithinMin } = parse.draft;
    return [
      lines
        .map((line) =>
          [line.quantity, line.itemId, ...line.options.map((o) => `${o.optionId}:${o.choiceId}`)].join(' '),
        )
        .join(' + '),
      ...(maxTotalMinor === undefined ? [] : [`≤${maxTotalMinor}`]),
      ...(merchantId === undefined ? [] : [`@${merchantId}`]),
      ...(deliverWithinMin === undefined ? [] : [`<${deliverWithinMin}min`]),
    ].join(' ');
  }
  if (parse.kind !== 'question') return parse.kind;
  const { line: _line, ...rest } = parse.question as Record<string, unknown>;
  return `? ${Object.values(rest)
    .map((value) => (Array.isArray(value) ? value.join('/') : String(value)))
    .join(' · ')}`;
}
