/** `fourways ab` on a machine that does not exist: latency at a rate that both sides are offered. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../fixtures/command.ts';
import { fakeMeasuring } from '../fixtures/fake-measuring.ts';
import { measurementOf, openMeasurementOf, serverOf } from '../fixtures/measurement.ts';
import { failedTrial, okTrial } from '../fixtures/run.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import type { Measuring } from '../measure/measuring.ts';
import type { TrialRequest } from '../measure/trial/request.ts';
import { randomStream } from '../stats/random.ts';
import { readRun } from '../store/read-run.ts';
import type { Trial } from '../store/schema.ts';

const SCENARIO = `export default { summary: 's', question: 'q', parameters: {},
  requests: () => [{ name: 'x', weight: 1, method: 'GET', path: '/' }],
  createHandler: () => () => ({ status: 200, headers: {}, body: 'x' }), verify: () => undefined };`;

function checkouts(way: '--duet' | '--duet=false' = '--duet') {
  const root = temporaryFolder();
  const [base, head, out] = [join(root, 'before'), join(root, 'after'), join(root, 'out')];
  for (const folder of [base, head]) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'work.js'), SCENARIO);
  }
  const runOf = (side: string) => readRun(join(out, side, 'run.ndjson'), { salvage: false });
  return { runOf, args: ['ab', base, head, '-s', './work.js', '--seed', '1', way, '--out', out] };
}

interface Head {
  /** Times the CPU of base. */
  readonly cpu?: number;
  /** Added to each request at a rate. */
  readonly waitMs?: number;
  /** Whether this trial of it fails. */
  readonly fails?: (request: TrialRequest) => boolean;
}

/** 1 ms of CPU per request, on one CPU that both sides share in a duet. */
function machine({ cpu = 1, waitMs = 0, fails = () => false }: Head) {
  const random = randomStream(4);
  const requests: TrialRequest[] = [];
  const trialOf = (request: TrialRequest): Trial => {
    const { cell, round, attempt, barrier, measureMs } = request;
    const isHead = /after/.test(request.loaded.url);
    if (isHead && fails(request)) return failedTrial(cell, round, 'timeout', attempt);
    const noise = 1 + 0.01 * (random() - 0.5);
    const cpuMsPerRequest = noise * (isHead ? cpu : 1);
    if (cell.load.kind === 'rate') {
      const count = Math.round((cell.load.requestsPerSec * measureMs) / 1000);
      const latencies = Array.from({ length: count }, (_, i) => noise * (2 + i / count) + (isHead ? waitMs : 0));
      return okTrial(cell, round, openMeasurementOf(latencies, {}, { windowMs: measureMs }), attempt);
    }
    const cpuMs = barrier === undefined ? 1000 : 500;
    const requestsPerSec = cpuMs / cpuMsPerRequest;
    const figures = { requestsPerSec, server: serverOf({ cpuMs, cpuMsPerRequest }), machine: IDLE, serverCpus: NONE };
    return okTrial(cell, round, measurementOf(figures), attempt);
  };
  const measuring = (): Measuring => ({
    ...fakeMeasuring(),
    runTrial: async (request) => {
      requests.push(request);
      return trialOf(request);
    },
  });
  return { requests, measuring };
}

const IDLE = { cpus: 4, idle: 0, steal: 0 };
const NONE = { cpus: 1, idle: 0, steal: 0 };
const atRates = (trials: readonly Trial[]) => trials.filter(({ cell }) => cell.includes('@'));

test('both sides are offered half of what the slower one carries alone, on one schedule, one after the other', async () => {
  const { args, runOf } = checkouts();
  const { measuring, requests } = machine({ cpu: 1.02 });
  const ran = await run([...args, '--format', 'json'], { measuring });
  const { additions, trials } = runOf('head');
  const [first] = additions.filter(({ why }) => why.kind === 'common');
  expect(first).toMatchObject({
    why: { kind: 'common', basis: { cell: 'work/single', side: 'head', ranked: true } },
    rounds: [0, 1, 2, 3, 4],
  });
  const [cell] = first?.cells ?? [];
  // A duet gives each side half of the CPU: each serves some 490 a second there, and 980 alone.
  expect(cell?.load).toMatchObject({ kind: 'rate', requestsPerSec: expect.closeTo(490, -1) });
  expect(runOf('base').additions).toEqual(additions);
  expect(atRates(trials).length).toBeGreaterThanOrEqual(5);
  const rated = requests.filter((request) => request.cell.load.kind === 'rate');
  expect(rated.every(({ barrier }) => barrier === undefined)).toBe(true);
  for (let i = 0; i < rated.length; i += 2) expect(rated[i]?.seed).toBe(rated[i + 1]?.seed);
  expect(new Set(rated.map(({ seed }) => seed)).size).toBe(rated.length / 2);
  const { cells } = JSON.parse(ran.out);
  const judged = cells.find(({ id }: { id: string }) => id === cell?.id);
  expect(judged.comparisons.map(({ metric }: { metric: string }) => metric)).toContain('latency-p99');
});

test('what every request waits is worse, although a closed loop does not see it', async () => {
  const { args } = checkouts();
  const ran = await run(args, { measuring: machine({ waitMs: 1 }).measuring });
  expect(ran.code, ran.err).toBe(1);
  expect(ran.out).toContain('p50 latency');
});

test('what is worse already is not offered a rate', async () => {
  const { args, runOf } = checkouts();
  const ran = await run(args, { measuring: machine({ cpu: 1.2 }).measuring });
  expect(ran.code).toBe(1);
  expect(atRates(runOf('head').trials)).toEqual([]);
});

test('a budget that has no room for five rounds of it has none at all, and that is said', async () => {
  const { args, runOf } = checkouts();
  const ran = await run([...args, '--budget', '20s'], { measuring: machine({}).measuring });
  expect(ran.err).toMatch(
    /latency at a rate is not measured: 5 rounds of it take \d+ s more, which --budget has no room/,
  );
  expect(atRates(runOf('head').trials)).toEqual([]);
});

test('--rounds are rounds of both, a number is the rate itself, and none is none', async () => {
  const asked = async (...flags: readonly string[]) => {
    const { args, runOf } = checkouts('--duet=false');
    expect((await run([...args, '--rounds', '4', ...flags], { measuring: machine({}).measuring })).code).toBe(0);
    return runOf('base').trials.map(({ cell }) => cell);
  };
  expect(await asked('--rate', '200')).toEqual([...Array(4).fill('work/single'), ...Array(4).fill('work/single@200')]);
  expect(await asked('--rate', 'none')).toHaveLength(4);
});

test('a head that fails now and then is measured until it has failed twice: exit code 3', async () => {
  const { args, runOf } = checkouts();
  const isAt = ({ round, attempt }: TrialRequest): boolean => attempt === 0 && (round === 4 || round === 6);
  const ran = await run([...args, '--rate', 'none'], { measuring: machine({ fails: isAt }).measuring });
  expect(ran.code, ran.err).toBe(3);
  expect(Math.max(...runOf('head').trials.map(({ round }) => round))).toBe(7);
});
