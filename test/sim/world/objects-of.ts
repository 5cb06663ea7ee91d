import type { ObjectType, OpenedObject } from '../../../protocol/index.ts';
import { bodyOf, type Circumstances, carriedObjects, frameHead, genuine } from '../../../sim/checkers/facts.ts';
import type { SentFrame } from '../../../sim/world-record.ts';

/** Every genuine object of one type that some party sent, by its digest. */
export function objectsOf<T extends ObjectType>(
  type: T,
  sent: readonly SentFrame[],
  { tenant }: Circumstances,
): ReadonlyMap<string, OpenedObject<T>> {
  const found = new Map<string, OpenedObject<T>>();
  for (const { payload } of sent) {
    const field = carriedObjects(frameHead(payload).type).find(([carried]) => carried === type)?.[1];
    const bytes = field === undefined ? undefined : bodyOf(payload).body[field];
    const opened = bytes instanceof Uint8Array ? genuine(type, bytes, tenant) : undefined;
    if (opened) found.set(opened.digest, opened);
  }
  return found;
}
