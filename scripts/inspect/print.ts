/** A report as lines for people. Everything a peer chose is printed without what a terminal would act on. */
import type { Fault, Field, Report, SignatureReport } from './report.ts';
import { visible } from './visible.ts';

const INDENT = '  ';
const COLUMN = 30;
/** Longer values get a line of their own length; only bytes nobody reads are cut. */
const SHOWN_HEX = 64;

export function printReport(report: Report, indent = ''): string {
  const inner = indent + INDENT;
  const title = [report.kind, report.type].filter(Boolean).join(' ');
  return [
    `${indent}${title}, ${report.bytes} bytes, sha256 ${report.sha256}\n`,
    ...report.header.map((field) => printField(field, inner)),
    ...(report.signature ? [`${inner}${printSignature(report.signature)}\n`] : []),
    ...(report.parts.length > 0
      ? [`${inner}bytes: ${report.parts.map(({ name, bytes }) => `${name} ${bytes}`).join(', ')}\n`]
      : []),
    ...report.fields.map((field) => printField(field, inner)),
    ...(report.inside ? [printReport(report.inside, inner)] : []),
    ...report.faults.map((fault) => `${inner}wrong: ${printFault(fault)}\n`),
  ].join('');
}

function printField({ path, value, means, inside }: Field, indent: string): string {
  const head = `${indent}${path.padEnd(COLUMN)}  `;
  if (inside) return `${indent}${path}\n${printReport(inside, indent + INDENT)}`;
  const text = visible(String(value)).split('\\u000a').join(`\n${indent}`);
  const shown = text.length > SHOWN_HEX && /^[0-9a-f]+$/.test(text) ? `${text.slice(0, SHOWN_HEX)}…` : text;
  return `${head}${shown}${means === undefined ? '' : `  (${visible(means)})`}\n`;
}

function printSignature({ kid, by, state, why }: SignatureReport): string {
  const owner = by ? `, ${by.party} (${by.role})` : '';
  return `signed with kid ${kid}${owner}: ${state}${why === undefined ? '' : `, ${why}`}`;
}

export function printFault({ code, message, at, path }: Fault): string {
  return `${code}: ${message}${at === undefined ? '' : ` at byte ${at}`}${path === undefined ? '' : ` in ${path}`}`;
}
