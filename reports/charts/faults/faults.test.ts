import { describe, expect, test } from 'vitest';
import { failedFaultTrial, faultOf, plausibleFaultTrial } from '../../../harness/fixtures/faults.ts';
import type { FaultSummary } from '../../../harness/judge/schema/faults.ts';
import type { Canvas } from '../../drawing/canvas.ts';
import type { ChartInput, Drawing, MovingDrawing } from '../../drawing/input.ts';
import { DARK, DIVERGING } from '../../drawing/theme.ts';
import { coloursOf, drawnOf, illegible } from '../../fixtures/drawn.ts';
import { faultedReport, faultedRun } from '../../fixtures/faults.ts';
import { HOSTILE } from '../../fixtures/variants.ts';
import { standalone } from '../../images/svg.ts';
import { themed } from '../../images/themes.ts';
import animation, { animationOf } from './animation.ts';
import { requestsPerDot, shownTime, storyOf } from './animation/story.ts';
import heatMap from './heat-map.ts';
import overTime from './over-time.ts';
import { faultPanels } from './panels.ts';

interface Given {
  readonly input: ChartInput;
  readonly fault: FaultSummary;
}

function given(report = faultedReport(), nth = 0, canvas?: Canvas): Given {
  const [scenario] = report.summary.scenarios;
  const fault = scenario?.faults?.[nth];
  if (scenario === undefined || fault === undefined) throw new Error('there is no fault');
  return { input: { ...report, scenario, canvas }, fault };
}

function still(drawing: Drawing | MovingDrawing): Drawing {
  if (drawing.kind === 'moving') throw new Error('it moves');
  return drawing;
}

const report = faultedReport();
const killed = given(report);
const blocked = given(report, 1);

describe.each([
  ['over time', overTime],
  ['heat map', heatMap],
])('%s', (_, chart) => {
  test('says what was found, a row per model, the best first, and marks the fault', async () => {
    const { words, alt } = await drawnOf(still(chart.draw(killed.input, killed.fault)));
    const models = killed.fault.models.map(({ model, restarts }) => `${model}${restarts ? '' : ' without restart'}`);
    expect(words.filter((word) => models.includes(word))).toEqual(models);
    expect(words).toEqual(expect.arrayContaining(['kill', 'seconds from the fault']));
    expect(words.join(' ')).toMatch(/A killed worker costs \S+ [\d.]+ requests \([\d.]+–[\d.]+\); single is gone/u);
    expect(alt).toMatch(/^[A-Z][a-z]+ [a-z]+ of hello world: a killed worker costs .*single ≥[\d,]+, gone\)\.$/u);
  });

  test.each<[string, Canvas]>([
    ['on a phone', { size: { kind: 'width', px: 320 }, title: null, subtitle: null }],
    ['at 400 pixels', { size: { kind: 'width', px: 400 }, title: null, subtitle: null }],
    ['as it is', { size: { kind: 'natural' }, title: null, subtitle: null }],
    ['on a slide', { size: { kind: 'slide' }, title: null, subtitle: null, isPlain: true }],
  ])('has no text on another or outside of the image %s', async (_, canvas) => {
    for (const nth of [0, 1]) {
      const { input, fault } = given(report, nth, canvas);
      expect(illegible(await drawnOf(still(chart.draw(input, fault))))).toEqual([]);
    }
  });

  test('has no light colour left on dark paper', async () => {
    const light = still(chart.draw(blocked.input, blocked.fault));
    if (light.kind === 'omitted') throw new Error(light.reason);
    const dark = await drawnOf({ ...light, spec: themed(light.spec, 'dark') });
    expect([...coloursOf(dark)].filter((colour) => ![...DARK.values()].includes(colour))).toEqual([]);
  });

  test('draws hostile names as text', async () => {
    const hostile = given(faultedReport(faultedRun([faultOf('kill')], [HOSTILE, 'cluster'])));
    const { svg } = await drawnOf(still(chart.draw(hostile.input, hostile.fault)));
    expect(svg).not.toMatch(/<(?:img|script|\/script)/u);
    expect(svg).not.toContain('\u001b');
  });

  test('is left out where trials are not at hand, or none is valid', () => {
    const { traces: _, ...input } = killed.input;
    expect(chart.draw(input, killed.fault)).toMatchObject({ kind: 'omitted' });
    const failed = faultedRun([faultOf('kill')], ['single', 'cluster'], (cell, round) => failedFaultTrial(cell, round));
    const none = given(faultedReport(failed));
    expect(chart.draw(none.input, none.fault)).toMatchObject({ kind: 'omitted' });
  });
});

test('lost requests stand from the fault on, and only where there are any', async () => {
  const { marks, texts } = await drawnOf(still(overTime.draw(killed.input, killed.fault)));
  const name = texts.find(({ text }) => text === 'kill');
  const lost = marks.filter(({ fill }) => fill === DIVERGING.less);
  // One of the key, and one or more of each model.
  expect(lost.length).toBeGreaterThan(killed.fault.models.length);
  const middle = ((name?.left ?? 0) + (name?.right ?? 0)) / 2;
  for (const mark of lost.slice(1)) expect(mark.left).toBeGreaterThan(middle - 2);
});

test('a model that could not be measured says why in its row', async () => {
  const run = faultedRun([faultOf('kill')], ['single', 'cluster'], (cell, round) =>
    cell.model === 'single' ? failedFaultTrial(cell, round) : plausibleFaultTrial(cell, round),
  );
  const { input, fault } = given(faultedReport(run));
  const { words } = await drawnOf(still(overTime.draw(input, fault)));
  expect(words.join(' ')).toMatch(/single .*(?:no valid trial|failing)/u);
});

describe('the animation', () => {
  const all = (one: Given) =>
    faultPanels(one.input, one.fault).flatMap((panel) => (panel.trace === null ? [] : [{ panel, trace: panel.trace }]));
  const storiesOf = (one: Given) => {
    const time = shownTime(one.fault, all(one));
    const perDot = requestsPerDot(
      time,
      all(one).map(({ trace }) => trace),
    );
    return { time, perDot, stories: all(one).map((each) => storyOf(one.fault, each, time, perDot)) };
  };

  test('has the counts of the trace of one trial, frame by frame', () => {
    const { time, stories } = storiesOf(killed);
    for (const { trace, frames } of stories) {
      const { shown } = trace;
      const within = (counts: readonly number[]): number =>
        counts.reduce((sum, count, bin) => {
          const middle = shown.startMs + (bin + 0.5) * shown.binMs;
          return middle >= time.fromMs && middle < time.fromMs + time.frames * time.frameMs ? sum + count : sum;
        }, 0);
      expect(frames.at(-1)).toMatchObject({ answered: within(shown.answered), lost: within(shown.lost) });
      expect(frames).toHaveLength(time.frames);
    }
  });

  test('stands for each lost request with a dot, and for the others with one of so many', () => {
    const { perDot, stories } = storiesOf(killed);
    for (const { dots, frames } of stories) {
      const { lost, answered } = frames.at(-1) ?? { lost: 0, answered: 0 };
      expect(dots.lost).toHaveLength(Math.ceil(lost / perDot));
      expect(Math.abs(dots.answered.length - answered / perDot)).toBeLessThan(1);
    }
  });

  test('shows requests that wait for a loop that is blocked, which nobody loses', () => {
    const { time, stories } = storiesOf(blocked);
    const during = Math.floor((500 - time.fromMs) / time.frameMs);
    for (const { frames, workers } of stories) {
      expect(frames[during]?.waiting).toBeGreaterThan(100);
      expect(frames.at(-1)?.lost).toBe(0);
      expect(workers[0]).toEqual({ fromMs: 0, toMs: 1000 });
    }
  });

  test.each(['kill', 'crash', 'block', 'loop', 'oom', 'leak', 'reload', 'upstream-stall'] as const)(
    'of %s is an image of its own without a script, within its size',
    (kind) => {
      const { input, fault } = given(faultedReport(faultedRun([faultOf(kind)])));
      const moving = animationOf(input, fault);
      if (moving === null) throw new Error('there is no animation');
      const svg = standalone(moving.svg, moving.alt, 920);
      expect(svg.length).toBeLessThan(300_000);
      expect(svg).not.toMatch(/<script|\son[a-z]+=|href=|NaN|undefined|Infinity/u);
      expect(svg.match(/url\((?!data:)/gu)).toBeNull();
      expect(svg).toContain('prefers-reduced-motion');
      expect(unclosed(svg)).toEqual([]);
    },
  );

  test('writes hostile names as text', () => {
    const { input, fault } = given(faultedReport(faultedRun([faultOf('crash')], [HOSTILE, 'cluster'])));
    const svg = animationOf(input, fault)?.svg ?? '';
    expect(svg).toContain('&lt;/script&gt;');
    expect(svg).not.toMatch(/<(?:img|script|\/script)/u);
    expect(unclosed(svg)).toEqual([]);
  });

  test('is left out without a trial', () => {
    const { traces: _, ...input } = killed.input;
    expect(animation.draw(input, killed.fault)).toMatchObject({ kind: 'omitted' });
  });

  test('is the same each time', () => {
    expect(animationOf(killed.input, killed.fault)).toEqual(animationOf(killed.input, killed.fault));
  });
});

/** Tags that do not end, or end what did not begin; and text that is no XML. */
function unclosed(svg: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [tag, end, name = '', , self] of svg.matchAll(
    /<(\/?)([a-zA-Z]+)((?:\s+[a-z:A-Z-]+="[^"<]*")*)\s*(\/?)>/gu,
  )) {
    if (end === '/') {
      if (open.pop() !== name) wrong.push(tag);
    } else if (self !== '/') open.push(name);
  }
  const rest = svg.replace(/<(\/?)([a-zA-Z]+)((?:\s+[a-z:A-Z-]+="[^"<]*")*)\s*(\/?)>/gu, '');
  const style = rest.replace(/&(?:amp|lt|gt|quot|#39);/gu, '');
  return [...wrong, ...open, ...(style.match(/<|&/gu) ?? [])];
}
