import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout, with a trailing slash. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const NOT_OURS = new Set(['.git', 'node_modules', 'dist', 'coverage']);

/** Every file below `folder` of the checkout as a path from its root, `/` between the parts, sorted. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (NOT_OURS.has(entry.name)) return [];
      return entry.isDirectory() ? filesBelow(path) : [relative('.', path).split(sep).join('/')];
    })
    .sort();
}

export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** One comment, string or regular expression, or one piece of a template literal up to its next `${`. */
const LITERAL = new RegExp(
  [
    String.raw`(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)`,
    String.raw`(?<text>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")`,
    String.raw`(?<template>${'`'}(?:\\[\s\S]|\$(?!\{)|[^${'`'}\\$])*(?:${'`'}|\$\{))`,
    // A slash begins a regular expression where a value may begin, not where one may end.
    String.raw`(?<=(?:^|[(,=:[!&|?{};+*%~^<>]|\b(?:return|typeof|case|of|in))\s*)(?<regex>\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*)`,
    String.raw`(?<open>\{)`,
    String.raw`(?<close>\})`,
  ].join('|'),
  'g',
);

/** The rest of a template literal after the `}` of a substitution. */
const TEMPLATE_REST = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{)/y;

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/**
 * The code without its comments, and without what its strings, templates and regular expressions hold; each is replaced
 * by spaces, so that lines and columns stay.
 * @param keep leaves strings as they are, for reading import specifiers
 */
export function codeOnly(source: string, keep?: 'strings'): string {
  let out = '';
  let at = 0;
  // For each open `${` the number of braces opened inside it.
  const substitutions: number[] = [];
  const pushTemplate = (piece: string): void => {
    out += blank(piece);
    if (piece.endsWith('${')) substitutions.push(0);
  };
  for (LITERAL.lastIndex = 0; ; ) {
    const match = LITERAL.exec(source);
    if (match === null) return out + source.slice(at);
    out += source.slice(at, match.index);
    at = LITERAL.lastIndex;
    const { text, template, open, close } = match.groups ?? {};
    const depth = substitutions.length - 1;
    if (text !== undefined) out += keep === 'strings' ? text : blank(text);
    else if (template !== undefined) pushTemplate(template);
    else if (open !== undefined || close !== undefined) {
      if (close !== undefined && substitutions[depth] === 0) {
        substitutions.pop();
        TEMPLATE_REST.lastIndex = at;
        const rest = TEMPLATE_REST.exec(source)?.[0] ?? '';
        at += rest.length;
        pushTemplate(`}${rest}`);
        LITERAL.lastIndex = at;
      } else {
        if (depth >= 0) substitutions[depth] = (substitutions[depth] ?? 0) + (open === undefined ? -1 : 1);
        out += match[0];
      }
    } else out += blank(match[0]);
  }
}

/** Every module the source names in an import, a re-export, a dynamic import or an import type. */
export function importsOf(source: string): string[] {
  const code = codeOnly(source, 'strings');
  const statements = code.matchAll(/\b(?:import|export)\s*(?:[^'"`;()]*?\bfrom\s*)?['"]([^'"\n]+)['"]/g);
  const calls = code.matchAll(/\bimport\(\s*['"]([^'"\n]+)['"]/g);
  return [...statements, ...calls].map((match) => match[1] ?? '');
}

/** `1`-based line of a position. */
export const lineAt = (source: string, index: number): number => source.slice(0, index).split('\n').length;
