/** Every way in which the device's code can end a purchase, read out of that code, so that a new one is missed at once. */
import { REFUSALS } from '../../../sim/cloud/refusals.ts';
import { filesBelow, read } from '../../helpers/source-text.ts';

const literals = (text: string): readonly string[] =>
  [...text.matchAll(/'([a-z][a-z-]*)'/g)].map(([, word = '']) => word);

/** The members of a union of texts. */
function union(path: string, name: string): readonly string[] {
  const [, members] = new RegExp(`type ${name} =([^;]*);`).exec(read(path)) ?? [];
  if (members === undefined) throw new Error(`${path} has no union ${name}`);
  return literals(members);
}

/** The `kind`s of the questions that the voice can ask. */
function questions(): readonly string[] {
  const source = read('device/voice/settle.ts');
  const [, members = ''] = /export type Question =([^;]*(?:;[^;]*?)*?);\n\n/.exec(source) ?? [];
  const named = [...members.matchAll(/kind: '([a-z-]+)'|OptionQuestion<'([a-z-]+)'>/g)];
  return named.map(([, plain, ofOption]) => plain ?? ofOption ?? '');
}

/** Endings that are written out: `endUnpaid(…, 'refused', 'psp-unreachable')`, `outcome: 'unknown', reason: '…'`. */
function written(): readonly string[] {
  const sources = filesBelow('device/purchase')
    .filter((path) => path.endsWith('.ts'))
    .map(read);
  return sources.flatMap((source) => [
    ...[...source.matchAll(/endUnpaid\([^()]*?'([a-z-]+)',\s*'([a-z-]+)'\)/g)].map(
      ([, outcome, reason]) => `${outcome}: ${reason}`,
    ),
    ...[...source.matchAll(/timedOut\('([a-z-]+)'\)/g)].map(([, reason]) => `timed-out: ${reason}`),
    ...[...source.matchAll(/outcome: '([a-z-]+)', reason: '([a-z-]+)'/g)].map(
      ([, outcome, reason]) => `${outcome}: ${reason}`,
    ),
    ...[...source.matchAll(/notPaid\(state, '([a-z-]+)'\)/g)].map(([, reason]) => `refused: ${reason}`),
  ]);
}

export function possibleEndings(): ReadonlySet<string> {
  const refused = [
    ...union('device/purchase/state.ts', 'CartFault'),
    ...union('device/purchase/state.ts', 'ChallengeFault'),
    ...union('device/purchase/events.ts', 'Unheard'),
    ...questions(),
    'over-budget',
    'all-closed',
    'nobody-sells',
    'out-of-stock',
    'too-slow',
    'out-of-range',
    ...['declined', 'expired', 'refused'].map((state) => `psp-${state}`),
    ...Object.keys(REFUSALS),
  ];
  const voided = union('device/confirm/gate.ts', 'VoidReason');
  return new Set([
    ...written(),
    ...refused.map((reason) => `refused: ${reason}`),
    ...voided.map((reason) => `cancelled: ${reason}`),
  ]);
}

/** How a signer fails, as far as the scenarios go: its codes are open, since signers are made by others, too. */
export const SIGNER_FAILURES = ['refused: signer-locked', 'refused: store-full', 'refused: text:bidi-control'];
