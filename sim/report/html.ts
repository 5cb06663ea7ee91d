/** One HTML file that needs nothing else: what was played, what became of it, what was shown, which frames went where. */
import type { ScenarioResult } from '../scenario/run.ts';
import type { StoryEntry } from '../story.ts';
import { escaped } from './escape.ts';
import { hudFigure } from './hud.ts';
import { problemsOf } from './junit.ts';
import { sequenceSvg } from './sequence.ts';

const STYLE = `
:root{color-scheme:light dark;--line:#8888;--ok:#16833c;--bad:#c62828;--odd:#b26a00;--soft:#8881}
*{box-sizing:border-box}body{font:15px/1.45 system-ui,sans-serif;max-width:1200px;margin:0 auto;padding:24px}
h1{font-size:24px;margin:0 0 4px}h2{font-size:17px;margin:22px 0 6px}.sum{margin:0 0 18px}.ok{color:var(--ok)}.bad{color:var(--bad)}.odd{color:var(--odd)}
details.case{border:1px solid var(--line);border-radius:8px;margin:0 0 8px;padding:8px 14px}details.case>summary{cursor:pointer}
summary .end{opacity:.7;font-size:13px}.about{max-width:80ch}.meta{font-size:13px;opacity:.8}table{border-collapse:collapse;font-size:13px;width:100%}
td{padding:2px 10px 2px 0;vertical-align:top;border-bottom:1px solid var(--soft)}td.n{white-space:nowrap;opacity:.7;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}.huds{display:flex;flex-wrap:wrap;gap:12px;align-items:flex-start}figure{margin:0}figcaption{font-size:12px;opacity:.7}
.hud rect{fill:#05130b;stroke:#2a5}.hud text{fill:#7dffad;font:15px ui-monospace,"Noto Sans Mono CJK SC",monospace}.hud.message rect{stroke:#555}
svg.sequence line{stroke:currentColor;stroke-width:1.3}svg.sequence line.life{stroke:var(--line);stroke-dasharray:3 4}
svg.sequence line.bad{stroke:var(--bad)}svg.sequence line.odd{stroke:var(--odd);stroke-dasharray:6 3}svg.sequence path{fill:currentColor}svg.sequence path.bad{fill:var(--bad)}svg.sequence path.odd{fill:var(--odd)}
svg.sequence text{font:12px system-ui,sans-serif;fill:currentColor;text-anchor:middle}svg.sequence text.lane{font-weight:600;font-size:13px}
svg.sequence text.time{text-anchor:start;opacity:.6;font-size:11px}svg.sequence text.bad,.cross{fill:var(--bad)!important}svg.sequence text.odd{fill:var(--odd)}
.cross{font-size:18px!important}`;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

function stepRows({ steps }: ScenarioResult): string {
  return steps
    .map(({ line, text, atMs, problem }) => {
      const what = problem === undefined ? '<span class="ok">✓</span>' : '<span class="bad">✗</span>';
      const why = problem === undefined ? '' : `<br><span class="bad">${escaped(problem)}</span>`;
      return `<tr><td class="n">${what} line ${line}</td><td class="n">${seconds(atMs)}</td><td>${escaped(text)}${why}</td></tr>`;
    })
    .join('');
}

function storyRow({ atMs, kind, text, lines }: StoryEntry): string {
  return `<tr><td class="n">${seconds(atMs)}</td><td class="n">${kind}</td><td>${escaped([text, ...(lines ?? [])].join(' / '))}</td></tr>`;
}

function section(result: ScenarioResult, device: string): string {
  const {
    name,
    about,
    tags,
    seed,
    ok,
    ending,
    pages,
    story,
    debits,
    paidMinor,
    signatures,
    refusals,
    traceHash,
    file,
  } = result;
  const problems = problemsOf(result).map((one) => `<li class="bad">${escaped(one)}</li>`);
  const facts = [
    `${escaped(file)}`,
    `seed ${escaped(seed)}`,
    ...(tags.length > 0 ? [`tags ${escaped(tags.join(', '))}`] : []),
    `${debits} debit${debits === 1 ? '' : 's'}, CNY ${(paidMinor / 100).toFixed(2)}`,
    `${signatures} signature${signatures === 1 ? '' : 's'}`,
    ...(refusals.length > 0 ? [`refusals ${escaped(refusals.join(', '))}`] : []),
    `trace ${traceHash.slice(0, 16)}`,
  ];
  const mark = ok ? '<b class="ok">✓</b>' : '<b class="bad">✗</b>';
  return [
    `<details class="case"${ok ? '' : ' open'}><summary>${mark} ${escaped(name)} <span class="end">${escaped(ending)}</span></summary>`,
    ...(about === '' ? [] : [`<p class="about">${escaped(about)}</p>`]),
    `<p class="meta">${facts.join(' · ')}</p>`,
    ...(problems.length > 0 ? [`<ul>${problems.join('')}</ul>`] : []),
    `<h2>Steps</h2><table>${stepRows(result)}</table>`,
    ...(pages.length > 0 ? [`<h2>Display</h2><div class="huds">${pages.map(hudFigure).join('')}</div>`] : []),
    `<h2>Frames</h2><div class="scroll">${sequenceSvg(result, device)}</div>`,
    `<h2>Story</h2><details><summary>${story.length} moments</summary><table>${story.map(storyRow).join('')}</table></details>`,
    '</details>',
  ].join('\n');
}

/** @param device the device's party name: the first lane of each diagram. */
export function htmlReport(results: readonly ScenarioResult[], device: string): string {
  const failed = results.filter(({ ok }) => !ok);
  const sum =
    failed.length === 0
      ? `<span class="ok">${results.length} held</span>`
      : `<span class="bad">${failed.length} of ${results.length} fell short</span>`;
  // Those that failed come first: they are what the file was opened for.
  const ordered = [...failed, ...results.filter(({ ok }) => ok)];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>act-edge scenarios</title><style>${STYLE}</style></head><body>
<h1>Scenarios</h1><p class="sum">${sum}</p>
${ordered.map((result) => section(result, device)).join('\n')}
</body></html>
`;
}
