/** A run as it is recorded: what is added to the plan comes before its trials, and everything goes on from a record. */
import { describe, expect, test } from 'vitest';
import { fakeMeasuring } from '../fixtures/fake-measuring.ts';
import { cellOf, manifestOf, noRates, planOf } from '../fixtures/run.ts';
import { serversOf } from '../judge/fixtures/simulated-run.ts';
import type { Outlook } from '../plan/outlook.ts';
import { parseSlo } from '../plan/slo.ts';
import { seedFrom } from '../stats/arrivals.ts';
import type { Addition, Trial } from '../store/schema.ts';
import { loadScenario } from './load-scenario.ts';
import { measureAll, type Recorded } from './run.ts';
import type { TrialRequest } from './trial.ts';

const manifest = manifestOf({
  seed: 3,
  rounds: 2,
  cells: [cellOf('single'), cellOf('cluster')],
  scenarios: [planOf({ rates: [{ kind: 'share', share: 0.5 }] })],
  latency: { ...noRates, rounds: 2, measureMs: 700, slo: parseSlo('p99=100ms') },
});
const servers = serversOf({ seed: 9, capacityPerSec: { single: 300, cluster: 550 }, fails: () => 0.1 });
const hello = await loadScenario('hello');
const prepared = {
  manifest,
  loaded: new Map([['hello', hello]]),
  expected: new Map([['hello', new Map()]]),
};

/** Everything that was recorded and asked for, from a record on. */
async function measured(done: Recorded = { additions: [], trials: [] }) {
  const lines: (Addition | Trial)[] = [];
  const requests: TrialRequest[] = [];
  const outlooks: Outlook[] = [];
  const measuring = fakeMeasuring(servers);
  await measureAll(
    {
      ...measuring,
      runTrial: async (request, signal) => {
        requests.push(request);
        return measuring.runTrial(request, signal);
      },
    },
    prepared,
    done,
    (line) => void lines.push(line),
    {
      preparing: () => {},
      planned: (left) => void outlooks.push(left),
      trialBegins: () => {},
      trialEnded: (_, left) => void outlooks.push(left),
    },
    new AbortController().signal,
  );
  return { lines, requests, outlooks };
}
const whole = await measured();
/** What a file of these lines holds. */
const recorded = (lines: readonly (Addition | Trial)[]): Recorded => ({
  additions: lines.flatMap((line) => (line.type === 'addition' ? [line] : [])),
  trials: lines.flatMap((line) => (line.type === 'trial' ? [line] : [])),
});

test('an addition is recorded before the first trial of its cells', () => {
  const known = new Set(manifest.cells.map(({ id }) => id));
  for (const line of whole.lines) {
    if (line.type === 'trial') expect(known).toContain(line.cell);
    else for (const { id } of line.cells) known.add(id);
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
  expect({ lines, outlooks }).toEqual({ lines: [], outlooks: [{ trials: 0, ms: 0 }] });
});

test('what is left ends at nothing', () => {
  expect(whole.outlooks.at(-1)).toEqual({ trials: 0, ms: 0 });
  expect(whole.outlooks.slice(0, -1).every(({ trials, ms }) => trials > 0 && ms > 0)).toBe(true);
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
