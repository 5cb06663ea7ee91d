/** Answers to what was asked about days, hours and ends. */
import type { Token } from '../tokens.ts';
import type { Answer, Answering, Asked } from './answering.ts';
import { dayAt, minuteAt } from './calendar.ts';
import type { Lasting, WhenClause } from './clause.ts';
import type { PartialDelegation } from './partial.ts';
import { dayPart } from './read-hours.ts';
import { atNoon, readLasting, readWhen } from './read-when.ts';
import { laterBy } from './times.ts';

interface Ends {
  readonly whens: readonly WhenClause[];
  readonly lasting: readonly Lasting[];
}

/** The days, hours or lengths of time of an answer, wherever in it they stand. */
function endsSaid({ said, tokens, reading, refuses, local }: Answering): Ends {
  if (refuses || reading.position !== undefined || said.whens.length + said.lasting.length > 0) return said;
  for (let at = 0; at < tokens.length; at++) {
    const lasting = readLasting(tokens, at);
    if (lasting) return { whens: [], lasting: [lasting.value] };
    const when = readWhen(tokens, at, local, true);
    if (when) return { whens: [{ kind: 'when', role: 'by', ...when.value }], lasting: [] };
  }
  return said;
}

export const answerEnd: Answer<
  Asked<'until-when' | 'which-end' | 'end-before-start' | 'too-long' | 'never-due' | 'date-past'>
> = (delegation, answering) => {
  const { whens, lasting } = endsSaid(answering);
  if (whens.length + lasting.length === 0) return choseEnd(delegation, answering);
  const kept = delegation.whens.flatMap((when): readonly WhenClause[] => {
    if (when.days === undefined) return delegation.every.length > 0 ? [when] : [];
    if (when.role === 'span') return [{ ...when, role: 'from' }];
    return when.role === 'by' || when.role === 'before' ? [] : [when];
  });
  const isWanted = answering.question.kind === 'too-long' || answering.question.kind === 'date-past';
  const hadEnd = kept.length < delegation.whens.length || delegation.lasting.length > 0;
  // Where only the wanted day can be wrong, the answer is another wanted day.
  if (isWanted && !hadEnd && whens.length > 0) return { ...delegation, whens };
  return { ...delegation, whens: [...kept, ...whens.map(asEnd)], lasting };
};

function asEnd(when: WhenClause): WhenClause {
  return when.role === 'at' ? { ...atNoon(when), role: 'by' } : when;
}

function choseEnd(delegation: PartialDelegation, { question, reading, local }: Answering): PartialDelegation {
  const end = question.kind === 'which-end' ? question.ends[(reading.position ?? 0) - 1] : undefined;
  if (end === undefined) return delegation;
  const day = dayAt(end, local.utcOffsetMin);
  const chosen: WhenClause = {
    kind: 'when',
    role: 'by',
    days: { from: day, until: day + 1 },
    minute: minuteAt(end, local.utcOffsetMin),
    said: '',
  };
  const kept = delegation.whens.filter(({ role, days }) => days === undefined || (role !== 'by' && role !== 'before'));
  return { ...delegation, whens: [...kept, chosen], lasting: [] };
}

export const answerDay: Answer<Asked<'which-day' | 'no-such-day' | 'date-past'>> = (delegation, answering) => {
  const faulty = delegation.whens.findIndex(({ fault }) => fault !== undefined);
  if (faulty < 0 && answering.question.kind !== 'which-day')
    return answerEnd(delegation, { ...answering, question: { kind: 'date-past', said: '' } });
  const { question, reading, local } = answering;
  const chosen = question.kind === 'which-day' ? question.days[(reading.position ?? 0) - 1] : undefined;
  const day = chosen === undefined ? undefined : dayAt(chosen, local.utcOffsetMin);
  const said = endsSaid(answering).whens.find(({ days }) => days !== undefined);
  const days = day === undefined ? said?.days : { from: day, until: day + 1 };
  if (days === undefined) return delegation;
  const hours = said && {
    ...(said.minute === undefined ? {} : { minute: said.minute }),
    ...(said.window ? { window: said.window } : {}),
  };
  const found = { days, said: said?.said ?? '', ...hours };
  if (faulty < 0) {
    const others = delegation.whens.filter((when) => when.role !== 'at' || when.days === undefined);
    const same = delegation.whens.find((when) => when.role === 'at' && when.days?.from === days.from);
    return { ...delegation, whens: [...others, { kind: 'when', role: 'at', ...same, ...found }] };
  }
  const whens = delegation.whens.map((when, at) => {
    const { fault: _wrong, ...rest } = when;
    return at === faulty ? { ...rest, ...found } : when;
  });
  return { ...delegation, whens };
};

export const answerHalf: Answer<Asked<'which-half'>> = (delegation, { tokens, said, refuses }) => {
  const named = refuses ? undefined : tokens.map((_, at) => halfAt(tokens, at)).find((half) => half !== undefined);
  const clock = said.whens.find(({ minute, unsureHour }) => minute !== undefined && unsureHour === undefined);
  const half = named ?? (clock?.minute === undefined ? undefined : clock.minute < 720 ? 'am' : 'pm');
  if (half === undefined) return delegation;
  const first = delegation.whens.findIndex(({ unsureHour }) => unsureHour !== undefined);
  const whens = delegation.whens.map((when, at) => {
    const { unsureHour: _unsure, ...sure } = when;
    return at === first ? laterBy(sure, half === 'pm' ? 720 : 0) : when;
  });
  return { ...delegation, whens };
};

function halfAt(tokens: readonly Token[], at: number): 'am' | 'pm' | undefined {
  const text = tokens[at]?.text ?? '';
  if (/^[ap]m$/.test(text)) return text === 'am' ? 'am' : 'pm';
  const half = dayPart(tokens, at)?.value.half;
  return half === 'noon' ? 'pm' : half;
}
