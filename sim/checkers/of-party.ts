/** What one party did, out of a list of the record that all have their entries in: a world may have a thousand wearers. */
interface Index {
  readonly byParty: Map<string, unknown[]>;
  /** How much of the list is in it. */
  read: number;
}

const indexes = new WeakMap<readonly unknown[], Index>();

/** The entries of one party, in order. Each entry is sorted in once; a list that has become shorter, which no record does, is read anew. */
export function ofParty<T extends { readonly party: string }>(list: readonly T[], party: string): readonly T[] {
  const known = indexes.get(list);
  const index = known && known.read <= list.length ? known : { byParty: new Map<string, unknown[]>(), read: 0 };
  if (index !== known) indexes.set(list, index);
  for (; index.read < list.length; index.read += 1) {
    const entry = list[index.read] as T;
    const theirs = index.byParty.get(entry.party);
    if (theirs) theirs.push(entry);
    else index.byParty.set(entry.party, [entry]);
  }
  return (index.byParty.get(party) ?? []) as readonly T[];
}
