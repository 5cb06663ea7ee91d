import { ProtocolError } from './errors.ts';

declare const unit: unique symbol;

/** Whole seconds since 1970-01-01T00:00:00Z, as on the wire; from 2000 to 2100. */
export type EpochSeconds = number & { readonly [unit]: 'EpochSeconds' };

/** Whole milliseconds since 1970-01-01T00:00:00Z, as inside the device. A clock that lost its time may say 1970. */
export type EpochMs = number & { readonly [unit]: 'EpochMs' };

/** 2000-01-01T00:00:00Z. Anything earlier is a clock that was never set, or milliseconds mistaken for seconds. */
const FIRST_SECOND = 946_684_800;
/** 2100-12-31T23:59:59Z. */
const LAST_SECOND = 4_133_980_799;

const ISO_UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** @throws ProtocolError `time-range` unless `value` is a whole second of the years 2000 to 2100. */
export function epochSeconds(value: number): EpochSeconds {
  if (!Number.isInteger(value) || value < FIRST_SECOND || value > LAST_SECOND) {
    throw new ProtocolError('time-range', 'expected whole seconds within the years 2000 to 2100');
  }
  return value as EpochSeconds;
}

/** @throws ProtocolError `time-range` unless `value` is a non-negative safe integer. */
export function epochMs(value: number): EpochMs {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new ProtocolError('time-range', 'expected whole milliseconds, not negative');
  }
  return value as EpochMs;
}

/** The second that has begun: what the wire says for this instant. @throws ProtocolError `time-range` outside 2000 to 2100. */
export function secondsOf(instant: EpochMs): EpochSeconds {
  return epochSeconds(Math.floor(instant / 1000));
}

/** The first millisecond of a second. */
export function msOf(second: EpochSeconds): EpochMs {
  return (second * 1000) as EpochMs;
}

/** `YYYY-MM-DDTHH:MM:SSZ`, the form ACT JSON uses. @throws ProtocolError `time-range` outside 2000 to 2100. */
export function toIsoUtc(second: number): string {
  return `${new Date(epochSeconds(second) * 1000).toISOString().slice(0, 19)}Z`;
}

/**
 * Reads exactly what {@link toIsoUtc} writes: no offsets, fractions, leap seconds, 24:00 or days a month does not have.
 * @throws ProtocolError `time-syntax` for another form or a date that is none, `time-range` outside 2000 to 2100.
 */
export function fromIsoUtc(text: string): EpochSeconds {
  const milliseconds = ISO_UTC.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw new ProtocolError('time-syntax', 'expected YYYY-MM-DDTHH:MM:SSZ');
  const second = epochSeconds(milliseconds / 1000);
  // Date.parse carries 31 April over into May; writing the result out again shows that it did.
  if (toIsoUtc(second) !== text) throw new ProtocolError('time-syntax', 'there is no such date');
  return second;
}
