/** How spans of time and amounts of money are written in a scenario. */

/** `1.3 s`, `150 ms`, `2 min`, `4 h`. */
export const SPAN = /^(\d+(?:\.\d+)?) ?(ms|s|min|h)$/;
/** `HH:MM` or `HH:MM:SS` in UTC+8, where the shops are. */
export const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 };
const UTC_PLUS_8_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** A span in milliseconds. @throws Error for a text that {@link SPAN} does not match. */
export function spanMs(text: string): number {
  const [, number, unit = ''] = SPAN.exec(text) ?? [];
  if (number === undefined) throw new Error(`${text} is no span of time`);
  return Math.round(Number(number) * (UNIT_MS[unit] ?? 0));
}

/** How many milliseconds after `fromMs` a clock in UTC+8 next shows this time; 0 when it does now. */
export function untilTimeOfDayMs(fromMs: number, text: string): number {
  const [, hours = '0', minutes = '0', seconds = '0'] = TIME_OF_DAY.exec(text) ?? [];
  const wanted = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
  return (wanted - ((fromMs + UTC_PLUS_8_MS) % DAY_MS) + DAY_MS) % DAY_MS;
}

/** Minor units of CNY, exponent 2: `19` and `19.5` are 1900 and 1950. */
export function yuanMinor(yuan: number): number {
  return Math.round(yuan * 100);
}

/** As in a sentence: `19.00`. */
export function yuanText(minor: number): string {
  return (minor / 100).toFixed(2);
}
