/** A model in motion: its processes or threads, the requests on their ways through them, and what is counted. */
import { partsOf } from '../../../../harness/plan/schedule/runtimes.ts';
import type { Fault } from '../../../../harness/store/fault-schema.ts';
import { cut } from '../../../drawing/text-width.ts';
import { xml } from '../../../words/escape.ts';
import { FRAME_HEIGHT, type Motion, type Point } from './motion.ts';
import type { Story, Trouble } from './story.ts';

/** Of one model, in pixels. */
export const SCENE = { width: 430, height: 148 } as const;

const MIDDLE = 72;
const CLIENTS = { x: 0, y: MIDDLE - 13, width: 62, height: 26 } as const;
const FRONT = { x: 164, y: MIDDLE - 17, width: 70, height: 34 } as const;
const PRIMARY = { x: 100, y: 98, width: 66, height: 20 } as const;
const SERVICE = { x: 368, y: MIDDLE - 13, width: 62, height: 26 } as const;
const WORKER = { x: 268, width: 86, height: 20, step: 24 } as const;
const ALONE = { x: 242, y: MIDDLE - 19, width: 112, height: 38 } as const;
const EXIT_X = 426;
/** Of the dots of a queue. */
const DOT = 8;
const QUEUE_ROWS = 3;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How requests come to workers. */
interface Topology {
  readonly workers: readonly Box[];
  readonly front: Box | null;
  /** Hands connections out to workers. */
  readonly primary: Box | null;
  /** What is one process: null where every box is one of its own. */
  readonly process: Box | null;
  readonly workerName: 'process' | 'worker' | 'thread' | 'server';
  /** Right end and top of the waiting requests, and how many there is room for beside each other. */
  readonly queue: Point & { readonly columns: number };
}

function topologyOf({ trace: { style, model }, workers }: Story): Topology {
  const name = partsOf(model).model;
  const isThreads = /threads|piscina/u.test(name);
  const count = workers.length;
  const boxes = Array.from({ length: count }, (_, i): Box => {
    const y = MIDDLE + (i - (count - 1) / 2) * WORKER.step - WORKER.height / 2;
    return { x: WORKER.x, y, width: WORKER.width, height: WORKER.height };
  });
  const before = (one: Box, columns: number) => {
    return { x: one.x - 8, y: one.y + one.height / 2 - FRAME_HEIGHT / 2, columns };
  };
  const none = { front: null, primary: null, process: null };
  const workerName = isThreads ? 'thread' : 'worker';
  switch (style) {
    case 'alone':
      return { ...none, workers: [ALONE], workerName: 'process', queue: before(ALONE, 18) };
    case 'external':
      return { ...none, workers: [ALONE], workerName: 'server', queue: before(ALONE, 18) };
    case 'replicated':
      return {
        ...{ ...none, workers: boxes, workerName, queue: before(boxes[0] ?? ALONE, 14) },
        primary: /^cluster|^socket-pass/u.test(name) ? PRIMARY : null,
        process: isThreads ? around(boxes) : null,
      };
    case 'offload':
      return {
        ...{ ...none, workers: boxes, workerName, front: FRONT },
        process: isThreads ? around([FRONT, ...boxes]) : null,
        queue: before(FRONT, 11),
      };
    default:
      return style satisfies never;
  }
}

function around(boxes: readonly Box[]): Box {
  const [x, y] = [Math.min(...boxes.map((box) => box.x)) - 8, Math.min(...boxes.map((box) => box.y)) - 8];
  const right = Math.max(...boxes.map((box) => box.x + box.width)) + 8;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + 8;
  return { x, y, width: right - x, height: bottom - y };
}

/** The group of one model, its upper left corner at zero. */
export function sceneOf(story: Story, fault: Fault, perDot: number, motion: Motion): string {
  const topology = topologyOf(story);
  const { label } = story.panel;
  return [
    `<text y="14" font-size="15" font-weight="bold" fill="var(--own)">${xml(cut(label, SCENE.width, { size: 15, face: 'bold' }))}</text>`,
    ...connections(topology),
    ...ways(topology, story, fault, motion),
    queue(topology, story, perDot, motion),
    ...parts(topology, story, fault, motion),
    counters(story, motion),
  ].join('');
}

function box({ x, y, width, height }: Box, words: string): string {
  const text = `<text x="${x + width / 2}" y="${y + height / 2 + 4}" text-anchor="middle" font-size="11">${words}</text>`;
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4" class="b"/>${text}`;
}

/** Below the dots: who hands what to whom, and what is one process. */
function connections({ workers, front, primary, process }: Topology): string[] {
  const from = front ?? primary;
  const lines = workers.map((to) =>
    from === null
      ? ''
      : `<path d="M${right(from)} ${from.y + from.height / 2}L${to.x} ${to.y + to.height / 2}" class="${front === null ? 'l d' : 'l'}"/>`,
  );
  if (process === null) return lines;
  const { x, y, width, height } = process;
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="7" class="l d"/>`,
    `<text x="${right(process)}" y="${y + height + 12}" text-anchor="end" font-size="10" fill="var(--quiet)">one process</text>`,
    ...lines,
  ];
}

/** Above the dots, which go on within them. */
function parts(
  { workers, front, primary, workerName }: Topology,
  story: Story,
  fault: Fault,
  motion: Motion,
): string[] {
  const own = workers.map((one, i) => box(one, workers.length === 1 ? workerName : `${workerName} ${i + 1}`));
  return [
    box(CLIENTS, 'clients'),
    ...(front === null ? [] : [box(front, 'front end')]),
    ...(primary === null ? [] : [box(primary, 'primary')]),
    ...own,
    ...workers.flatMap((one, i) => troubled(one, story.workers[i] ?? null, fateOf(fault), motion)),
    ...(story.service === null
      ? []
      : [box(SERVICE, 'service'), ...troubled(SERVICE, story.service, 'stalled', motion)]),
  ];
}

function right({ x, width }: Box): number {
  return x + width;
}

function troubled(one: Box, trouble: Trouble | null, words: string, motion: Motion): string[] {
  if (trouble === null) return [];
  const name = motion.spanClass(trouble.fromMs, trouble.toMs);
  return [`<g class="x ${name}">${box(one, words)}</g>`];
}

function fateOf({ kind }: Fault): string {
  switch (kind) {
    case 'kill':
      return 'killed';
    case 'crash':
      return 'crashed';
    case 'block':
      return 'blocked';
    case 'loop':
      return 'in a loop';
    case 'oom':
    case 'leak':
      return 'out of memory';
    case 'reload':
      return 'replaced';
    case 'upstream-stall':
      return 'stalled';
    default:
      return kind satisfies never;
  }
}

function isPoison({ kind }: Fault): boolean {
  return kind !== 'kill' && kind !== 'reload' && kind !== 'upstream-stall';
}

/** Which worker a request went to was not recorded: good ones take turns, lost ones are drawn at the one that was hit. */
function ways({ workers, front }: Topology, story: Story, fault: Fault, motion: Motion): string[] {
  const start: Point = { x: right(CLIENTS), y: MIDDLE };
  const via: Point[] = front === null ? [] : [{ x: front.x + front.width / 2, y: MIDDLE }];
  const into = (i: number, inside = 4): Point[] => {
    const one = workers[i] ?? ALONE;
    return [start, ...via, { x: one.x + inside, y: one.y + one.height / 2 }];
  };
  const outOf = (i: number): Point[] => {
    const one = workers[i] ?? ALONE;
    return [
      { x: right(one), y: one.y + one.height / 2 },
      { x: EXIT_X, y: MIDDLE },
    ];
  };
  const groups = new Map<string, string[]>();
  const add = (group: string, ms: number, reaches: number, radius = 3): void => {
    const dot = `<circle r="${radius}" style="${motion.dotStyle(ms, reaches)}"/>`;
    groups.set(group, [...(groups.get(group) ?? []), dot]);
  };
  const isUp = (i: number, ms: number): boolean => {
    const trouble = story.workers[i] ?? null;
    return trouble === null || ms < trouble.fromMs || (trouble.toMs !== null && ms >= trouble.toMs);
  };
  const turns = (all: readonly number[], way: (i: number) => Point[], isIn: boolean): void => {
    for (const [nth, ms] of all.entries()) {
      const up = workers.flatMap((_, i) => (isUp(i, ms) ? [i] : []));
      // What a worker holds until it goes on has come to it: it is drawn as waiting.
      const to =
        (isIn && fault.kind === 'block') || up.length === 0 ? nth % workers.length : (up[nth % up.length] ?? 0);
      const points = way(to);
      add(`g ${motion.wayClass(points, 'arrives')}`, ms, isIn ? points.length - 1 : 0);
    }
  };
  turns(story.dots.due, (i) => into(i), true);
  turns(story.dots.answered, outOf, false);
  for (const [nth, ms] of story.dots.lost.entries()) {
    const down = workers.flatMap((_, i) => (isUp(i, ms) ? [] : [i]));
    const points = into(down[nth % Math.max(1, down.length)] ?? 0, -6);
    add(`o ${motion.wayClass(points, 'falls')}`, ms, points.length - 1);
  }
  if (isPoison(fault)) add(`p ${motion.wayClass(into(0), 'arrives')}`, 0, into(0).length - 1, 6);
  return [...groups].map(([name, dots]) => `<g class="${name}">${dots.join('')}</g>`);
}

/** One frame is seen at a time. */
function strip(at: Point, width: number, frames: readonly string[], motion: Motion, more = ''): string {
  return `<svg x="${at.x}" y="${at.y}" width="${width}" height="${FRAME_HEIGHT}"><g class="${motion.stripClass}"${more}>${frames.join('')}</g></svg>`;
}

/** The first frame is that before anything was counted, so that each is seen at its end. */
export function numbers(at: Point, width: number, values: readonly string[], motion: Motion, more: string): string {
  const frames = values.map((value, i) => `<text x="${width}" y="${i * FRAME_HEIGHT + 17}">${value}</text>`);
  return strip(at, width, frames, motion, ` text-anchor="end" ${more}`);
}

function queue({ queue: at }: Topology, { frames }: Story, perDot: number, motion: Motion): string {
  const width = at.columns * DOT;
  const usual = [0, ...frames.map(({ waiting }) => waiting)];
  const drawn = usual.map((waiting, frame) => {
    const dots = Math.min(at.columns * QUEUE_ROWS, Math.round(waiting / perDot));
    const rows = Array.from({ length: Math.ceil(dots / at.columns) }, (_, row) => {
      const own = Math.min(at.columns, dots - row * at.columns);
      return `M${width - 4} ${frame * FRAME_HEIGHT + 4 + row * DOT}h${own === 1 ? -0.01 : -(own - 1) * DOT}`;
    });
    return rows.length === 0 ? '' : `<path d="${rows.join('')}"/>`;
  });
  return `<g class="q">${strip({ x: at.x - width, y: at.y }, width, drawn, motion)}</g>`;
}

const COUNTERS = [
  { name: 'answered', of: 'answered', x: 0, width: 116, look: 'fill="var(--ink)"' },
  { name: 'lost', of: 'lost', x: 146, width: 84, look: 'fill="var(--lost)"' },
  { name: 'waiting', of: 'waiting', x: 260, width: 110, look: 'fill="var(--ink)"' },
] as const;

function counters({ frames }: Story, motion: Motion): string {
  const y = SCENE.height - FRAME_HEIGHT;
  return COUNTERS.map(({ name, of, x, width, look }) => {
    const values = [{ answered: 0, lost: 0, waiting: 0 }, ...frames].map((frame) => frame[of].toLocaleString('en-US'));
    return `<text x="${x}" y="${y + 17}" font-size="12" fill="var(--quiet)">${name}</text>${numbers({ x, y }, width, values, motion, `font-size="14" font-weight="bold" ${look}`)}`;
  }).join('');
}
