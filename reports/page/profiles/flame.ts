/**
 * A flame graph of frames, the callers above: boxes within boxes, as wide as their share of the CPU time of a request. Drawn by the
 * browser, so that it is as wide as the page, its names can be searched, and each box tells its figures. Everything is escaped.
 */
import type { ShownFrame } from '../../../harness/store/profiles-schema.ts';
import type { Markup } from '../markup.ts';
import { html } from '../../words/escape.ts';
import { milliseconds, percent } from '../../words/figures.ts';

/** As profiles have it: where it is tells more. */
const NO_NAME = '(anonymous)';

/** From these shares of the CPU time of a request on, growth of own time is seen, seen well, and striking. */
const STEPS: readonly number[] = [0.005, 0.02, 0.08];

/** `name`: of what was profiled, in plain text. */
export function flameGraph(root: ShownFrame, name: string): Markup {
  const label = `Flame graph of ${name}. ${inWords(root)}`;
  const boxes = root.children.map((child) => box(child, root.totalMs, root.totalMs)).join('');
  return `<div class="flame" role="img" aria-label="${html(label)}">${boxes}</div>`;
}

const MOST_TOLD = 5;

/** The picture for those who do not see it: what takes or what grew most, of frames by themselves. */
function inWords(root: ShownFrame): string {
  const all = flat(root);
  const by = (of: (frame: ShownFrame) => number): readonly ShownFrame[] =>
    all
      .filter((frame) => of(frame) >= least)
      .toSorted((a, b) => of(b) - of(a))
      .slice(0, MOST_TOLD);
  const least = (STEPS[0] ?? 0) * root.totalMs;
  const largest = by(({ selfMs }) => selfMs).map((frame) => told(frame, root.totalMs));
  const grown = by(growthMs).map((frame) => told(frame, root.totalMs));
  const whole = `${milliseconds(root.totalMs)} of CPU time per request.`;
  const parts = [`Most: ${largest.join('; ')}.`, ...(grown.length === 0 ? [] : [`Grew most: ${grown.join('; ')}.`])];
  return [whole, ...parts].join(' ');
}

function flat(frame: ShownFrame): readonly ShownFrame[] {
  return [frame, ...frame.children.flatMap(flat)];
}

/** Of its own time; 0 without a base. */
function growthMs({ selfMs, baseSelfMs }: ShownFrame): number {
  return baseSelfMs === null ? 0 : selfMs - baseSelfMs;
}

function box(frame: ShownFrame, parentMs: number, wholeMs: number): Markup {
  const { name, where, totalMs, children } = frame;
  const width = ((100 * totalMs) / parentMs).toFixed(2);
  const below = children.map((child) => box(child, totalMs, wholeMs)).join('');
  const text = `<span class="${growthClass(frame, wholeMs)}" title="${html(told(frame, wholeMs))}">${html(name === NO_NAME ? `${name} ${where}` : name)}</span>`;
  return `<div style="width:${width}%">${text}${below === '' ? '' : `<div class="below">${below}</div>`}</div>`;
}

/** `render lib/render.js:12: 0.420 ms, 31.0%; itself 0.210 ms (base 0.100 ms)`. */
function told({ name, where, totalMs, selfMs, baseSelfMs }: ShownFrame, wholeMs: number): string {
  const place = where === '' ? name : `${name} ${where}`;
  const base = baseSelfMs === null ? '' : ` (base ${milliseconds(baseSelfMs)})`;
  return `${place}: ${milliseconds(totalMs)}, ${percent(totalMs / wholeMs)}%; itself ${milliseconds(selfMs)}${base}`;
}

function growthClass(frame: ShownFrame, wholeMs: number): string {
  const growth = growthMs(frame) / wholeMs;
  const step = STEPS.filter((from) => Math.abs(growth) >= from).length;
  const isOwn = /^(?!node:|fourways\/|.*\bnode_modules\/)./u.test(frame.where);
  return step === 0 ? (isOwn ? 'own' : 'level') : `${growth > 0 ? 'grew' : 'shrank'}-${step}`;
}
