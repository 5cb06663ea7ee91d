/** Public JSON files a configuration names: the directory of keys and names, the vocabulary. */
import { readFileSync } from 'node:fs';
import { ProtocolError } from '../../protocol/index.ts';
import { type Directory, directorySchema, openDirectory } from '../directory.ts';
import { DeviceError } from '../errors.ts';
import type { Vocabulary } from '../voice/vocabulary.ts';
import { checkVocabulary } from '../voice/vocabulary-file.ts';

function invalid(path: string, what: string): DeviceError {
  return new DeviceError('config-invalid', `${path}: ${what}`, 'take the file again from where it was made');
}

/** @throws DeviceError `config-unreadable` when it cannot be read, `config-invalid` when it is not JSON. */
export function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new DeviceError('config-unreadable', `cannot read ${path} (${reason})`, 'check the path and its permissions');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(path, 'not JSON');
  }
}

/** @throws DeviceError as {@link readJson}; `config-invalid` also for an unsound key or one that stands there twice. */
export function readDirectory(path: string): Directory {
  const result = directorySchema.safeParse(readJson(path));
  if (!result.success) {
    const [issue] = result.error.issues;
    throw invalid(path, `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'not a directory'}`);
  }
  try {
    return openDirectory(result.data);
  } catch (error) {
    if (error instanceof ProtocolError) throw invalid(path, error.message);
    throw error;
  }
}

/** @throws DeviceError as {@link readJson}. */
export function readVocabulary(path: string): Vocabulary {
  const checked = checkVocabulary(readJson(path));
  if (!checked.ok) throw invalid(path, checked.fault);
  return checked.vocabulary;
}
