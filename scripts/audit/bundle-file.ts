/** Files that hold a bundle: the bytes themselves, or a report page that carries them. */
import { readFileSync } from 'node:fs';
import { BUNDLE_MAX_BYTES } from '../../device/audit/bundle.ts';
import { fromBase64url } from '../../protocol/index.ts';
import { CommandError } from '../command.ts';

/** What stands around the bytes in a report page. */
export const EVIDENCE_ELEMENT = ['<script type="application/octet-stream" id="evidence">', '</script>'] as const;
const MAX_FILE_BYTES = 4 * BUNDLE_MAX_BYTES;

/** @throws CommandError `audit-unreadable` for a file that cannot be read, is too long, or is a page without evidence. */
export function readBundleFile(path: string): Uint8Array {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new CommandError('audit-unreadable', `cannot read ${path} (${reason})`, 'check the path');
  }
  if (file.length > MAX_FILE_BYTES) throw new CommandError('audit-unreadable', `${path} is too long`, 'name a bundle');
  if (!file.subarray(0, 15).equals(Buffer.from('<!doctype html>'))) return new Uint8Array(file);
  const [start, end] = EVIDENCE_ELEMENT;
  const text = file.toString('utf8');
  const at = text.indexOf(start);
  if (at < 0) throw new CommandError('audit-unreadable', `${path} carries no evidence`, 'export it again');
  return fromBase64url(text.slice(at + start.length, text.indexOf(end, at)).trim());
}
