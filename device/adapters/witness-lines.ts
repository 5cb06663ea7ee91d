/** What a device and a paired witness say to each other: one JSON object a line, of a closed set of shapes. Pure. */
import * as z from 'zod/mini';
import { base64url, fromBase64url } from '../../protocol/bytes.ts';
import type { Id16, JournalCheckpoint, JournalCosignature } from '../../protocol/index.ts';

const requestId = z.string().check(z.regex(/^[0-9a-f]{32}$/));
/** A signed note with a few cosignatures. */
const note = z.string().check(z.maxLength(2_048));

const OFFER = z.strictObject({
  checkpoint: z.strictObject({
    requestId,
    note,
    from: z.int().check(z.minimum(0)),
    proof: z.array(z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/))).check(z.maxLength(64)),
  }),
});

const ANSWER = z.union([
  z.strictObject({ requestId, line: z.string().check(z.maxLength(256)) }),
  z.strictObject({ requestId, newest: note }),
]);

/** device → witness. */
export function offerLine({ requestId, note, from, proof }: JournalCheckpoint): string {
  return `${JSON.stringify({ checkpoint: { requestId, note, from, proof: proof.map(base64url) } })}\n`;
}

/** One line without its end, as the witness reads it; nothing for anything else. */
export function readOffer(line: string): JournalCheckpoint | undefined {
  const read = readLine(line, OFFER);
  if (!read) return undefined;
  const { checkpoint } = read;
  return { ...checkpoint, requestId: checkpoint.requestId as Id16, proof: checkpoint.proof.map(fromBase64url) };
}

/** witness → device. */
export function answerLine(answer: JournalCosignature): string {
  return `${JSON.stringify(answer)}\n`;
}

/** One line without its end, as the device reads it; nothing for anything else. */
export function readAnswer(line: string): JournalCosignature | undefined {
  return readLine(line, ANSWER) as JournalCosignature | undefined;
}

function readLine<T>(line: string, shape: z.ZodMiniType<T>): T | undefined {
  try {
    const read = shape.safeParse(JSON.parse(line));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
