/** Help and version: what they say, so that a change of it is seen, and that they say it in every language. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { commands } from '../commands/index.ts';
import { mistake, run } from '../fixtures/command.ts';
import { main } from '../main.ts';
import { packageVersion } from '../version.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('help and version are results, on stdout', () => {
  test.each([
    [[], /fourways run .*fourways report .*fourways list/s],
    [['-h'], /fourways run .*fourways report .*fourways list/s],
    [['help', 'run'], /--scenario.*--rounds.*--out/s],
    [['version'], new RegExp(`^${packageVersion().replaceAll('.', '\\.')}\n$`)],
    [['-v'], new RegExp(`^${packageVersion().replaceAll('.', '\\.')}\n$`)],
    [['--help'], /fourways run .*fourways report .*fourways list/s],
    [['run', '--help'], /--scenario.*--rounds.*--out/s],
    [['report', '--help'], /report <run\.\.>.*--salvage.*--chart.*throughput.*--width.*--open/s],
    [['doctor', '--help'], /--seed.*Exit code 0 if the machine is fit/s],
    [['--version'], new RegExp(`^${packageVersion().replaceAll('.', '\\.')}\n$`)],
  ])('%j', async (argv, expected) => {
    const { code, out, err } = await run(argv);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(expected);
  });
});

test.each([
  { columns: 40, isTTY: true, most: 40 },
  { columns: 100, isTTY: true, most: 100 },
  { columns: 300, isTTY: true, most: 120 },
  { columns: 300, isTTY: false, most: 80 },
])('help of every command fits: %o', async ({ columns, isTTY, most }) => {
  for (const command of ['help', ...Object.keys(commands)]) {
    const written: string[] = [];
    const out = { write: (text: string) => written.push(text), columns, isTTY };
    await main([command, '--help'], { out, err: out, now: () => new Date() });
    const widest = Math.max(
      ...written
        .join('')
        .split('\n')
        .map(({ length }) => length),
    );
    expect(widest).toBeLessThanOrEqual(most);
    expect(widest).toBeGreaterThan(most * 0.6);
  }
});

test('every flag of run, with its default', async () => {
  const { code, out, err } = await run(['run', '--help']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatchInlineSnapshot(`
    "fourways run

    Measure scenarios under concurrency models; write a report

    What to measure:
      -s, --scenario <names>     Workload: hello, cpu, hash, json, io, files, gzip,
                                 pbkdf2-async, mixed, tls, large-reply, stream,
                                 cache, sessions, postgres, redis, or a file of your
                                 own; parameters as in cpu:ms=2, several values as
                                 in cpu:ms=1,5 or 0.1..10; default: hello, cpu, io
          --app <file>           A service of your own, unchanged: a file that
                                 listens, or exports an app (Express, Fastify, Koa,
                                 Nest, Hono)
          --request <request>    What to send to it: 'GET /products', or 'list=GET
                                 /products *3' with a name and a weight
      -H, --header <text>        Header of every request to it: 'accept: text/html'
          --body <text>          Body of its POST, PUT and PATCH requests: text,
                                 @file, or @file.jsonl with one per line; {{n}},
                                 {{uuid}}, {{client}}, {{visit}} differ
          --har <file>           Recorded requests to send to it (HTTP Archive):
                                 those of one host, with their mix
          --expect <rule>        What it must answer: 'status=201', 'body~"total"',
                                 or 'list: status=404' for one request; 'lost=log
                                 in' is counted
          --verify <how>         What its replies are compared by: learned (all that
                                 does not vary by itself) or status; default:
                                 learned
          --command <name=line>  Any server, started by a command and beside the
                                 models: 'pm2=pm2-runtime start server.js -i 2'; it
                                 gets its port in PORT, or for {port}
          --url <name=url>       A server that runs already on this machine:
                                 'mine=http://127.0.0.1:3000'
          --ready <request>      What a command answers once it serves: 'GET
                                 /health'; default: the first GET of --request
          --config <file>        Config file, or none; default: fourways.config.js
                                 (.ts, .mjs, .json) in this folder, if there is one
          --workload <names>     Workloads of the config file to measure; default:
                                 all of them
      -m, --model <names>        Model; listeners: single, cluster,
                                 cluster-shared-handle, reuse-port,
                                 listener-threads, socket-pass; pools: fork-pool,
                                 worker-threads, piscina; or all, 'listener*', a
                                 file of your own; default: single, cluster,
                                 fork-pool, worker-threads
          --resume <folder>      Folder of a run: continue it with its own plan, or
                                 with --budget measure it longer

    Servers:
          --node-arg <option>  Option of Node.js for the servers alone, as in
                               --node-arg=--max-old-space-size=256
          --env <name=value>   Variable for the servers alone, as in --env
                               LOG_LEVEL=warn; its value is not stored
          --postgres <url>     PostgreSQL that runs on this machine, for scenario
                               postgres; default: one that is started for the run
          --redis <url>        Redis that runs on this machine, for scenario redis;
                               default: one that is started for each trial
          --runtime <file>     Node.js binary for the servers of the models; given
                               several times, each model is measured with each

    How long:
          --preset <name>    How much to measure: quick, standard, thorough;
                             default: standard
          --budget <time>    Time to spend until every scenario is answered, such as
                             5m; default: that of the preset; with --resume, so much
                             more
          --rounds <n>       Trials per cell, a fixed number instead of measuring
                             until every scenario is answered
          --duration <time>  Measurement window of a trial, and time after a fault,
                             such as 5s; default: that of the preset, and 4s
          --retries <n>      Retries of a failed trial; default: 2
          --seed <n>         Seed for the order of trials and the times of requests;
                             default: from what is measured
          --yes              Measure a series of points also where it takes hours

    Load:
      -c, --connections <numbers>    Concurrent connections, or several numbers:
                                     16,64,256; default: as many as keep each
                                     scenario busy
      -w, --workers <numbers>        Worker count of every model but single;
                                     default: one per CPU of the server; several are
                                     compared: 1,2,4 or 1..8
          --break-even               Find the work per request from which each model
                                     beats single, as in -s cpu:ms=0.01..10
          --rate <rates>             Open-loop rate: 200 (requests per second), 50%
                                     (of the capacity of the slowest ranked model),
                                     or none to measure capacity only; default: that
                                     of preset and scenario
          --arrivals <name>          Open-loop arrivals: poisson or constant;
                                     default: poisson
          --sweep                    Measure each model at a range of rates around
                                     its capacity
          --slo <limits>             Find the highest rate that meets an SLO, such
                                     as p99=100ms or light.p99=20ms,errors=0.1%
          --timeout <time>           When a request without a reply is given up,
                                     such as 60s; default: 10s, or later where a
                                     scenario says that its requests take long
          --connection-mode <modes>  keep-alive, per-request, or both; default:
                                     keep-alive
          --generators <n>           Load generator processes; default: one per
                                     reserved CPU
          --isolate <n>              CPUs reserved for load generators, 0 for none;
                                     default: a quarter of the CPUs if there are
                                     four or more

    Faults:
          --fault <faults>      What to do to every model under load, after all
                                else: kill, crash, block=1s, loop, oom, leak,
                                reload, upstream-stall=1s; @5s is when, *3 how
                                often, as in kill@5s*3
          --restart <how>       Whether models replace workers that die: on, off or
                                both, each measured; default: on
          --reload <name=line>  How a --command reloads itself, for --fault reload:
                                'pm2=pm2 reload all'

    Verdict and exit code:
          --margin <share>         Differences up to this do not matter; default: 3%
          --require <requirement>  Exit with 1 if this does not hold: 'cpu/cluster
                                   p99<50ms', '* errors<1'
          --strict                 Exit with 3 if a requirement is not confirmed,
                                   also where the figure keeps it; default where
                                   CI=true
          --lenient                Turn --strict off, which is on where CI=true

    Output:
          --out <folder>   New folder for the results; default: fourways-runs/<time>
          --format <name>  What stdout gets: text, json, markdown; default: text
          --detail         Also print tables: intervals, costs, every pair of
                           models, latency
          --quiet          No progress on stderr, only errors and warnings
          --hdr            Also write .hgrm files, for HdrHistogram plotters
          --profile        After the rounds, profile each cell once more: where its
                           CPU time goes, and .cpuprofile files

    Examples:
      # a first look, in two to three minutes
      fourways run --preset quick
      # two models, 2 ms of CPU time per request
      fourways run -s cpu:ms=2 -m cluster,worker-threads
      # your own service, unchanged, under every model
      fourways run --app ./server.js --request 'GET /products'
      # any command that serves HTTP, of any language
      fourways run --command 'one=node server.js' --request 'GET /'
      # a workload of fourways.config.js, which fourways init writes
      fourways run --workload orders
      # your own handler
      fourways run -s ./my-workload.js -w 4
      # how many workers
      fourways run -s cpu:ms=2 --workers 1,2,4
      # the highest rate that meets an SLO
      fourways run -s mixed --slo light.p99=20ms
      # what a killed worker and a blocked event loop cost each model
      fourways run -s cpu --fault kill,block=1s
      # exit code 1 if that does not hold
      fourways run -s cpu --require 'cpu/* p99<50ms'
      # a minute more for what is not answered yet
      fourways run --resume runs/1 --budget 1m

    Exit code 1 if a requirement does not hold, 3 if a model or a search has no
    valid result. See docs/running.md.
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
