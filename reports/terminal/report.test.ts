import { stripVTControlCharacters } from 'node:util';
import { mixed } from '../fixtures/mixed.ts';
import { describe, expect, test } from 'vitest';
import type { ScenarioSummary, Summary } from '../../harness/judge/schema/summary.ts';
import { cell, comparison, estimated, givenUpCell } from '../fixtures/build.ts';
import { hostileLatencySummary, latencySummary, withLatency } from '../fixtures/latency-summary.ts';
import { summary } from '../fixtures/summary.ts';
import { sweep } from '../fixtures/sweep.ts';
import { AFTER, BEFORE } from '../fixtures/two-runs.ts';
import {
  hostileSummary,
  isolatedSummary,
  resultWith,
  scenario,
  scenarioOf,
  summaryOf,
  untoldSummary,
} from '../fixtures/variants.ts';
import { sideBySide } from '../side-by-side/summary.ts';
import type { Several } from '../words/runs.ts';
import { textReport } from './report.ts';

const ESCAPE = '\u001b';
const WIDTHS = [40, 53, 64, 65, 80, 99, 200] as const;

/** Without tables, in 80 columns. */
const brief = (of: Several<Summary>): string => textReport(of, { colour: false });
const detailed = (of: Several<Summary>, width = 100): string => textReport(of, { colour: false, width, detail: true });

function longest(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}

/** What is long, odd or absent in many ways. */
function odd(): Summary {
  const requestsPerSec = estimated([1_263_412, 1_163_412, 1_363_412]);
  const wide = resultWith({
    workerShares: [0.25, 0.25, 0.25, 0.25],
    requestsPerSec,
    limitedBy: { by: 'connections', evidence: '' },
    impliedCapacity: { requestsPerSec, boundBy: 'cpus' },
    shareOfLimit: 0.98,
  });
  const many = { ...cell('a', 'a-model-with-quite-a-long-name', wide), trialsOk: 10, trialsFailed: 10 };
  const lost = givenUpCell('a', 'cluster', 'reason '.repeat(40));
  const unable = { ...givenUpCell('a', 'x', 'it cannot'), unable: true };
  const comparisons = [comparison('a', ['x', 'y'], ['invalid', null], { hint: 'hint '.repeat(40) })];
  const base = scenarioOf(many, lost, unable, cell('a', 'single', null));
  return summaryOf({ ...base, comparisons, sentence: 'word '.repeat(60), name: 'a-name-of-many-words' });
}

const SUMMARIES: readonly (readonly [string, () => Several<Summary>])[] = [
  ['the fixture', () => summary],
  ['one with rates', () => latencySummary],
  ['a sweep and a search', () => summaryOf(sweep)],
  ['two runs', () => sideBySide([BEFORE, AFTER]).summary],
  ['an odd one', odd],
  ['CPUs apart', isolatedSummary],
  ['little known', untoldSummary],
];
const HOSTILE: typeof SUMMARIES = [
  ['a hostile one', hostileSummary],
  ['a hostile one with rates', hostileLatencySummary],
];

test('the report of the fixture', async () => {
  await expect(brief(summary)).toMatchFileSnapshot('../fixtures/report.txt');
});

test('the report of the fixture in detail', async () => {
  await expect(detailed(summary, 80)).toMatchFileSnapshot('../fixtures/report-detail.txt');
});

test('a quick run of three scenarios is at most 50 lines, with all warnings', () => {
  expect(brief(summary).trimEnd().split('\n').length).toBeLessThanOrEqual(50);
});

test('the answer over all scenarios comes first, in bold, and of several runs that of each', () => {
  const [first = ''] = textReport(summary, { colour: true, width: 200 }).split('\n');
  expect(first).toMatch(/^.\[1mTake worker-threads for 10 ms of CPU per request \(.*\)\. Not decided: .*\..\[22m$/u);
  const lines = textReport(sideBySide([BEFORE, AFTER]).summary, { colour: false, width: 200 }).split('\n');
  expect(lines.slice(0, 3)).toEqual([
    expect.stringMatching(/^before: Take worker-threads for /u),
    expect.stringMatching(/^after: Take worker-threads for /u),
    '',
  ]);
});

test.each(HOSTILE)('of %s every line fits, and nothing is lost at any width', (_, of) => {
  const one = of();
  const letters = WIDTHS.map((width) => {
    const text = textReport(one, { colour: false, width });
    expect(longest(text)).toBeLessThanOrEqual(width);
    return lettersOf(wordsOf(text));
  });
  expect(new Set(letters).size).toBe(1);
});

test.each([...SUMMARIES, ...HOSTILE])('of %s colours change no text, and no text commands the terminal', (_, of) => {
  const one = of();
  for (const width of [40, 80]) {
    const coloured = textReport(one, { colour: true, width, detail: true });
    const plain = detailed(one, width);
    expect(coloured).toContain(ESCAPE);
    expect(plain).not.toContain(ESCAPE);
    expect(stripVTControlCharacters(coloured).replace(/ +$/gmu, '')).toBe(plain);
  }
});

test.each(SUMMARIES)('of %s no word is broken at any width, and every line fits', (_, of) => {
  const one = of();
  const wide = wordsOf(textReport(one, { colour: false, width: 200 })).toSorted();
  for (let width = 40; width <= 200; width += width < 100 ? 3 : 20) {
    const text = textReport(one, { colour: false, width });
    expect(longest(text)).toBeLessThanOrEqual(width);
    expect(wordsOf(text).toSorted()).toEqual(wide);
  }
});

test.each(SUMMARIES)('of %s tables fit as well, from 60 columns on', (_, of) => {
  const one = of();
  for (const width of [61, 80, 160]) expect(longest(detailed(one, width))).toBeLessThanOrEqual(width);
});

/** What is written, but for bars, rules and what only stands between two things. */
function wordsOf(text: string): string[] {
  return text.split(/\s+/u).filter((word) => !/^[▏▎▍▌▋▊▉█─·]*$/u.test(word));
}

/** Words that are longer than a narrow terminal have to be broken: then their letters are all there. */
function lettersOf(words: readonly string[]): string {
  return [...words.join('')].toSorted().join('');
}

describe('bars', () => {
  const rows = (text: string): string[] => text.split('\n').filter((line) => line.includes('█'));

  test('are sorted by value, the best first, and as long as their figures', () => {
    const cpu = rows(brief(summaryOf(scenario('cpu'))));
    expect(cpu.map((line) => line.trim().split(/\s+/u).slice(0, 2))).toEqual([
      ['worker-threads', '196/s'],
      ['fork-pool', '196/s'],
      ['cluster', '195/s'],
      ['single', '98.7/s'],
    ]);
    const lengths = cpu.map((line) => line.replace(/[^▏▎▍▌▋▊▉█]/gu, '').length);
    expect((lengths[3] ?? 0) / (lengths[0] ?? 1)).toBeCloseTo(98.7 / 196, 1);
    expect(cpu[0]).toMatch(/ 2\.0× single +89 MiB +p99 339 ms$/u);
  });

  test('are of CPU per request, the least first, where requests per second do not compare the servers', () => {
    const text = brief(summaryOf(scenario('io')));
    expect(text).toContain('requests/s do not compare the servers, so bars are CPU per request\n');
    expect(rows(text)[0]).toMatch(/^ {2}single +112 µs /u);
    expect(text).not.toContain('3,041/s');
  });

  test('at a rate that all were offered are of what was measured there', () => {
    const io = latencySummary.scenarios.find(({ name }) => name === 'io');
    const text = textReport(summaryOf(...(io === undefined ? [] : [io])), { colour: false, width: 200 });
    expect(text).toContain('bars are CPU per request at 1,490 requests/s each\n');
    expect(rows(text)[0]).toMatch(/^ {2}single +118 µs .* p99 23\.9 ms$/u);
  });

  test('of what something else held back are set apart, and have no ratio', () => {
    const held = cell('a', 'fork-pool', resultWith({ limitedBy: { by: 'generator', evidence: '' } }));
    const own = ['single', 'cluster'].map((model, i) =>
      cell('a', model, resultWith({ requestsPerSec: estimated([500 + i, 499, 502]) })),
    );
    expect(brief(summaryOf(scenarioOf(...own, held)))).toMatch(/^ {2}fork-pool .* not ranked +90 MiB/mu);
  });

  test('without a single process are compared with the slowest', () => {
    const cells = scenario('cpu').cells.filter(({ model }) => model !== 'single');
    expect(brief(summaryOf(scenarioOf(...cells)))).toMatch(/^ {2}cluster .* 1× /mu);
  });

  test('are left out for cells without a result, which say why', () => {
    const cells = scenario('cpu').cells.map(({ model }) => cell('cpu', model, null));
    expect(brief(summaryOf(scenarioOf(...cells))).match(/failed \(5 of 5 trials\)/gu)).toHaveLength(4);
  });
});

test('conditions of all scenarios are said once, and those of one beside its name', () => {
  const text = brief(summary);
  expect(text.match(/2 workers/gu)).toHaveLength(1);
  expect(text).toMatch(/^io ms=20 · 20 ms of waiting per request .*\n3–5 trials per model$/mu);
});

test('an incomplete run says so', () => {
  expect(brief({ ...summary, complete: false })).toContain('not complete');
});

describe('warnings', () => {
  const warned = (...warnings: readonly (readonly [message: string, nextStep: string])[]): string =>
    brief({
      ...summaryOf({ ...scenario('cpu'), comparisons: [] }),
      failures: [],
      warnings: warnings.map(([message, nextStep]) => ({ code: 'unsteady', message, nextStep })),
    });

  test('of several cells in the same words are one', () => {
    const text = warned(['cpu/single: it was late', 'wait'], ['cpu/cluster: it was late', 'wait']);
    expect(text).toContain('warning: cpu/single and cpu/cluster: it was late → wait\n');
  });

  test('with the same way out stand together, and it is said once', () => {
    const text = warned(['cpu/single: it was late', 'wait'], ['the machine was busy', 'wait']);
    expect(text.match(/warning: /gu)).toHaveLength(1);
    expect(text).toContain('cpu/single: it was late; the machine was busy → wait\n');
  });

  test('have hints of pairs beside them, once and with the scenario', () => {
    expect(brief(summary).match(/^hint: hello: give --generators 2$/gmu)).toHaveLength(1);
  });
});

test('failed trials are listed but for cells that were given up, whose rows say why; in detail all are', () => {
  const failures = summary.failures.map((one) => ({ ...one, cell: 'cpu/cluster' }));
  expect(brief({ ...summary, failures })).toContain('  cpu/cluster: 3 failed trials');
  expect(brief(summary)).not.toContain('io/fork-pool: 3 failed trials');
  expect(detailed(summary)).toContain('  io/fork-pool: 3 failed trials');
});

test('the answer of a search has every rate that is known, and a sentence', () => {
  const text = brief(summaryOf(sweep));
  expect(text).toMatch(/^ {2}fork-pool +≥176\/s .* met at the highest rate tried$/mu);
  expect(text).toMatch(/^ {2}worker-threads +≥79\/s .* met, more cannot be told$/mu);
  expect(text).toMatch(/^fork-pool at least 176\/s, the highest rate tried; cluster sustains about 143\/s/mu);
});

test('the answer of a sweep has the highest rate at which each kept up, and where its latency rose', () => {
  const text = brief(summaryOf(sweep));
  expect(text).toMatch(/^ {2}single +96\/s .* behind at 104\/s +p99 ×2 at 59\/s$/mu);
  expect(brief(latencySummaryWithout())).not.toContain('sweep');
});

/** Rates that all were offered are no sweep. */
function latencySummaryWithout(): Summary {
  return summaryOf(withLatency(sweep, { sweep: [], slo: null }));
}

describe('in detail', () => {
  test('columns that do not fit stand in a table below', () => {
    const text = detailed(summaryOf(scenario('cpu')), 60);
    expect(text).toMatch(/^model +requests\/s .*\n[\s\S]*^model +.*PSS/mu);
  });

  test('a reason is cut off where the figures of the other rows end', () => {
    const cells = [cell('a', 'single', resultWith({})), givenUpCell('a', 'cluster', 'reason '.repeat(40))];
    const lines = detailed(summaryOf({ ...scenarioOf(...cells), comparisons: [] })).split('\n');
    const rule = lines.find((line) => line.startsWith('─')) ?? '';
    const row = lines.find((line) => line.startsWith('cluster')) ?? '';
    expect(row).toMatch(/^cluster +given up after 3 failed trials: reason .*…$/u);
    expect(row).toHaveLength(rule.length);
  });

  test('pairs, costs and intervals are shown, and how to read them is said once', () => {
    expect(brief(summary)).not.toMatch(/Model against model| vs |start-up|95% interval/u);
    const text = detailed(summary);
    expect(text.match(/^fork-pool vs cluster /gmu)).toHaveLength(3);
    expect(text.match(/^Model against model: /gmu)).toHaveLength(1);
    expect(text.match(/^What it cost$/gmu)).toHaveLength(3);
    expect(text).toContain('95% interval');
    const alone = summaryOf({ ...scenario('cpu'), comparisons: [] });
    expect(detailed(alone)).not.toMatch(/Model against model| vs /u);
  });

  test('what is derived is dimmed beside what was measured', () => {
    const coloured = textReport(summary, { colour: true, detail: true, width: 100 });
    expect(coloured).toContain(`${ESCAPE}[2m≈40,600${ESCAPE}[22m`);
    expect(coloured).not.toContain(`${ESCAPE}[2m40,180`);
  });

  test('a range among intervals is explained, and only then', () => {
    const twice = cell('a', 'single', resultWith({ requestsPerSec: estimated([196, 195, 197], 2) }));
    const often = cell('a', 'cluster', resultWith({}));
    const report = (...cells: ScenarioSummary['cells']) => detailed(summaryOf(scenarioOf(...cells)));
    expect(report(twice, often)).toMatch(/ \(195–197\) [\s\S]*^In brackets: lowest to highest trial/mu);
    for (const cells of [[twice], [often]]) expect(report(...cells)).not.toContain('In brackets');
  });

  test('an outlier is named below the sentence', () => {
    expect(detailed(summary)).toMatch(
      /and is simpler\.\n\nsingle: round 3 is an outlier \(81\.2\/s\) and is down-weighted\n/u,
    );
  });

  test('says what ≈ means, and only where it is shown', () => {
    const note = '≈ is derived, not measured';
    expect(detailed(summary)).toContain(note);
    expect(brief(summary)).not.toContain(note);
  });

  test('latency at given rates', async () => {
    await expect(detailed(latencySummary)).toMatchFileSnapshot('../fixtures/latency.txt');
  });

  test('says what it means to fall behind, and only where that happened', () => {
    const cells = sweep.latency?.cells.filter(({ result }) => result?.keptUp === false) ?? [];
    const common = [{ offeredPerSec: 104, share: null, sentence: '', cells: cells.map(({ id }) => id) }];
    expect(detailed(summaryOf(withLatency(sweep, { common })))).toMatch(
      /fell behind[\s\S]*Fell behind: the server served less/u,
    );
    expect(detailed(summaryOf(sweep))).not.toContain('Fell behind');
  });

  test('a name in two lines and every percentile fit beside each other', () => {
    expect(detailed(latencySummary)).toMatch(/^· per request +4\.32–4\.52 .* not ranked$/mu);
  });
});

test('an answer names the tail that it costs, and none that no other is shown to have a shorter one than', () => {
  const taking = (model: string) => {
    const take = `mixed/${model}`;
    const decision = { take, metric: 'throughput', offeredPerSec: null, among: [take], why: 'only' } as const;
    return textReport(summaryOf({ ...mixed, decision }), { colour: false }).replace(/\s+/gu, ' ');
  };
  expect(taking('cluster')).toContain('p99 of light requests at 128/s is 142 ms, with worker-threads 10.1 ms');
  expect(taking('worker-threads')).not.toContain('p99 of light requests at 128/s is');
});
