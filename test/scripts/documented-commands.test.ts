/** What the documents tell people to type is held to the commands that there are. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../scripts/command-table.ts';
import { findCommand } from '../../scripts/parse-command-line.ts';
import { filesBelow, ROOT, read } from '../helpers/source-text.ts';

const DOCUMENTS = filesBelow('.').filter((path) => path.endsWith('.md'));

/** Each command line in the shell blocks of a document, in one line and without its comment. */
function typedIn(document: string): readonly string[] {
  const blocks = [...read(document).matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  const lines = blocks.flatMap((block) => block.replace(/\\\n\s*/g, '').split(/\n|&&/));
  return lines.flatMap((line) => /npx act-edge ([^#)]*)/.exec(line)?.[1]?.trim() ?? []);
}

/** The options in a command line that its command does not have. */
async function unknownOptions(line: string): Promise<readonly string[]> {
  // Several commands of one group may be named at once: `keys create|show FILE`.
  const [group = '', words = '', ...rest] = line.split(/\s+/);
  const unknown: string[] = [];
  for (const word of words.split('|')) {
    const found = findCommand([group, word, ...rest], COMMANDS);
    if (found.kind !== 'command') continue;
    const options = (await COMMANDS[found.name]?.())?.options ?? {};
    const named = found.rest.filter((text) => text.startsWith('--')).map((text) => text.slice(2).split('=')[0] ?? '');
    unknown.push(...named.filter((name) => !Object.hasOwn(options, name)).map((name) => `${found.name} --${name}`));
  }
  return unknown;
}

describe('the documents', () => {
  it('show commands and options that there are', async () => {
    const lines = DOCUMENTS.flatMap(typedIn);
    expect(lines.length).toBeGreaterThan(15);
    expect((await Promise.all(lines.map(unknownOptions))).flat()).toEqual([]);
  });

  it.each(DOCUMENTS)('%s leads only to files that are there', (document) => {
    const links = [...read(document).matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = '']) =>
      join(dirname(document), link),
    );
    expect(links.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
