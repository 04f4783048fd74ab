import { describe, expect, test } from 'vitest';
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { INK } from '../drawing/theme.ts';
import { comparison } from '../fixtures/build.ts';
import { axisOf, rounded, tableOf } from '../fixtures/drawn.ts';
import { among, beside, drawnRatio as drawn, ratioMarks as marks } from '../fixtures/ratios.ts';
import { summary } from '../fixtures/summary.ts';
import { HOSTILE, scenario, summaryOf } from '../fixtures/variants.ts';
import { ratioTicks } from './ratio/axis.ts';
import ratio from './ratio.ts';

function reasonOf(source: ScenarioSummary): string | null {
  const drawing = ratio.draw({ scenario: source, summary: summaryOf(source) });
  return drawing.kind === 'omitted' ? drawing.reason : null;
}

describe.each(['cpu', 'hello'])('of %s', (name) => {
  const source = scenario(name);
  const judged = source.cells.slice(1).map(({ id, model }) => {
    const measured = source.comparisons.find(
      (one) => one.metric === 'throughput' && one.candidate === id && one.baseline === `${source.name}/single`,
    );
    return [model, measured?.ratio ?? null] as const;
  });

  test('each point is at its ratio, on a line over its interval, in the row of its model', async () => {
    const image = await drawn(source);
    const { valueAt, isLog } = axisOf(image);
    expect(isLog).toBe(true);
    const rows = image.texts.filter(({ axis }) => axis === 'y');
    expect(rows.map(({ text }) => text).toSorted()).toEqual(judged.map(([model]) => model).toSorted());
    for (const [model, ratioOf] of judged) {
      const [point] = image.marks.filter(({ words }) => words.startsWith(`${model}: `));
      expect(point === undefined).toBe(ratioOf === null);
      if (ratioOf === null) continue;
      expect(valueAt(point?.left ?? 0) / ratioOf.point).toBeCloseTo(1, 2);
      const [line] = image.marks.filter(
        ({ kind, left, right, top }) => kind === 'line' && right > left && Math.abs(top - (point?.top ?? 0)) < 1,
      );
      expect(valueAt(line?.left ?? 0) / ratioOf.low).toBeCloseTo(1, 2);
      expect(valueAt(line?.right ?? 0) / ratioOf.high).toBeCloseTo(1, 2);
    }
  });

  test('1 has a line, and around it the margin is shaded', async () => {
    const image = await drawn(source);
    const { valueAt } = axisOf(image);
    const [one] = image.marks.filter(({ kind, stroke }) => kind === 'line' && stroke === INK.strong);
    expect(valueAt(one?.left ?? 0)).toBeCloseTo(1, 2);
    const [band] = image.marks.filter(({ fill }) => fill === INK.line);
    expect([band?.left, band?.right].map((at) => rounded(valueAt(at ?? 0)))).toEqual([0.971, 1.03]);
  });
});

test('the column says the difference of each row with both ends', async () => {
  expect(tableOf(await drawn(scenario('hello')))).toEqual({
    cluster: ['–'],
    'fork-pool': ['−64% to −60%'],
    'worker-threads': ['−44% to −37%'],
  });
});

test('a row per model but the baseline, with its difference in words', async () => {
  const image = await drawn(scenario('cpu'));
  const { svg, alt } = image;
  for (const text of ['+93% to +103%', 'difference', 'single', 'margin ±3%']) expect(svg).toContain(`>${text}<`);
  expect(marks(image)).toEqual(['worker-threads filled circle', 'fork-pool filled circle', 'cluster filled circle']);
  expect(svg).toContain('cluster: +93% to +103% requests/s beside single');
  expect(alt).toContain('cluster 1.98× (+93% to +103%)');
});

test('half and double are equally far from the baseline', async () => {
  const { svg } = await drawn(among(['a', 'b'], beside('a', 'better', 2), beside('b', 'worse', 0.5)));
  const places = ['a', 'b'].map((name) =>
    Number(new RegExp(`"${name}: [^>]*translate\\(([\\d.]+),`, 'u').exec(svg)?.[1]),
  );
  const [, line = ''] = /translate\(([\d.]+),0\)[^>]*x2="0" y2="\d+" stroke="#16202a"/u.exec(svg) ?? [];
  expect(((places[0] ?? 0) + (places[1] ?? 0)) / 2).toBeCloseTo(Number(line), 0);
});

test('what reaches across an end of the margin is hollow, and one note says what would settle it', async () => {
  const open = beside('a', 'inconclusive', 1.02, { roundsToSettle: 12 });
  const farther = beside('c', 'inconclusive', 1.04, { roundsToSettle: 67 });
  const image = await drawn(among(['a', 'b', 'c'], open, beside('b', 'equivalent', 1.001), farther));
  expect(marks(image)).toEqual(['a hollow circle', 'b filled circle', 'c hollow circle']);
  expect(image.words.join(' ')).toContain(
    'Filled: the whole interval is beyond the margin or within it. Hollow: it reaches across an end; about 7 to 62 more rounds would probably settle it.',
  );
  const alone = await drawn(among(['a'], open));
  expect(alone.words.join(' ')).toContain(
    'Hollow: the interval reaches across an end of the margin; about 7 more rounds',
  );
  expect((await drawn(scenario('cpu'))).svg).not.toMatch(/Filled|Hollow/u);
});

test('a row without a ratio says why', async () => {
  const image = await drawn(scenario('hello'));
  const { svg, alt } = image;
  expect(marks(image)).toHaveLength(2);
  expect(svg).toContain(">not the server's limit: generator<");
  expect(alt).toContain("cluster – (not the server's limit: generator)");
});

test('a ratio that was judged the other way round is turned', async () => {
  const turned = { ...scenario('cpu'), cells: scenario('cpu').cells.toReversed() };
  expect((await drawn(turned)).alt).toMatch(/worker-threads 1\.\d+× \(\+95% to \+104%\)/u);
  const worse = comparison('x', ['single', 'a'], ['worse', 0.5]);
  const better = comparison('x', ['single', 'b'], ['better', 4]);
  const { alt } = await drawn(among(['a', 'b'], worse, better));
  expect(alt).toContain('a 2.00× (+96% to +105%), b 0.250× (−76% to −74%)');
});

test('each model is set beside the single that uses its connections in the same way', async () => {
  const { cells, comparisons } = scenario('cpu');
  const second = (id: string) => `${id}/per-request`;
  const both = {
    ...scenario('cpu'),
    cells: [...cells, ...cells.map((one) => ({ ...one, id: second(one.id), connectionMode: 'per-request' as const }))],
    comparisons: [
      ...comparisons,
      ...comparisons.map((one) => ({ ...one, candidate: second(one.candidate), baseline: second(one.baseline) })),
    ],
  };
  const image = await drawn(both);
  const { svg, alt } = image;
  expect(marks(image)).toHaveLength(6);
  expect(alt).toContain('cluster · per request beside single · per request 1.98× (+93% to +103%)');
  expect(svg).toContain('Each beside the single that uses its connections in the same way.');
});

test('with several versions of Node.js, each model is set beside the single on the same one', async () => {
  const { cells, comparisons } = scenario('cpu');
  const on = (version: string) => {
    const named = (id: string) => `${id}@${version}`;
    return {
      cells: cells.map((one) => ({ ...one, id: named(one.id), model: named(one.model) })),
      comparisons: comparisons.map((one) => ({
        ...one,
        candidate: named(one.candidate),
        baseline: named(one.baseline),
      })),
    };
  };
  const [old, young] = [on('22.1.0'), on('24.1.0')];
  const { svg, alt } = await drawn({
    ...scenario('cpu'),
    cells: [...old.cells, ...young.cells],
    comparisons: [...old.comparisons, ...young.comparisons],
  });
  expect(alt).toContain('cluster@24.1.0 beside single@24.1.0 1.98×');
  expect(svg).toContain('Each beside the single on the same Node.js.');
});

test('of several runs, each model is set beside the single that it was compared with', async () => {
  const { cells, comparisons } = scenario('cpu');
  const named = (run: string) => (id: string) => `${id}#${run}`;
  const runs = ['before', 'after'].map((run) => ({
    cells: cells.map((one) => ({ ...one, id: named(run)(one.id), run })),
    comparisons: comparisons.map((one) => ({
      ...one,
      candidate: named(run)(one.candidate),
      baseline: named(run)(one.baseline),
    })),
  }));
  const { alt } = await drawn({
    ...scenario('cpu'),
    cells: runs.flatMap((run) => run.cells),
    comparisons: runs.flatMap((run) => run.comparisons),
  });
  expect(alt).toContain('cluster · before beside single · before 1.98× (+93% to +103%)');
  expect(alt).toContain('cluster · after beside single · after 1.98× (+93% to +103%)');
});

test('runs that were judged by different margins have no band', () => {
  const runs = [0.03, 0.05].map((margin) => ({ label: `with ${margin}`, of: { ...summary, margin } }));
  const together = { ...summary, runs };
  const drawing = ratio.draw({ scenario: scenario('cpu'), summary: together });
  expect(JSON.stringify(drawing)).toContain('Margin: up to ±3% (with 0.03), ±5% (with 0.05)');
  expect(JSON.stringify(drawing)).not.toContain('"rect"');
  expect(JSON.stringify(ratio.draw({ scenario: scenario('cpu'), summary }))).toContain('"rect"');
});

test('without single the first model is the baseline, and the image says so', async () => {
  const { svg } = await drawn({ ...scenario('cpu'), cells: scenario('cpu').cells.slice(1) });
  expect(svg).toContain('requests per second as a multiple of those of cluster, more is better');
  expect(svg).toContain('No single here to compare with: the baseline is cluster, the first model.');
});

test('is left out with the reason when no pair has a ratio', () => {
  const few = 'fewer than 3 rounds in which both were valid';
  const comparisons = ['a', 'b'].map((model) => beside(model, 'inconclusive', null, { reason: few }));
  expect(reasonOf(among(['a', 'b'], ...comparisons))).toBe(`no model has a ratio to single: ${few}`);
  expect(reasonOf(scenario('io'))).toMatch(
    /^no model has a ratio to single: not the server's limit: .*no valid figures/u,
  );
  expect(reasonOf(among([]))).toBe('there is nothing to compare with single');
  expect(reasonOf(among(['a']))).toBe('no model has a ratio to single: not compared');
});

test('eight models with ratios far apart and long names can be drawn', async () => {
  const long = 'a-model-whose-name-is-longer-than-any-label';
  const models = ['cluster', 'fork-pool', 'worker-threads', 'piscina', long, 'm6', 'm7', 'm8'];
  const points = [0.001, 1000, 1, 0.97, 3.3, 1e-7, 1e7, 2];
  const comparisons = models.map((model, i) => beside(model, 'better', points[i] ?? 1));
  expect(marks(await drawn(among(models, ...comparisons)))).toHaveLength(8);
});

test('hostile text is drawn as text', async () => {
  const hostile = comparison('x', [HOSTILE, 'single'], ['inconclusive', 1], { reason: HOSTILE });
  const { svg } = await drawn(among([HOSTILE], hostile));
  expect(svg).not.toMatch(/<(?:img|script|\/script)/u);
  expect(svg).not.toContain('\u001b');
});

test.each([
  [[0.97, 1.03], 446],
  [[0.5, 2.1], 446],
  [[0.3, 3.7], 236],
  [[0.01, 100], 446],
  [[1e-9, 1e9], 236],
] as const)('ticks of %j are few, rise, and 1 is among them', (domain, width) => {
  const ticks = ratioTicks(domain, width);
  expect(ticks).toContain(1);
  expect(ticks.length).toBeGreaterThan(1);
  expect(ticks.length).toBeLessThan(12);
  expect(ticks).toEqual(ticks.toSorted((a, b) => a - b));
});
