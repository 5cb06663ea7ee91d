/** The language of scenarios as a JSON Schema, for editors that complete and check a file while it is written. */
import * as z from 'zod/mini';
import { scenario } from './schema.ts';

/** Where a number, a choice or a list may stand, a variable may stand, too. */
const VARIABLE = { type: 'string', pattern: '\\$\\{[^}]+\\}' } as const;

type Node = { [key: string]: unknown };

function isClosed(node: Node): boolean {
  return node.type !== undefined
    ? node.type !== 'string' || 'enum' in node || 'pattern' in node
    : 'anyOf' in node || 'enum' in node;
}

/** The same schema, which also takes a variable in each place of it but for its own outermost section. */
function withVariables(node: unknown, isInner: boolean): unknown {
  if (Array.isArray(node)) return node.map((one) => withVariables(one, isInner));
  if (typeof node !== 'object' || node === null) return node;
  const { description, ...rest } = node as Node;
  const described = description === undefined ? {} : { description };
  const { properties, items, additionalProperties, anyOf, ...others } = rest;
  const inner: Node = {
    ...others,
    ...(properties !== undefined && { properties: eachOf(properties as Node) }),
    ...(items !== undefined && { items: withVariables(items, true) }),
    ...(additionalProperties !== undefined && { additionalProperties: withVariables(additionalProperties, true) }),
    ...(anyOf !== undefined && { anyOf: withVariables(anyOf, false) }),
  };
  return isInner && isClosed(inner) ? { ...described, anyOf: [inner, VARIABLE] } : { ...described, ...inner };
}

function eachOf(properties: Node): Node {
  return Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, withVariables(one, true)]));
}

/** What `sim/scenario.schema.json` says. */
export function scenarioJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(scenario, { io: 'input' }) as Node;
  return { $schema, title: 'act-edge scenario', ...(withVariables(schema, false) as Node) };
}
