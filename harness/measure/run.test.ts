/** A run as it is recorded: what is added to the plan comes before its trials, and everything goes on from a record. */
import { describe, expect, test } from 'vitest';
import { fakeMeasuring } from '../fixtures/fake-measuring.ts';
import { moduleHere } from '../fixtures/module-here.ts';
import { cellOf, failedTrial, manifestOf, noRates, okTrial, planOf } from '../fixtures/run.ts';
import { serversOf } from '../judge/fixtures/simulated-run.ts';
import type { Standing } from '../judge/next/settling.ts';
import { parseSlo } from '../plan/options/slo.ts';
import type { Outlook } from '../plan/schedule/outlook.ts';
import type { AnyTrial } from '../plan/schedule/remaining.ts';
import { seedFrom } from '../stats/arrivals.ts';
import type { Addition, Recalibration } from '../store/schema.ts';
import { measureAll, type Recorded } from './run.ts';
import { loadScenario } from './scenario/load.ts';
import type { TrialRequest } from './trial/request.ts';

const manifest = manifestOf({
  seed: 3,
  rounds: 2,
  cells: [cellOf('single'), cellOf('cluster')],
  scenarios: [planOf({ rates: [{ kind: 'share', share: 0.5 }] })],
  latency: { ...noRates, rounds: 2, measureMs: 700, slo: parseSlo('p99=100ms') },
});
const servers = serversOf({ seed: 9, capacityPerSec: { single: 300, cluster: 550 }, fails: () => 0.1 });
const hello = await loadScenario(moduleHere, 'hello', new AbortController().signal);
const prepared = {
  manifest,
  loaded: new Map([['hello', hello]]),
  expected: new Map([['hello', new Map()]]),
};

type Line = Addition | Recalibration | AnyTrial;

/** Everything that was recorded, asked for and told, from a record on. */
async function measured(done: Recorded = { additions: [], trials: [] }, of = prepared) {
  const lines: Line[] = [];
  const requests: TrialRequest[] = [];
  const outlooks: Outlook[] = [];
  const told: (string | Standing)[] = [];
  const measuring = fakeMeasuring(servers);
  await measureAll(
    {
      ...measuring,
      runTrial: async (request, signal) => {
        requests.push(request);
        return measuring.runTrial(request, signal);
      },
    },
    of,
    done,
    (line) => void lines.push(line),
    {
      preparing: () => {},
      told: () => {},
      planned: (left) => void outlooks.push(left),
      looked: (standing, more) => void told.push(standing, `${more.length} added`),
      trialBegins: () => {},
      trialEnded: (trial, left) => {
        told.push(`${trial.cell} ${trial.round}`);
        outlooks.push(left);
      },
    },
    new AbortController().signal,
  );
  return { lines, requests, outlooks, told };
}
const whole = await measured();
/** What a file of these lines holds. */
const recorded = (lines: readonly Line[]): Recorded => ({
  additions: lines.flatMap((line) => (line.type === 'addition' ? [line] : [])),
  trials: lines.flatMap((line) => (line.type === 'trial' ? [line] : [])),
});

test('an addition is recorded before the first trial of its cells', () => {
  const known = new Set(manifest.cells.map(({ id }) => id));
  for (const line of whole.lines) {
    if (line.type === 'trial') expect(known).toContain(line.cell);
    if (line.type === 'addition') for (const { id } of line.cells) known.add(id);
  }
  expect(whole.lines.filter(({ type }) => type === 'addition').length).toBeGreaterThan(5);
});

test('from every trial on, what follows is what would have followed', async () => {
  for (const [i, line] of whole.lines.entries()) {
    if (line.type !== 'trial') continue;
    const { lines } = await measured(recorded(whole.lines.slice(0, i + 1)));
    expect(lines, `after line ${i}`).toEqual(whole.lines.slice(i + 1));
  }
});

test('a complete run is not gone on with', async () => {
  const { lines, outlooks } = await measured(recorded(whole.lines));
  expect({ lines, outlooks }).toEqual({ lines: [], outlooks: [{ trials: 0, ms: 0, budgetMs: 0 }] });
});

test('what is left ends at nothing', () => {
  expect(whole.outlooks.at(-1)).toEqual({ trials: 0, ms: 0, budgetMs: 0 });
  expect(whole.outlooks.slice(0, -1).every(({ trials, ms }) => trials > 0 && ms > 0)).toBe(true);
});

describe('with a budget', () => {
  const budgeted = { ...prepared, manifest: { ...manifest, budgetMs: 3_600_000 } };

  test('what is settled is told after the trial that told it, and the rounds that are added because of it', async () => {
    const { told, lines } = await measured({ additions: [], trials: [] }, budgeted);
    const looks = told.flatMap((one, i) =>
      typeof one === 'string' ? [] : [{ before: told[i - 1], of: one.of, more: told[i + 1] }],
    );
    expect(looks.length).toBeGreaterThan(1);
    // Two rounds are one too few for the first look.
    expect(looks[0]).toEqual({ before: expect.stringMatching(/^hello.* 1$/), of: 1, more: '1 added' });
    expect(looks.at(-1)).toMatchObject({ of: 1, more: '0 added' });
    expect(lines.some((line) => line.type === 'addition' && line.why.kind === 'unsettled')).toBe(true);
  });

  test('of a run that is complete but for its rates, it is told at once', async () => {
    const { lines } = await measured({ additions: [], trials: [] }, budgeted);
    const capacity = lines.slice(
      0,
      lines.findIndex((line) => line.type === 'addition' && line.why.kind !== 'unsettled'),
    );
    const { told } = await measured(recorded(capacity), budgeted);
    expect(told[0]).toMatchObject({ settled: 1, hopeless: 0, of: 1 });
  });

  test('nothing is told of verdicts where the number of rounds was given', () => {
    expect(whole.told.every((one) => typeof one === 'string')).toBe(true);
  });
});

describe('what is asked of a trial', () => {
  test('is a window of the plan in a closed loop, and of the cell in an open one', () => {
    for (const { cell, measureMs } of whole.requests) {
      expect(measureMs).toBe(cell.load.kind === 'rate' ? 700 : 1000);
    }
  });

  test('is a seed of the round and the rate: every model meets the same requests at the same moments', () => {
    for (const { seed, round, cell } of whole.requests) {
      expect(seed).toBe(seedFrom(3, 'hello', round, cell.load.kind === 'rate' ? cell.load.requestsPerSec : 0));
    }
  });

  test('is that errors are counted in a search, and nowhere else', () => {
    for (const { cell } of whole.requests) {
      if (cell.load.kind === 'rate') expect(cell.load.countErrors).toBe(cell.id.endsWith('/slo'));
    }
  });
});

describe('a trial that does not count although nothing is wrong with its cell', () => {
  const limit = { kind: 'cpu', requestsPerSec: 200, cpus: 2, kernelCpuMs: 10 } as const;
  const calibration = { kernelCpuMs: 10, samples: 9, cpus: 2 };
  const plan = planOf({ iterations: 77, calibration, limit });
  const cells = [cellOf('single'), cellOf('cluster')];
  const capacity = { ...prepared, manifest: manifestOf({ rounds: 6, cells, scenarios: [plan] }) };
  /** Fails for this reason whenever it may. */
  const run = async (kind: 'disturbed' | 'calibration', tries: (nth: number) => boolean) => {
    const requests: TrialRequest[] = [];
    const lines: Line[] = [];
    const sizes: (number | null)[] = [];
    const measuring = fakeMeasuring();
    const silent = { planned: () => {}, looked: () => {}, trialBegins: () => {}, trialEnded: () => {} };
    await measureAll(
      {
        ...measuring,
        calibrate: async (_, { iterations }) => {
          sizes.push(iterations);
          return { iterations: iterations ?? 1, calibration: { kernelCpuMs: 8, samples: 9, cpus: 2 } };
        },
        runTrial: async (request) => {
          requests.push(request);
          const { cell, round, attempt, repeatedFor } = request;
          const fails = repeatedFor.includes(kind) && tries(requests.length);
          return { ...(fails ? failedTrial(cell, round, kind) : okTrial(cell, round)), attempt };
        },
      },
      capacity,
      { additions: [], trials: [] },
      (line) => void lines.push(line),
      { preparing: () => {}, told: () => {}, ...silent },
      new AbortController().signal,
    );
    return { requests, lines, sizes };
  };

  test('comes again at once when others disturbed it, and its last try counts', async () => {
    const { requests } = await run('disturbed', (nth) => nth <= 2);
    const [first, second, third, fourth] = requests.map(({ cell, attempt }) => `${cell.id} ${attempt}`);
    expect([second, third]).toEqual([first?.replace('0', '1'), first?.replace('0', '2')]);
    expect(fourth).not.toBe(third);
  });

  test('is not repeated for ever on a machine that is never quiet', async () => {
    const { requests } = await run('disturbed', () => true);
    expect(requests.length).toBeGreaterThan(12);
    expect(requests.length).toBeLessThan(2 * 12);
  });

  test('has its work timed again, of which there is as much as before, and is held against the new limit', async () => {
    const { requests, lines, sizes } = await run('calibration', (nth) => nth === 1);
    expect(sizes).toEqual([77]);
    expect(lines[1]).toMatchObject({ type: 'calibration', scenario: 'hello', calibration: { kernelCpuMs: 8 } });
    expect(requests.slice(0, 2).map((request) => request.plan.calibration?.kernelCpuMs)).toEqual([10, 8]);
  });
});
