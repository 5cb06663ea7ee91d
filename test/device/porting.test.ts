/** The porting guide is followed by people who cannot ask: what it says is held to what there is. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readBridgeLine } from '../../device/adapters/bridge-lines.ts';
import { checkAgentConfig } from '../../device/config.ts';
import { PROFILES } from '../../device/confirm/profiles.ts';
import { METHODS } from '../../device/signer/method.ts';
import { filesBelow, ROOT, read } from '../helpers/source-text.ts';

const GUIDE = 'device/PORTING.md';
const guide = read(GUIDE);
/** The cells of each table row, without their backticks. */
const rows = guide.split('\n').flatMap((line) => {
  const cells = line.startsWith('|') ? line.split('|').slice(1, -1) : [];
  return cells.length > 0 ? [cells.map((cell) => cell.trim())] : [];
});
const quoted = (text = '') => [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
const words = quoted(guide.replace(/```[\s\S]*?```/g, ''));

describe('the porting guide', () => {
  it('leads only to files that are there', () => {
    const links = [...guide.matchAll(/\]\(([^)#]+)\)/g)].map((match) => join(dirname(GUIDE), match[1] ?? ''));
    const named = words.filter((text) => /^(?:scripts|test|device)\/[\w./-]+\.\w+$/.test(text));
    expect(links.length).toBeGreaterThan(15);
    expect(named.length).toBeGreaterThan(3);
    expect([...links, ...named].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('names every contract suite, beside bodies that are there', () => {
    const suites = readdirSync(join(ROOT, 'test/contracts')).filter((name) => name.endsWith('.contract.ts'));
    expect(suites.filter((name) => !guide.includes(`../test/contracts/${name}`))).toEqual([]);
    const ports = rows.filter(([, , suite = '']) => suite.includes('.contract.ts'));
    expect(ports).toHaveLength(suites.length);
    const files = filesBelow('device').join(' ');
    for (const [port = '', , , bodies = ''] of ports) {
      expect(quoted(bodies)).not.toEqual([]);
      for (const body of quoted(bodies).filter((name) => name.includes('-'))) expect(files).toContain(`/${body}.ts`);
      expect(read('device/ports.ts') + read('device/listening.ts')).toContain(`export interface ${quoted(port)[0]} `);
    }
  });

  it('shows button sections that the configuration takes', () => {
    const sections = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => parse(match[1] ?? '') as object);
    const example = parse(read('examples/agent.yaml')) as object;
    const configs = sections.map((section) => checkAgentConfig({ ...example, ...section }, (path) => path));
    expect(configs.map(({ button, witness }) => (witness ? 'witness' : button.kind))).toEqual([
      ...['evdev', 'gpio', 'bridge', 'witness'],
    ]);
  });

  it('shows lines that the bridge takes', () => {
    const lines = words.filter((text) => text.startsWith('{"'));
    expect(lines.length).toBeGreaterThan(7);
    const refused = lines.filter((line) => readBridgeLine(line.replace('{…}', '{"results":[]}')) === undefined);
    expect(refused).toEqual([]);
  });

  it('lists the codes with which the bridge ends, and the constants it ends by', () => {
    const source = read('device/adapters/bridge-session.ts') + read('device/adapters/bridge-lines.ts');
    const [, ends = ''] = /type BridgeEnd =([^;]*);/.exec(source) ?? [];
    const codes = [...ends.matchAll(/'([a-z-]+)'/g)].map((match) => `bridge-${match[1]}`);
    expect(codes.length).toBeGreaterThan(5);
    expect([...codes, 'bridge-busy'].filter((code) => !words.includes(code))).toEqual([]);
    for (const constant of [
      'TOKEN_MS = 2_000',
      'SILENCE_DOWN_MS = 300',
      'SILENCE_MS = 15_000',
      'perSecond: 64',
      '= 8_448',
    ])
      expect(source).toContain(constant);
  });

  it('gives each assurance its signed method, and every display profile', () => {
    const table = rows.filter(([assurance = '']) => Object.keys(METHODS).includes(quoted(assurance)[0] ?? ''));
    expect(Object.fromEntries(table.map(([a, m]) => [quoted(a)[0], quoted(m)[0]]))).toEqual(METHODS);
    expect(Object.keys(PROFILES).filter((id) => !words.includes(id))).toEqual([]);
  });
});
