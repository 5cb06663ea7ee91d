/** The frames of a run as a sequence diagram in SVG, with what became of each on its way. */
import type { Fate } from '../scenario/frame-faults.ts';
import type { ScenarioResult, SeenFrame } from '../scenario/run.ts';
import { escaped } from './escape.ts';

const LANE_PX = 170;
const ROW_PX = 26;
const TOP_PX = 48;
const LEFT_PX = 70;
/** A diagram nobody scrolls through to its end says no more than its beginning. */
const MOST_FRAMES = 120;

const LOOK: Readonly<Record<Fate, string>> = {
  sent: 'ok',
  dropped: 'bad',
  delayed: 'odd',
  duplicated: 'odd',
  corrupted: 'bad',
  rewritten: 'bad',
  forged: 'bad',
  replayed: 'odd',
};

/** Who takes part, in the order in which a purchase goes from one to the next. */
function lanesOf(frames: readonly SeenFrame[], device: string): readonly string[] {
  const parties = new Set(frames.flatMap(({ from, to }) => [from, to]));
  const shops = [...parties].filter((party) => ![device, 'agent', 'psp'].includes(party)).sort();
  return [device, 'agent', ...shops, 'psp'].filter((party) => parties.has(party));
}

function arrow(frame: SeenFrame, row: number, laneOf: (party: string) => number): string {
  const { atMs, from, to, type, bytes, fate } = frame;
  const y = TOP_PX + row * ROW_PX + ROW_PX / 2;
  const [x1, x2] = [laneOf(from), laneOf(to)];
  // What gets lost gets half of the way.
  const end = fate === 'dropped' ? (x1 + x2) / 2 : x2;
  const label = `${type}${fate === 'sent' ? '' : ` (${fate})`}`;
  const cross = `<text class="cross" x="${end}" y="${y + 5}">×</text>`;
  const line = `<line class="${LOOK[fate]}" x1="${x1}" y1="${y}" x2="${end}" y2="${y}"/>`;
  const back = end > x1 ? -7 : 7;
  const head = `<path class="${LOOK[fate]}" d="M${end} ${y}l${back} -4v8z"/>`;
  const title = `<title>${escaped(`${from} → ${to}: ${type}, ${bytes} bytes, ${fate}`)}</title>`;
  const time = `<text class="time" x="4" y="${y + 4}">${(atMs / 1000).toFixed(2)} s</text>`;
  return `<g>${title}${time}${line}${fate === 'dropped' ? cross : head}<text class="label ${LOOK[fate]}" x="${(x1 + x2) / 2}" y="${y - 4}">${escaped(label)}</text></g>`;
}

/** Inline SVG; its classes are styled by the page around it. */
export function sequenceSvg({ frames }: Pick<ScenarioResult, 'frames'>, device: string): string {
  const shown = frames.slice(0, MOST_FRAMES);
  const lanes = lanesOf(shown, device);
  const laneOf = (party: string) => LEFT_PX + LANE_PX / 2 + Math.max(0, lanes.indexOf(party)) * LANE_PX;
  const height = TOP_PX + shown.length * ROW_PX + 12;
  const width = LEFT_PX + lanes.length * LANE_PX;
  const lines = lanes.map(
    (party) =>
      `<text class="lane" x="${laneOf(party)}" y="20">${escaped(party)}</text><line class="life" x1="${laneOf(party)}" y1="30" x2="${laneOf(party)}" y2="${height}"/>`,
  );
  const rest =
    frames.length > shown.length ? `<p class="rest">and ${frames.length - shown.length} more frames</p>` : '';
  const arrows = shown.map((frame, row) => arrow(frame, row, laneOf));
  return `<svg class="sequence" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="frames">${lines.join('')}${arrows.join('')}</svg>${rest}`;
}
