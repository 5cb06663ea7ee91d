/** What a schema found wrong, as a sentence for whoever wrote the file. */
import type * as z from 'zod/mini';
import type { Path } from './variables.ts';

type Issue = z.core.$ZodIssue;

export interface Problem {
  readonly path: Path;
  readonly what: string;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section',
  record: 'a section',
};

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : (KINDS[typeof value] ?? String(value));
}

const list = (words: readonly unknown[]): string => words.map(String).join(', ');

/** The first problem, of several the one that lies deepest: it says most. */
export function problemOf(issues: readonly Issue[], input: unknown): Problem {
  const [issue] = issues;
  if (!issue) throw new Error('nothing is wrong');
  const { path } = issue;
  if (issue.code === 'invalid_union') return ofUnion(issue, at(input, path), path);
  return { path: issue.code === 'unrecognized_keys' ? [...path, ...issue.keys.slice(0, 1)] : path, what: what(issue) };
}

function at(input: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => Object(value)[key], input);
}

/** Of the ways a value may be written, the one that was meant: the one that fails inside, not at its first character. */
function ofUnion(issue: Issue & { readonly code: 'invalid_union' }, value: unknown, path: Path): Problem {
  const meant = issue.errors.find(([first]) => first && (first.path.length > 0 || first.code === 'unrecognized_keys'));
  if (!meant) {
    const options = issue.errors.flatMap(([first]) => (first ? [what(first)] : []));
    return { path, what: `${[...new Set(options)].join(', or ')}; this is ${kindOf(value)}` };
  }
  const inner = problemOf(meant, value);
  return { path: [...path, ...inner.path], what: inner.what };
}

function what(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${KINDS[issue.expected] ?? issue.expected}`;
    case 'unrecognized_keys':
      return `there is no "${issue.keys[0]}" here`;
    case 'invalid_value':
      return `expected one of ${list(issue.values)}`;
    case 'invalid_format':
      return 'this is not written as it should be';
    case 'too_small':
      return `expected at least ${issue.minimum}`;
    case 'too_big':
      return `expected at most ${issue.maximum}`;
    default:
      return 'this cannot stand here';
  }
}
