/** What must be so in the end: a table from each thing a scenario can expect to the sentence that says what is otherwise. */
import { peekFrame } from '../../protocol/index.ts';
import { isJson, signedByWearer } from '../checkers/facts.ts';
import { delegationDiffers, paymentErrors } from './delegations.ts';
import type { Expectation } from './schema.ts';
import type { Stage } from './stage.ts';
import { presented, standing } from './steps.ts';
import { yuanMinor, yuanText } from './units.ts';

/** Broken invariants are judged with all the others. */
type Expected = Exclude<keyof Expectation, 'breaks'>;
type Judge<E extends Expected> = (stage: Stage, wanted: NonNullable<Expectation[E]>) => readonly string[];

const all = (wanted: string | readonly string[]): readonly string[] => (typeof wanted === 'string' ? [wanted] : wanted);

function differs(what: string, wanted: unknown, is: unknown): readonly string[] {
  return wanted === is ? [] : [`${what}: expected ${wanted}, it is ${is}`];
}

function somewhere(
  kind: 'pages' | 'sentences',
  isThere: boolean,
  what: string,
): (stage: Stage, wanted: string | readonly string[]) => readonly string[] {
  return (stage, wanted) => {
    const there = presented(stage)[kind];
    return all(wanted)
      .filter((text) => there.some((one) => one.includes(text)) !== isThere)
      .map((text) => `${what}: “${text}”`);
  };
}

function ending(stage: Stage, wanted: string): readonly string[] {
  const is = standing(stage);
  return wanted === is || wanted === is.split(':', 1)[0] ? [] : [`ending: expected “${wanted}”, it is “${is}”`];
}

const paidOf = ({ current }: Stage) => (current.at === 'ended' ? current.paid : undefined);

/** The highest counter that the confirmation key has signed; 0 for none. */
function highestCounter({ world }: Stage): number {
  return Math.max(
    0,
    ...world.record.signatures.filter((made) => !isJson(made)).map((made) => signedByWearer(made).counter),
  );
}

const JUDGES: { readonly [E in Expected]-?: Judge<E> } = {
  ending,
  debits: (stage, wanted) => differs('debits', wanted, stage.world.debits.count),
  paid: (stage, wanted) => differs('paid', yuanText(yuanMinor(wanted)), yuanText(stage.world.debits.totalMinor)),
  payee: (stage, wanted) => differs('payee', wanted, paidOf(stage)?.receipt.payee),
  receipt: (stage, wanted) => differs('receipt on the device', wanted, paidOf(stage) !== undefined),
  delegation: delegationDiffers,
  'payment-errors': (stage, wanted) => {
    const errors = paymentErrors(stage);
    const missing = wanted.filter((error) => !errors.includes(error));
    if (wanted.length === 0 && errors.length > 0) return [`payments were refused: ${errors.join(', ')}`];
    return missing.map((error) => `no payment was refused for ${error}; errors were: ${errors.join(', ') || 'none'}`);
  },
  signatures: (stage, wanted) => differs('signatures', wanted, stage.world.record.signatures.length),
  counter: (stage, wanted) => differs('counter', wanted, highestCounter(stage)),
  seen: somewhere('pages', true, 'never shown'),
  heard: somewhere('sentences', true, 'never said'),
  'never-seen': somewhere('pages', false, 'was shown'),
  'never-heard': somewhere('sentences', false, 'was said'),
  frames: (stage, wanted) =>
    Object.entries(wanted).flatMap(([type, count]) => {
      const is = stage.world.record.sent.filter(
        ({ topic, payload }) => topic !== '' && peekFrame(payload).type === type,
      ).length;
      return differs(`frames of type ${type}`, count, is);
    }),
  refusals: ({ refusals }, wanted) =>
    wanted
      .filter((code) => !refusals.includes(code))
      .map((code) => `nobody has refused with ${code}; refusals were: ${refusals.join(', ') || 'none'}`),
  logged: ({ world, about }, wanted) => {
    const codes = world.logs.filter(({ party }) => party === about.device).map(({ code }) => code);
    return wanted.filter((code) => !codes.includes(code)).map((code) => `the device has not logged ${code}`);
  },
};

/** Every expectation that does not hold, one sentence each. */
export function unmet(stage: Stage, expectation: Expectation): readonly string[] {
  return (Object.keys(JUDGES) as Expected[]).flatMap((name) => {
    const wanted = expectation[name];
    const judge = JUDGES[name] as Judge<Expected>;
    return wanted === undefined ? [] : judge(stage, wanted as never);
  });
}
