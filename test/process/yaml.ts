import { readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';

/** Changes keys of one section of a configuration file; `undefined` removes one. */
export function change(path: string, section: string, values: Readonly<Record<string, unknown>>): void {
  const config = parse(readFileSync(path, 'utf8')) as Record<string, Record<string, unknown>>;
  config[section] = { ...config[section], ...values };
  writeFileSync(path, stringify(config, { keepUndefined: false }));
}
