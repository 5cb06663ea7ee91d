/** `${name}` in a scenario: alone it stands for the value as it is, within a text for the value's own text. */

export type Values = Readonly<Record<string, unknown>>;
export type Path = readonly PropertyKey[];

const NAME = /\$\{([^}]*)\}/g;
const ALONE = /^\$\{([^}]*)\}$/;

export type Filled =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly path: Path; readonly name: string };

/** The same tree with every name replaced, or the first name that stands for nothing. */
export function fill(tree: unknown, values: Values, path: Path = []): Filled {
  if (typeof tree === 'string') return fillText(tree, values, path);
  if (Array.isArray(tree)) return fillAll([...tree.entries()], values, path, (filled) => filled.map(([, one]) => one));
  if (typeof tree === 'object' && tree !== null)
    return fillAll(Object.entries(tree), values, path, (filled) => Object.fromEntries(filled));
  return { ok: true, value: tree };
}

function fillText(text: string, values: Values, path: Path): Filled {
  const missing = [...text.matchAll(NAME)].map(([, name = '']) => name).find((name) => !Object.hasOwn(values, name));
  if (missing !== undefined) return { ok: false, path, name: missing };
  const [, alone] = ALONE.exec(text) ?? [];
  const value = alone === undefined ? text.replace(NAME, (_all, name: string) => String(values[name])) : values[alone];
  return { ok: true, value };
}

function fillAll<K extends PropertyKey>(
  entries: readonly (readonly [K, unknown])[],
  values: Values,
  path: Path,
  build: (filled: (readonly [K, unknown])[]) => unknown,
): Filled {
  const filled: (readonly [K, unknown])[] = [];
  for (const [key, one] of entries) {
    const result = fill(one, values, [...path, key]);
    if (!result.ok) return result;
    // What stands for nothing is as if it had not been written, so that a row of a table can leave a key out.
    if (result.value !== null) filled.push([key, result.value]);
  }
  return { ok: true, value: build(filled) };
}
