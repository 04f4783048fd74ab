/** What is wrong with the flags of rate load is said in one line, before anything is measured. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mistakeAfter, run } from '../fixtures/command.ts';
import { fakeMeasuring } from '../fixtures/fake-measuring.ts';
import { newFolder } from '../fixtures/stopped-run.ts';

/** The line, after exit code 2; no trial has been run, and nothing has been written. */
async function lineOf(flags: readonly string[]): Promise<string> {
  const folder = newFolder();
  const measuring = fakeMeasuring();
  const argv = ['run', '-s', 'hello', '-m', 'single', '--rounds', '1', '--isolate', '0', '--out', folder, ...flags];
  const line = mistakeAfter(await run(argv, { measuring: () => measuring }));
  expect(measuring.log.filter((entry) => entry.startsWith('trial'))).toEqual([]);
  expect(existsSync(folder)).toBe(false);
  return line;
}

test('every mistake', async () => {
  const mistakes = [
    ['--rate', 'abc'],
    ['--rate', '0'],
    ['--rate', '-5'],
    ['--rate', '99999999'],
    ['--rate', '3000', '--rate', '5000', '--connection-mode', 'per-request'],
    ['--rate', '250%'],
    ['--rate', '50,none'],
    ['--arrivals', 'x'],
    ['--connection-mode', 'x'],
    ['--slo', 'p99=100'],
    ['--slo', 'p98=100ms'],
    ['--slo', 'p99=100ms,errors=2'],
    ['--slo', 'light.p99=20ms'],
    ['--slo', 'p99=100ms,p99=200ms'],
    ['--slo', 'p99=100ms', '--slo', 'p50=10ms'],
    ['--arrivals', 'poisson', '--arrivals', 'constant'],
  ];
  const lines: string[] = [];
  for (const flags of mistakes) lines.push(await lineOf(flags));
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "--rate abc: give requests per second such as 200, a share of capacity such as 50%, or none
    --rate 0: give requests per second such as 200, a share of capacity such as 50%, or none
    --rate -5: give requests per second such as 200, a share of capacity such as 50%, or none
    --rate 99999999: one generator can offer up to 20000 requests per second; give less, or more --generators with CPUs of their own (--isolate)
    --rate 5000: one generator can offer up to 4000 requests per second; give less, or more --generators with CPUs of their own (--isolate)
    --rate 250%: give a share of up to 200%, or requests per second
    --rate 50,none: none cannot be combined with other rates
    --arrivals x: unknown value. Known: poisson, constant.
    --connection-mode x: unknown value. Known: keep-alive, per-request.
    --slo p99=100: 'p99=100': give a time with its unit, from 0.1ms to below 10s, where a request times out; for example p99=100ms
    --slo p98=100ms: unknown limit 'p98'. Did you mean 'p90'? A request class goes in front, as in light.p99=50ms.
    --slo p99=100ms,errors=2: 'errors=2': give the share of requests that may fail, from 0 to below 1 or 100%; for example errors=0.1%
    --slo light.p99=20ms: scenario hello has no request class 'light'. Known: hello.
    --slo p99=100ms,p99=200ms: 'p99' is set twice; keep one
    --slo was given 2 times; give it once
    --arrivals was given 2 times; give it once"
  `);
});
