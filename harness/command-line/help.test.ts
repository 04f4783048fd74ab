/** Help and version: what they say, so that a change of it is seen, and that they say it in every language. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { mistake, run } from '../fixtures/command.ts';
import { packageVersion } from '../version.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('help and version are results, on stdout', () => {
  test.each([
    [['--help'], /fourways run .*fourways report .*fourways list/s],
    [['run', '--help'], /--scenario.*--rounds.*--out/s],
    [['report', '--help'], /report <run\.\.>.*--chart.*throughput.*--width.*--open.*--salvage/s],
    [['doctor', '--help'], /--seed.*Exit code 0 if the machine is fit/s],
    [['--version'], new RegExp(`^${packageVersion().replaceAll('.', '\\.')}\n$`)],
  ])('%j', async (argv, expected) => {
    const { code, out, err } = await run(argv);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(expected);
  });
});

test('every flag of run, with its default', async () => {
  const { code, out, err } = await run(['run', '--help']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatchInlineSnapshot(`
    "fourways run

    Measure scenarios under concurrency models; write a report

    Options:
          --version          Show version number                                               [boolean]
          --help             Show help                                                         [boolean]
      -s, --scenario         Workload: hello, cpu, hash, json, io, files, mixed, or a file of your own;
                             parameters as in cpu:ms=2                                           [array]
      -m, --model            Model: single, cluster, fork-pool, worker-threads, or a file of your own;
                             default: all                                                        [array]
      -w, --workers          Worker count of every model but single; default: one per CPU of the server
                                                                                                [number]
      -c, --connections      Concurrent connections; default: 64 or more                        [number]
          --preset           How much to measure: quick, standard, thorough; default: standard  [string]
          --budget           Time to spend until every scenario is answered, such as 5m; default: that
                             of the preset; with --resume, so much more                         [string]
          --rounds           Trials per cell, a fixed number instead of measuring until every scenario
                             is answered                                                        [number]
          --margin           Differences up to this do not matter; default: 3%                  [string]
          --duration         Measurement window of a trial, such as 5s; default: that of the preset
                                                                                                [string]
          --rate             Open-loop rate: 200 (requests per second), 50% (of the capacity of the
                             slowest ranked model), or none to measure capacity only             [array]
          --arrivals         Open-loop arrivals: poisson or constant; default: poisson          [string]
          --connection-mode  keep-alive, per-request, or both; default: keep-alive               [array]
          --sweep            Measure each model at a range of rates around its capacity        [boolean]
          --slo              Find the highest rate that meets an SLO, such as p99=100ms or
                             light.p99=20ms,errors=0.1%                                         [string]
          --hdr              Also write .hgrm files, for HdrHistogram plotters                 [boolean]
          --seed             Seed for the order of trials; default: the current time            [number]
          --generators       Load generator processes; default: one per reserved CPU            [number]
          --isolate          CPUs reserved for load generators, 0 for none; default: a quarter of the
                             CPUs if there are four or more                                     [number]
          --retries          Retries of a failed trial; default: 2                              [number]
          --out              New folder for the results; default: fourways-runs/<time>          [string]
          --resume           Folder of a run: continue it with its own plan, or with --budget measure it
                             longer                                                             [string]
          --require          Exit with 1 if this does not hold: 'cpu/cluster p99<50ms', '* errors<1'
                                                                                                 [array]
          --strict           Exit with 3 if a requirement can be neither confirmed nor refuted [boolean]
          --pairs            Also compare every pair of models                                 [boolean]
          --format           Output format on stdout
                                                 [choices: "text", "json", "markdown"] [default: "text"]

    Examples:
      fourways run --preset quick                         a first look, in two to three minutes
      fourways run -s cpu:ms=2 -m cluster,worker-threads  two models, 2 ms of CPU time per request
      fourways run -s ./my-workload.js -w 4               your own handler
      fourways run -s mixed --slo light.p99=20ms          the highest rate that meets an SLO
      fourways run -s cpu --require 'cpu/* p99<50ms'      exit code 1 if that does not hold
      fourways run --resume runs/1 --budget 1m            a minute more for what is not answered yet
    "
  `);
});

test.each(['de_DE.UTF-8', 'ja_JP', 'C'])(
  'in the locale %s it is the same: half a translation helps nobody',
  async (locale) => {
    const [plain, line] = [await run(['report', '--help']), mistake(await run(['rum']))];
    for (const name of ['LC_ALL', 'LC_MESSAGES', 'LANG', 'LANGUAGE']) vi.stubEnv(name, locale);
    expect(await run(['report', '--help'])).toEqual(plain);
    expect(mistake(await run(['rum']))).toBe(line);
  },
);
