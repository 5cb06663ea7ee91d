/** The vocabulary as a file: made from an agent's catalogue, read by the device. */
import * as z from 'zod/mini';
import type { Vocabulary } from './vocabulary.ts';

const id = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,23}$/));
const name = z.string().check(z.minLength(1), z.maxLength(64));
const names = z.strictObject({
  'zh-CN': z.array(name).check(z.minLength(1), z.maxLength(32)),
  'en-US': z.array(name).check(z.minLength(1), z.maxLength(32)),
});

const schema = z.strictObject({
  items: z
    .array(z.strictObject({ id, category: id, names, options: z.array(id) }))
    .check(z.minLength(1), z.maxLength(2_000)),
  options: z.array(
    z.strictObject({
      id,
      names,
      choices: z.array(z.strictObject({ id, names })).check(z.minLength(1), z.maxLength(32)),
    }),
  ),
  merchants: z.array(z.strictObject({ id, names })),
});

/** What is wrong with a file's content, with the place of the first fault, or the vocabulary. */
export function checkVocabulary(read: unknown): { ok: true; vocabulary: Vocabulary } | { ok: false; fault: string } {
  const result = schema.safeParse(read);
  if (result.success) return { ok: true, vocabulary: result.data };
  const [issue] = result.error.issues;
  return { ok: false, fault: `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'not a vocabulary'}` };
}
