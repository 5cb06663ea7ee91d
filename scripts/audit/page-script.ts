/** The text of the report page's program: the functions of `page/`, as they are written, with the tables they read. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import * as after from './page/after.ts';
import * as judging from './page/judging.ts';
import { BUNDLE_TABLES } from './page/judging.ts';
import * as reading from './page/reading.ts';
import * as records from './page/records.ts';
import { RECORD_TABLES } from './page/records.ts';
import * as showing from './page/showing.ts';

const PARTS = Object.values({ ...reading, ...records, ...judging, ...after, ...showing }).filter(
  (part) => typeof part === 'function',
);

/** Declares every function, the tables as `tables` and the functions that judge as `t`. */
export function pageScript(): string {
  const tools = [reading, records, judging, after]
    .flatMap((file): readonly unknown[] => Object.values(file))
    .filter((part) => typeof part === 'function');
  return [
    "'use strict';",
    `const verifyWithoutHost = (() => {\n${library()}\nreturn verifyAsync;\n})();`,
    ...PARTS.map(String),
    `const tables = ${JSON.stringify({ ...RECORD_TABLES, ...BUNDLE_TABLES })};`,
    `const t = { ${tools.map(({ name }) => name).join(', ')} };`,
  ].join('\n');
}

/** The installed @noble/ed25519 whole, its licence line included, as statements; for browsers whose WebCrypto has no Ed25519. */
function library(): string {
  const text = readFileSync(createRequire(import.meta.url).resolve('@noble/ed25519'), 'utf8');
  const exported = /^export \{[^}]*\bverifyAsync\b[^}]*\};?\s*$/m;
  if (!exported.test(text)) throw new Error('@noble/ed25519 exports its functions in another way');
  return text.replace(exported, '');
}
