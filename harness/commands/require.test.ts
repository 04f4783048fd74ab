/** `--require` through the whole command line, on a machine that does not exist. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mistake, mistakeAfter, type Ran, run } from '../fixtures/command.ts';
import { fakeMeasuring, steadyTrial } from '../fixtures/fake-measuring.ts';
import { failedTrial } from '../fixtures/run.ts';
import {
  interruptedIn,
  MATRIX,
  newFolder,
  stoppedRun,
  summaryIn,
  type TrialOf,
  trialsIn,
} from '../fixtures/stopped-run.ts';
import { summarySchema } from '../judge/schema/summary.ts';

const required = (...texts: readonly string[]): string[] => texts.flatMap((text) => ['--require', text]);

/** Met, broken, across the limit, and without enough requests. */
const FOUR = required(
  'hello/* p99<6.5ms',
  'hello/cluster vs single>1.5',
  'hello/cluster rps>2000',
  '*/single p99.9<1s',
);

const blockOf = ({ out }: Ran): string => out.slice(out.search(/^(?:#### )?Requirements$/m));

describe('what is printed', () => {
  test('as text: a block at the end', async () => {
    const ran = await run([...MATRIX, '--out', newFolder(), ...FOUR]);
    expect(ran.code).toBe(1);
    expect(blockOf(ran)).toMatchInlineSnapshot(`
      "Requirements
      met     hello/single p99<6.5ms: 5.94 ms (5.94–5.94)
      broken  hello/cluster p99<6.5ms: 6.94 ms (6.94–6.94)
      met     hello/cluster vs single>1.5: 1.99× [1.97–2.01]
      untold  hello/cluster rps>2000: 2,010 requests/s (1,985–2,035); the interval
              crosses the limit; measure more rounds
      untold  hello/single p99.9<1s: too few requests for p99.9; measure more rounds,
              or give a longer --duration
      "
    `);
  });

  test('as markdown: a list at the end', async () => {
    const ran = await run([...MATRIX, '--out', newFolder(), '--format', 'markdown', ...FOUR]);
    expect(ran.code).toBe(1);
    expect(blockOf(ran)).toMatchInlineSnapshot(`
      "#### Requirements

      - **met** hello/single p99&lt;6.5ms: 5.94 ms (5.94–5.94)
      - **broken** hello/cluster p99&lt;6.5ms: 6.94 ms (6.94–6.94)
      - **met** hello/cluster vs single&gt;1.5: 1.99× \\[1.97–2.01\\]
      - **untold** hello/cluster rps&gt;2000: 2,010 requests/s (1,985–2,035); the interval crosses the limit; measure more rounds
      - **untold** hello/single p99.9&lt;1s: too few requests for p99.9; measure more rounds, or give a longer --duration
      "
    `);
  });

  test('as JSON: the summary, which a run also keeps', async () => {
    const folder = newFolder();
    const { out, code } = await run([...MATRIX, '--out', folder, '--format', 'json', ...FOUR]);
    const { requirements } = summarySchema.parse(JSON.parse(out));
    expect(code).toBe(1);
    expect(requirements?.map(({ cell, verdict }) => `${cell} ${verdict}`)).toEqual([
      'hello/single met',
      'hello/cluster broken',
      'hello/cluster met',
      'hello/cluster untold',
      'hello/single untold',
    ]);
    expect(summaryIn(folder).requirements).toEqual(requirements);
  });

  test('report says the same, and keeps nothing', async () => {
    const folder = newFolder();
    const ran = await run([...MATRIX, '--out', folder, ...FOUR]);
    const before = readFileSync(join(folder, 'summary.json'), 'utf8');
    const again = await run(['report', folder, ...FOUR]);
    expect({ code: again.code, block: blockOf(again) }).toEqual({ code: 1, block: blockOf(ran) });
    const other = await run(['report', folder, '--format', 'json', ...required('*/cluster errors<1')]);
    expect(other.code).toBe(0);
    expect(summarySchema.parse(JSON.parse(other.out)).requirements).toHaveLength(1);
    expect(readFileSync(join(folder, 'summary.json'), 'utf8')).toBe(before);
  });

  test('nothing where nothing is required', async () => {
    const folder = newFolder();
    const { out } = await run([...MATRIX, '--out', folder]);
    expect(out).not.toContain('Requirements');
    expect(summaryIn(folder)).not.toHaveProperty('requirements');
  });

  test('of a rate that follows from capacity', async () => {
    const matrix = MATRIX.map((word) => (word === 'none' ? '50%' : word));
    const ran = await run([
      ...matrix,
      '--out',
      newFolder(),
      ...required('hello/*@50% p90<6ms', 'hello/single@7 p90<6ms'),
    ]);
    expect(ran.code).toBe(0);
    expect(blockOf(ran)).toMatchInlineSnapshot(`
      "Requirements
      met     hello/single@505 p90<6ms: 5.50 ms (5.50–5.50)
      met     hello/cluster@505 p90<6ms: 5.50 ms (5.50–5.50)
      untold  hello/single@7 p90<6ms: it was not offered that rate, only 505/s
      "
    `);
  });
});

describe('the exit code', () => {
  const [met, broken, untold] = ['*/cluster rps>1900', '*/cluster rps<1900', '*/cluster rps>2000'];
  const beyond = '*/cluster rps<2000';
  const lost: TrialOf = (cell, round) =>
    cell.model === 'single' ? failedTrial(cell, round, 'wrong-reply') : steadyTrial(cell, round);

  test.each<[number, string, TrialOf, readonly string[]]>([
    [0, 'met', steadyTrial, required(met)],
    [0, 'met, --strict', steadyTrial, [...required(met), '--strict']],
    [0, 'untold', steadyTrial, required(met, untold)],
    [3, 'untold, --strict', steadyTrial, [...required(met, untold), '--strict']],
    [3, 'untold, its figure beyond the limit', steadyTrial, required(met, beyond)],
    [3, 'the same, --lenient', steadyTrial, [...required(met, beyond), '--lenient']],
    [1, 'broken', steadyTrial, required(met, broken)],
    [1, 'broken and untold, --strict', steadyTrial, [...required(untold, broken, met), '--strict']],
    [3, 'met beside a cell without a result', lost, required(met)],
    [1, 'broken beside a cell without a result', lost, required(broken)],
    [1, 'a limit of errors at a cell without a result', lost, required('*/single errors<=9')],
    [0, 'nothing required, --strict', steadyTrial, ['--strict']],
  ])('%i: %s', async (code, _what, trialOf, flags) => {
    const folder = newFolder();
    const ran = await run([...MATRIX, '--out', folder, ...flags], { measuring: () => fakeMeasuring(trialOf) });
    expect(ran.code).toBe(code);
    expect((await run(['report', folder, ...flags])).code).toBe(code);
  });
});

test('in CI what is untold fails, unless --lenient', async () => {
  const folder = newFolder();
  const asked = required('*/cluster rps>2000');
  const codeIn = async (env: Record<string, string>, argv: readonly string[]): Promise<number> =>
    (await run([...argv, ...asked], { measuring: () => fakeMeasuring(steadyTrial), env })).code;
  expect(await codeIn({ CI: 'true' }, [...MATRIX, '--out', folder])).toBe(3);
  expect(await codeIn({ CI: 'true' }, ['report', folder])).toBe(3);
  expect(await codeIn({ CI: 'true' }, ['report', folder, '--lenient'])).toBe(0);
  expect(await codeIn({}, ['report', folder])).toBe(0);
});

describe('a run that was interrupted', () => {
  test('is judged when it is whole, by what is asked then', async () => {
    const folder = await stoppedRun(3);
    const again = interruptedIn(1);
    const stopped = await run(['run', '--resume', folder, ...FOUR], { measuring: () => again });
    expect(stopped).toMatchObject({ code: 130, out: '' });
    expect(summaryIn(folder)).not.toHaveProperty('requirements');
    const resumed = await run(['run', '--resume', folder, '--strict', ...FOUR]);
    expect(resumed.code).toBe(1);
    expect(blockOf(resumed)).toBe(blockOf(await run([...MATRIX, '--out', newFolder(), ...FOUR])));
    expect(summaryIn(folder).requirements).toHaveLength(5);
  });
});

describe('mistakes', () => {
  const MALFORMED = required('hello/cluster p99=50ms');
  const UNKNOWN = required('hello/clutser p99<50ms');
  const nearest =
    "--require 'hello/clutser p99<50ms': no cell of this run matches hello/clutser. Did you mean 'hello/cluster'?";

  test('malformed: nothing is started and nothing is left', async () => {
    const folder = newFolder();
    const measuring = fakeMeasuring();
    const ran = await run([...MATRIX, '--out', folder, ...MALFORMED], { measuring: () => measuring });
    expect(mistake(ran)).toMatch(/^--require 'hello\/cluster p99=50ms': give a cell, a metric, /);
    expect(measuring.log).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  test('a cell that is not in the plan: nothing is measured and nothing is left', async () => {
    const folder = newFolder();
    const measuring = fakeMeasuring();
    const ran = await run([...MATRIX, '--out', folder, ...UNKNOWN], { measuring: () => measuring });
    expect(mistakeAfter(ran)).toBe(nearest);
    expect(trialsIn([...measuring.log])).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  test('of report: nothing is drawn', async () => {
    const folder = newFolder();
    await run([...MATRIX, '--out', folder]);
    const elsewhere = newFolder();
    expect(mistake(await run(['report', folder, '--out', elsewhere, ...UNKNOWN]))).toBe(nearest);
    expect(existsSync(elsewhere)).toBe(false);
  });

  test('of resume: nothing is measured, and it can still be gone on with', async () => {
    const folder = await stoppedRun(4);
    const before = readFileSync(join(folder, 'run.ndjson'));
    const measuring = fakeMeasuring();
    expect(mistake(await run(['run', '--resume', folder, ...UNKNOWN], { measuring: () => measuring }))).toBe(nearest);
    expect(measuring.log).toEqual([]);
    expect(readFileSync(join(folder, 'run.ndjson'))).toEqual(before);
  });

  test('without a value', async () => {
    expect(mistake(await run([...MATRIX, '--require']))).toContain('require');
  });
});
