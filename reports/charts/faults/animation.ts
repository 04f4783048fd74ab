import type { FaultSummary } from '../../../harness/judge/schema/faults.ts';
import { capital, scenarioWords } from '../../../harness/judge/words.ts';
import { faultText } from '../../../harness/plan/faults.ts';
import type { ChartInput, FaultChart, MovingDrawing } from '../../drawing/input.ts';
import { textWidth } from '../../drawing/text-width.ts';
import { config, DARK, DIVERGING, INK } from '../../drawing/theme.ts';
import { visible, xml } from '../../words/escape.ts';
import { counted } from '../../words/figures.ts';
import { rateText } from '../../words/rates.ts';
import { wrap } from '../../words/wrap.ts';
import { FRAME_HEIGHT, type Motion, motionOf } from './animation/motion.ts';
import { numbers, SCENE, sceneOf } from './animation/scene.ts';
import { requestsPerDot, type ShownTime, shownTime, type Story, storyOf } from './animation/story.ts';
import { faultFigures, faultPanels, findingOfPanels } from './panels.ts';

const faultAnimation: FaultChart = {
  summary: 'requests on their ways through each model around a fault, as an animated SVG drawn from a recorded trial',
  draw: (input, fault) => animationOf(input, fault) ?? { kind: 'omitted', reason: 'no trial with a fault is at hand' },
};

export default faultAnimation;

const WIDTH = 920;
const MARGIN = 20;
const GAP = 20;
const TITLE = { size: 20, line: 26 } as const;
const SMALL = { size: 12, line: 17 } as const;
const SUBTITLE = { size: 14, line: 20 } as const;
const CLOCK_WIDTH = 92;
const HEAD_WIDTH = WIDTH - 2 * MARGIN - CLOCK_WIDTH - GAP;
/** Between the scenes of two models, and below the texts above them. */
const ROW_GAP = 22;

/**
 * Requests on their ways through each model, counted as they were in one recorded trial: an SVG that loops by itself, without a
 * script. Null where no trial is at hand.
 */
export function animationOf(input: ChartInput, fault: FaultSummary): MovingDrawing | null {
  const panels = faultPanels(input, fault);
  const drawn = panels.flatMap((panel) => (panel.trace === null ? [] : [{ panel, trace: panel.trace }]));
  if (drawn.length === 0) return null;
  const time = shownTime(fault, drawn);
  const perDot = requestsPerDot(
    time,
    drawn.map(({ trace }) => trace),
  );
  const stories = drawn.map((one) => storyOf(fault, one, time, perDot));
  const motion = motionOf(time, HEAD_WIDTH);
  const title = capital(findingOfPanels(fault, panels));
  const above = headOf(input, fault, title);
  const [columns, top] = [Math.min(2, stories.length), above.bottom + 58];
  const rowHeight = SCENE.height + ROW_GAP;
  const scenes = stories.map((story, i) => {
    const x = MARGIN + (i % columns) * (SCENE.width + GAP);
    const y = top + Math.floor(i / columns) * rowHeight;
    return `<g transform="translate(${x},${y})" class="m${i}">${sceneOf(story, fault.fault, perDot, motion)}</g>`;
  });
  const bottom = top + Math.ceil(stories.length / columns) * rowHeight;
  const foot = lines(footText(stories, time, perDot), SMALL.size);
  const height = bottom + foot.length * SMALL.line + 8;
  const clock = clockOf(fault, time, motion, above.bottom + 8);
  const alt = visible(`Animation of ${scenarioWords(input.scenario)}: ${title} (${faultFigures(fault, panels)}).`);
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">`,
    `<style>${looks(stories)}${motion.css()}</style>`,
    `<rect width="${WIDTH}" height="${height}" fill="var(--paper)"/>`,
    ...above.texts,
    clock,
    ...scenes,
    ...foot.map((text, i) => line(text, MARGIN, bottom + (i + 0.5) * SMALL.line, SMALL.size, 'fill="var(--quiet)"')),
    '</svg>',
  ].join('');
  return { kind: 'moving', svg, alt };
}

function lines(text: string, size: number, face: 'regular' | 'bold' = 'regular'): string[] {
  return wrap(visible(text), WIDTH - 2 * MARGIN, (part) => textWidth(part, size, face));
}

function line(text: string, x: number, y: number, size: number, more: string): string {
  return `<text x="${x}" y="${y}" font-size="${size}" ${more}>${xml(text)}</text>`;
}

function headOf({ scenario }: ChartInput, { fault, requestsPerSec }: FaultSummary, title: string) {
  const titles = lines(title, TITLE.size, 'bold');
  const about = `${capital(scenarioWords(scenario))} · ${faultText(fault)} at ${rateText(requestsPerSec)}`;
  const below = MARGIN + titles.length * TITLE.line;
  const texts = [
    ...titles.map((text, i) =>
      line(text, MARGIN, MARGIN + i * TITLE.line + 18, TITLE.size, 'font-weight="bold" fill="var(--ink)"'),
    ),
    ...lines(about, SUBTITLE.size).map((text, i) =>
      line(text, MARGIN, below + i * SUBTITLE.line + 14, SUBTITLE.size, 'fill="var(--normal)"'),
    ),
  ];
  return { texts, bottom: below + lines(about, SUBTITLE.size).length * SUBTITLE.line };
}

/** A line along which time goes, with the fault on it, and the time in seconds. */
function clockOf({ fault }: FaultSummary, time: ShownTime, motion: Motion, top: number): string {
  const { fromMs, frameMs, frames } = time;
  const at = (ms: number): number => MARGIN + (HEAD_WIDTH * (ms - fromMs)) / (frames * frameMs);
  const y = top + 26;
  const times = Array.from({ length: frames + 1 }, (_, i) => seconds(fromMs + i * frameMs));
  const name = faultText(fault);
  return [
    `<path d="M${MARGIN} ${y}h${HEAD_WIDTH}" class="l"/>`,
    `<path d="M${at(0)} ${y - 7}v14" stroke="var(--lost)" stroke-width="3"/>`,
    line(name, at(0), y - 12, 13, 'text-anchor="middle" font-weight="bold" fill="var(--lost)"'),
    `<circle class="${motion.headClass}" cx="${MARGIN}" cy="${y}" r="5" fill="var(--ink)"/>`,
    numbers(
      { x: WIDTH - MARGIN - CLOCK_WIDTH, y: y - FRAME_HEIGHT / 2 },
      CLOCK_WIDTH,
      times,
      motion,
      'font-size="17" font-weight="bold" fill="var(--ink)"',
    ),
  ].join('');
}

function seconds(ms: number): string {
  return `${ms < 0 ? '−' : ''}${(Math.abs(ms) / 1000).toFixed(2)} s`;
}

function footText(stories: readonly Story[], { stretch }: ShownTime, perDot: number): string {
  const rounds = [...new Set(stories.map(({ trace }) => trace.shown.round + 1))].toSorted((a, b) => a - b);
  return [
    `A dot is ${counted(perDot, 'request')}, a lost one falls${perDot === 1 ? '' : ` and is ${counted(perDot, 'request')} at most`}.`,
    `A second takes ${Number(stretch.toPrecision(2))} s.`,
    `Counted as in one trial of each, the median by lost requests (${rounds.length === 1 ? 'round' : 'rounds'} ${rounds.join(', ')}).`,
    'Which worker a request went to is not recorded: lost ones are drawn at the one that was hit.',
  ].join(' ');
}

/** Colours on light and on dark paper, as the reader has it, and how things look. */
function looks(stories: readonly Story[]): string {
  const own = stories.map(({ panel }, i) => [`.m${i}`, { '--own': panel.colour }] as const);
  const all = {
    ...{ '--ink': INK.strong, '--normal': INK.normal, '--quiet': INK.quiet, '--line': INK.line },
    ...{ '--wash': INK.grid, '--paper': INK.paper, '--lost': DIVERGING.less },
  };
  const of = (pick: (light: string) => string): string =>
    [[':root', all] as const, ...own]
      .map(([name, values]) => {
        const set = Object.entries(values).map(([key, light]) => `${key}:${pick(light)}`);
        return `${name}{${set.join(';')}}`;
      })
      .join('');
  return [
    of((light) => light),
    `@media (prefers-color-scheme:dark){${of((light) => DARK.get(light) ?? light)}}`,
    `svg{font-family:${config.font};fill:var(--ink)}`,
    '.b{fill:var(--wash);stroke:var(--line)}.l{fill:none;stroke:var(--line);stroke-width:1.2}.d{stroke-dasharray:4 3}',
    '.g{fill:var(--own)}.o{fill:var(--own)}.p{fill:var(--lost)}',
    '.q path{fill:none;stroke:var(--own);stroke-width:6;stroke-linecap:round;stroke-dasharray:0 8}',
    '.x .b{fill:var(--lost);stroke:var(--lost)}.x text{fill:var(--paper);font-weight:bold}',
  ].join('');
}
