/** The whole command line, on a machine that does not exist. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Flag } from '../command-line/command.ts';
import { run } from '../fixtures/command.ts';
import { fakeMeasuring, steadyTrial } from '../fixtures/fake-measuring.ts';
import { failedTrial } from '../fixtures/run.ts';
import { MATRIX, newFolder } from '../fixtures/stopped-run.ts';
import { summarySchema } from '../judge/schema/summary.ts';
import { readRun } from '../store/read-run.ts';
import { packageVersion } from '../version.ts';
import { commands } from './index.ts';

describe('run', () => {
  test('prints the table on stdout, and what happens on stderr', async () => {
    const folder = newFolder();
    const { code, out, err } = await run([...MATRIX, '--out', folder]);
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "Take cluster for a constant reply (2.0× a single process).

      hello · a constant reply
        cluster  2,010/s  ██████████████████████████  2.0× single  80 MiB  p99 6.94 ms
        single   1,010/s  █████████████▏                1×         40 MiB  p99 5.94 ms
      Take cluster: 2,010/s, the best; single is 48% to 51% behind; on one CPU single
      would do as well.

      2 workers · 64 connections · 3 trials per model
      Node 22.12.0 · Test CPU · 4 CPUs · generator on the same CPUs · linux x64
      "
    `);
    expect(err.replaceAll(folder, 'OUT').replace(/\d+ s left/g, '… left')).toMatchInlineSnapshot(`
      "hello: comparing all replies
      hello: finding connections and placement
      [1/6] hello/single, round 1: 1,000 requests/s, … left
      [2/6] hello/cluster, round 1: 2,000 requests/s, … left
      [3/6] hello/cluster, round 2: 2,010 requests/s, … left
      [4/6] hello/single, round 2: 1,010 requests/s, … left
      [5/6] hello/single, round 3: 1,020 requests/s, … left
      [6/6] hello/cluster, round 3: 2,020 requests/s, … left
      Report: OUT/report/index.html
      "
    `);
  });

  test('--format json prints the summary, the one that is also in the folder', async () => {
    const folder = newFolder();
    const { code, out } = await run([...MATRIX, '--out', folder, '--format', 'json']);
    const summary = summarySchema.parse(JSON.parse(out));
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'))).toEqual(summary);
    expect(summary).toMatchObject({ complete: true, seed: 1, rounds: 3, version: packageVersion(), failures: [] });
    expect(summary.scenarios[0]?.cells.map(({ model, trialsOk }) => [model, trialsOk])).toEqual([
      ['single', 3],
      ['cluster', 3],
    ]);
  });

  test('--detail prints tables as well, of every pair of models too', async () => {
    const { out } = await run([...MATRIX, '--out', newFolder(), '--detail']);
    expect(out).toMatch(/^models .*requests\/s .*\n.*\n─+\ncluster vs single +\+96% to \+102% /m);
    expect(out).toContain('Model against model: ');
  });

  test('--format markdown', async () => {
    const { code, out } = await run([...MATRIX, '--out', newFolder(), '--format', 'markdown']);
    expect(code).toBe(0);
    expect(out.replaceAll(packageVersion(), 'VERSION')).toMatchInlineSnapshot(`
      "**Take cluster for a constant reply (2.0× a single process).**

      - **a constant reply:** take cluster: 2,010/s, the best

      ### a constant reply

      Take cluster: 2,010 requests per second, the best. single is 48% to 51% behind. It takes 80 MiB and 1.01 ms of CPU per request, against 40 MiB and 1.01 ms of single. The lead over single needs more than one CPU: on a single CPU, where CPU time per request decides, single would be equivalent, and is simpler.

      hello · 2 workers · 64 connections · 3 trials per model

      | model | requests/s | behind the best | 95% interval low–high | implied requests/s | p50 ms | p99 ms | CPU ms / request | PSS MiB | limited by |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
      | single | 1,010 | 48–51% | 985–1,035 | ≈1,020 | 3.49 | 5.94 | 1.01 | 40.0 | workers |
      | cluster | 2,010 | best | 1,985–2,035 | ≈2,040 | 4.49 | 6.94 | 1.01 | 80.0 | workers |

      <details>
      <summary>What it cost</summary>

      | model | workers CPU µs | helpers CPU µs | generators CPU µs | start-up ms | idle PSS MiB | peak PSS MiB | workers busy % | workers delay ms | voluntary switches | involuntary switches | GC % | fairness index | implied bound by |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
      | single | 960 | 29.7 | 297 | 80.0 | 30.0 | 40.0 | 99.0 | 1.00 | 0.495 | 0.0198 | 0.5 | 1.000 | workers |
      | cluster | 965 | 29.9 | 149 | 80.0 | 60.0 | 80.0 | 99.0 | 1.00 | 0.249 | 0.00995 | 0.5 | 0.997 | workers |

      </details>

      <details>
      <summary>Model against model</summary>

      How much more or less the first serves and takes than the second, round by round. The intervals of a column hold together with 95% in each scenario. Up to ±3% makes no difference that matters. In bold: requests/s of which the whole interval is within that or beyond it. Of CPU per request, start-up time and peak memory less is better.

      | models | requests/s | CPU per request | start-up time | peak memory |
      | --- | --- | --- | --- | --- |
      | cluster vs single | **+96% to +102%** | 0.0% | 0.0% | +100% |

      </details>

      Node 22.12.0 · Test CPU · 4 CPUs · generator on the same CPUs · linux x64 · 2026-01-15 · fourways VERSION

      <details>
      <summary>What the columns mean</summary>

      - requests/s: Huber’s robust estimate over the valid trials, on the log scale; outliers are down-weighted.
      - behind the best: by how much requests/s are below those of whichever model is the best; ≤: at most, a range: at least and at most. All of a scenario hold together with 95%. –: something other than the server was its limit, or it has too few rounds.
      - 95% interval: confidence interval by Student’s t over the trials, on the log scale. With fewer than 3 trials there is none; the range (lowest to highest trial) is shown instead: in brackets beside intervals, as spread where no row has one.
      - implied: requests/s that the CPU time per request would allow if the load generator ran elsewhere. It is derived, not measured, hence the ≈.
      - p50, p99: latency percentiles of all valid trials together, at full load; –: too few requests. Their 95% intervals over trials are in summary.json, and the latency chart shows that of p99.
      - CPU ms / request: CPU time per request of all server processes, including the front end or primary.
      - sessions lost: share of the requests that found what was to be kept for their client gone.
      - PSS: peak memory of the process tree under load, with shared pages counted once. RSS: the same, but each process counts its shared pages.
      - % by worker: share of the requests that each worker answered, largest first; 50/50 is even for two. Shown when a worker deviates from the even share by more than a tenth.
      - limited by: the bottleneck; check it before you compare. Only workers, front (the front end or primary) and thread-pool (that of libuv, enlarged by UV\\_THREADPOOL\\_SIZE) are the server itself. A result that is limited by the generator, the machine, the connections or the upstream, or is unclear (no bottleneck was found), is not ranked.
      - start-up and memory: estimated over the valid trials, as requests/s is. Everything else is a median over trials unless stated otherwise.
      - CPU µs or ms: CPU time per request by role. Front: the front end of a pool, or the primary of a cluster. Workers: the threads that run handler code. Helpers: the other threads of the server, such as garbage collection, compilation and the thread pool. Generators: the load generators. Services: what the scenario started besides the server.
      - start-up: from the start of the server process to its first correct reply.
      - idle, peak: memory of the process tree before the load, and its maximum under load.
      - busy: share of the measured window in which an event loop was not idle; mean over workers.
      - delay: event-loop delay, the 99th percentile of how late timers fired, in the worst worker of a trial.
      - switches: context switches per request. Voluntary: to wait for something. Involuntary: preempted.
      - GC: share of the measured window that a worker spent in garbage collection; mean over workers.
      - fairness: Jain’s index of the requests by worker; 1 means evenly distributed, 1/n that one of n workers answered all.
      - implied, bound by: what would be the bottleneck if the load generator ran elsewhere: the CPUs, the single thread of the front end, or the threads of the workers.
      - –: does not apply, or the operating system does not report it.

      </details>
      "
    `);
  });

  test('checks all models before the first trial, visits every cell in every round, and cleans up', async () => {
    const measuring = fakeMeasuring();
    await run([...MATRIX, '--out', newFolder()], { measuring: () => measuring });
    const [calibrate, preflight, ...rest] = measuring.log;
    expect([calibrate, preflight]).toEqual(['calibrate hello', 'preflight hello single cluster']);
    const rounds = [0, 1, 2].map((round) => rest.slice(2 * round, 2 * round + 2).toSorted());
    expect(rounds).toEqual([0, 1, 2].map((n) => [`trial hello/cluster ${n}`, `trial hello/single ${n}`]));
    expect(rest.slice(6)).toContain('close');
    expect(rest.slice(6).every((entry) => entry === 'close')).toBe(true);
  });

  test('the same seed repeats the order, another one does not', async () => {
    const orderOf = async (seed: string): Promise<readonly string[]> => {
      const measuring = fakeMeasuring();
      const argv = ['run', '-s', 'hello', '--rounds', '5', '--seed', seed, '-w', '2', '--out', newFolder()];
      await run(argv, { measuring: () => measuring });
      return measuring.log;
    };
    expect(await orderOf('7')).toEqual(await orderOf('7'));
    expect(await orderOf('7')).not.toEqual(await orderOf('8'));
  });

  test('a scenario that is named in two ways is measured once, and counted once', async () => {
    const least = ['-m', 'single', '--rounds', '1', '--rate', 'none', '--out', newFolder()];
    const argv = ['run', '-s', 'cpu,cpu:ms=10', ...least];
    const { code, err } = await run(argv);
    expect(code).toBe(0);
    expect(err).toContain('[1/1] cpu:ms=10/single, round 1');
  });

  test('a cell without a valid trial is not to be trusted: 3, with the reasons', async () => {
    const folder = newFolder();
    const measuring = fakeMeasuring((cell, round) =>
      cell.model === 'cluster' ? failedTrial(cell, round, 'wrong-reply') : steadyTrial(cell, round),
    );
    const { code, out } = await run([...MATRIX, '--out', folder], { measuring: () => measuring });
    expect(code).toBe(3);
    expect(out).toMatch(/^ {2}cluster +given up after \d failed trial/m);
    expect(out).toContain('a request had no reply within 10 s');
  });

  test('one failed trial among valid ones is told, and does no harm', async () => {
    const measuring = fakeMeasuring((cell, round, attempt) =>
      round === 1 && attempt === 0 ? failedTrial(cell, round) : steadyTrial(cell, round),
    );
    const { code, out } = await run([...MATRIX, '--out', newFolder()], { measuring: () => measuring });
    expect(code).toBe(0);
    expect(out).toContain('2 trials failed and are not in the figures');
  });

  test('a bug is not hidden, and the trials before it are kept', async () => {
    const folder = newFolder();
    const measuring = fakeMeasuring((cell, round) => {
      if (round === 1) throw new TypeError('a bug');
      return steadyTrial(cell, round);
    });
    await expect(run([...MATRIX, '--out', folder], { measuring: () => measuring })).rejects.toThrow('a bug');
    const { trials, end } = readRun(join(folder, 'run.ndjson'), { salvage: false });
    expect(trials).toHaveLength(2);
    expect(end?.reason).toBe('stopped');
    expect(measuring.log.at(-1)).toBe('close');
  });
});

test('list names what is registered, in text and in JSON', async () => {
  const [text, json] = [await run(['list']), await run(['list', '--format', 'json'])];
  const listed: unknown = JSON.parse(json.out);
  expect(listed).toMatchObject({
    scenarios: expect.arrayContaining([expect.objectContaining({ name: 'hello', inDefaultSet: true })]),
    models: expect.arrayContaining([expect.objectContaining({ name: 'cluster', style: 'replicated' })]),
    charts: expect.arrayContaining(['throughput', 'overview'].map((name) => expect.objectContaining({ name }))),
  });
  expect(text.out).toMatch(/^ {2}cpu \* .* ms=10$/m);
  expect(text.out).toMatch(/^ {2}worker-threads /m);
  expect(Math.max(...text.out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  expect(text.out).toMatch(/^ {2}standard \* .*$[\s\S]*^ {2}thorough /m);
  expect(text.out).toMatch(/^ {2}throughput, rps .*throughput>1000$/m);
});

test('list shows every name that a shell completes', async () => {
  const { out } = await run(['list']);
  const shown = new Set(out.split(/[\s,]+/));
  for (const load of Object.values(commands)) {
    const { flags } = (await load()).default;
    const named = Object.entries<Flag>(flags).flatMap(([flag, { values = [] }]) => values.map((one) => [flag, one]));
    expect(named.filter(([, one = '']) => !shown.has(one))).toEqual([]);
  }
});
