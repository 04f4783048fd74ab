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
    [['doctor', '--help'], /--seed.*Exit code 0 when the machine is fit/s],
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

    Measure scenarios under models, and write a report

    Options:
          --version          Show version number                                               [boolean]
          --help             Show help                                                         [boolean]
      -s, --scenario         Workload: hello, cpu, hash, json, io, files, mixed, or a file of yours;
                             settings as cpu:ms=2                                                [array]
      -m, --model            Model: single, cluster, fork-pool, worker-threads; all when left out[array]
      -w, --workers          Workers of each model but single; one for each CPU of the server when left
                             out                                                                [number]
      -c, --connections      Connections kept busy; 64 or more when left out                    [number]
          --preset           How much is measured: quick, standard, thorough; standard when left out
                                                                                                [string]
          --budget           Time to settle the verdicts in, such as 5m, instead of what the preset says
                                                                                                [string]
          --rounds           Trials of each cell, a fixed number instead of measuring until verdicts are
                             settled                                                            [number]
          --margin           Differences up to this do not matter; 3% when left out             [string]
          --duration         Measured window of a trial, such as 5s, instead of what the preset says
                                                                                                [string]
          --rate             Offered in an open loop: 200 (a second), 50% (of the slowest ranked model),
                             or none for capacity only                                           [array]
          --arrivals         Schedule of an open loop: poisson or constant; poisson when left out
                                                                                                [string]
          --connection-mode  keep-alive or per-request, or both; keep-alive when left out        [array]
          --sweep            Offer each model a range of rates around its capacity             [boolean]
          --slo              Find the highest rate within a limit, such as p99=100ms or
                             light.p99=20ms,errors=0.1%                                         [string]
          --hdr              Write .hgrm files for HdrHistogram plotters                       [boolean]
          --seed             Seed of the order of trials; the time when left out                [number]
          --generators       Processes that generate the load; one per reserved CPU when left out
                                                                                                [number]
          --isolate          CPUs reserved for load generation, 0 for none; a quarter of four or more
                             when left out                                                      [number]
          --retries          How often a failed trial is tried again; 2 when left out           [number]
          --out              New folder for the results; fourways-runs/<time> when left out     [string]
          --resume           Folder of a run that was stopped: go on with its plan, and with nothing
                             else given                                                         [string]
          --require          Exit 1 when it is broken: 'cpu/cluster p99<50ms', '* errors<1'      [array]
          --strict           Exit 3 when a requirement is neither met nor broken for certain   [boolean]
          --format           Format of what is printed on stdout
                                                 [choices: "text", "json", "markdown"] [default: "text"]

    Examples:
      fourways run --preset quick                         a first look, in under two minutes
      fourways run -s cpu:ms=2 -m cluster,worker-threads  two models, 2 ms of CPU a request
      fourways run -s ./my-workload.js -w 4               your own handler
      fourways run -s mixed --slo light.p99=20ms          the highest rate within a limit
      fourways run -s cpu --require 'cpu/* p99<50ms'      exit code 1 when that does not hold
      fourways run --resume                               go on with a run that was stopped
      fourways-runs/2026-11-21T07-03-12
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
