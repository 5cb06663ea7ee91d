/** What a data desk says it sells: free, unsigned, its own words. A list to choose from; what a thing costs, its bill says. */
import * as z from 'zod/mini';
import { ProtocolError, parseJson } from '../../protocol/index.ts';

const MAX_ENTRIES = 64;

const title = z.string().check(z.maxLength(96));
const entry = z.object({
  id: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,23}$/)),
  title: z.object({ 'zh-CN': title, 'en-US': title }),
  amountMinor: z.int().check(z.gte(1), z.lte(999_999_999_999)),
  currency: z.string(),
});
const catalogue = z.object({ resources: z.array(z.unknown()).check(z.maxLength(MAX_ENTRIES)) });

export interface Offered {
  readonly seller: string;
  readonly resourceId: string;
  readonly title: { readonly 'zh-CN': string; readonly 'en-US': string };
  readonly amountMinor: number;
}

/** The entries that can be read, each resource once, in this currency; none from a text that is no catalogue. */
export function readCatalogue(text: string, seller: string, currency: string): readonly Offered[] {
  const read = catalogue.safeParse(json(text));
  if (!read.success) return [];
  const offered = new Map<string, Offered>();
  for (const one of read.data.resources) {
    const { success, data } = entry.safeParse(one);
    if (!success || data.currency !== currency || offered.has(data.id)) continue;
    offered.set(data.id, { seller, resourceId: data.id, title: data.title, amountMinor: data.amountMinor });
  }
  return [...offered.values()];
}

function json(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
