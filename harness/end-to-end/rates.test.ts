/** Rate load through the command line, on real processes: from the words to the report, interrupted and resumed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runCli, startCli } from '../fixtures/cli-process.ts';
import { runCompiled } from '../fixtures/compiled-command.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { summarySchema } from '../judge/schema/summary.ts';
import { aliveAmong, processTree, until } from '../measure/fixtures/processes.ts';
import { visitsOf } from '../plan/schedule/visits.ts';
import { YARDSTICK } from '../plan/schedule/yardstick.ts';
import { readRun } from '../store/read-run.ts';

const SCENARIO = 'mixed:ms=20,percent=25';
/** A light load, for what only has to be under way. */
const WAITING = fileURLToPath(new URL('../measure/fixtures/waiting.js', import.meta.url));

function asked(folder: string, scenario: string, ...rates: readonly string[]): readonly string[] {
  const what = ['-s', scenario, '-m', 'single,worker-threads', '-w', '1', '-c', '4', '--rate', rates.join(',')];
  return [
    'run',
    ...what,
    '--rounds',
    '1',
    '--duration',
    '300ms',
    '--preset',
    'quick',
    '--seed',
    '1',
    '--retries',
    '0',
    '--out',
    folder,
  ];
}

const runFile = (folder: string): string => join(folder, 'run.ndjson');
const runOf = (folder: string) => readRun(runFile(folder), { salvage: false });
const typesIn = (folder: string): string[] =>
  readFileSync(runFile(folder), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .flatMap(({ type, cell }) => (cell === YARDSTICK ? [] : [type]));

/** Runs until a trial at a rate is under way, which is after the addition has been recorded. */
async function inRatePhase(folder: string) {
  const run = startCli(asked(folder, WAITING, '20,40'), { draws: false });
  await until('the capacity trials', 40_000, () => run.err().includes('[2/'));
  await until('a trial at a rate', 20_000, () =>
    processTree(run.pid).some(({ command }) => command.includes('generator/process')),
  );
  return run;
}

test('rates that follow from capacity: recorded, summed up, reported, and reported again', async () => {
  const folder = join(temporaryFolder(), 'run');
  const ran = await runCli([...asked(folder, SCENARIO, '50%,25%'), '--format', 'json'], { draws: false });
  expect(ran.err).toContain('[6/6]');
  expect(typesIn(folder)).toEqual([
    'manifest',
    'trial',
    'trial',
    'addition',
    'trial',
    'trial',
    'trial',
    'trial',
    'end',
  ]);
  const { manifest, additions, trials, end } = runOf(folder);
  expect(end?.reason).toBe('complete');
  const [addition] = additions;
  expect(addition).toMatchObject({ scenario: SCENARIO, why: { kind: 'common' }, rounds: [0] });
  expect(
    trials
      .slice(2)
      .map(({ cell }) => cell)
      .toSorted(),
  ).toEqual(addition?.cells.map(({ id }) => id).toSorted());
  expect(trials.map(({ outcome }) => outcome.status)).toEqual(trials.map(() => 'ok'));
  for (const { cell, outcome } of trials) {
    const isRate = manifest.cells.every(({ id }) => id !== cell);
    expect(outcome).toMatchObject({ measurement: { open: isRate ? expect.anything() : null } });
  }

  const summary = summarySchema.parse(JSON.parse(ran.out));
  expect(summarySchema.parse(JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')))).toEqual(summary);
  const rates = new Set(
    addition?.cells.flatMap(({ load }) => (load.kind === 'rate' ? [load.requestsPerSec.toLocaleString('en-US')] : [])),
  );
  expect(rates.size).toBe(2);
  // That it is drawn, and the same again: run.test.ts.
  const again = (format: string) => runCompiled(['report', folder, '--format', format]);
  expect(JSON.parse((await again('json')).out)).toEqual(summary);
  const { out: markdown } = await again('markdown');
  for (const rate of rates) expect(markdown).toContain(rate);
});

describe.runIf(process.platform === 'linux')('ended while rates are measured', () => {
  test('Ctrl-C keeps the trials, and --resume completes what was planned, no more and no less', async () => {
    const folder = join(temporaryFolder(), 'run');
    const { child, ended } = await inRatePhase(folder);
    child.kill('SIGINT');
    const { code, err } = await ended;
    expect(code).toBe(130);
    expect(err).toMatch(/^Interrupted: \d of 6 trials were kept\./m);
    const before = runOf(folder);
    expect(before.additions).toHaveLength(1);
    expect(before.trials.length).toBeGreaterThanOrEqual(2);
    expect(before.trials.length).toBeLessThan(6);

    await runCompiled(['run', '--resume', folder]);
    const { manifest, additions, trials, end } = runOf(folder);
    expect(end?.reason).toBe('complete');
    expect(additions).toEqual(before.additions);
    expect(trials.slice(0, before.trials.length)).toEqual(before.trials);
    const planned = visitsOf({ ...manifest, yardstick: null }, additions).map(
      ({ cell, round }) => `${cell.id} ${round}`,
    );
    const valid = trials.filter(({ outcome }) => outcome.status === 'ok').map(({ cell, round }) => `${cell} ${round}`);
    expect(valid.toSorted()).toEqual(planned.toSorted());
    // The same as of a run that nobody interrupts: rates that were asked for as numbers follow from nothing else.
    const ids = ['single', 'worker-threads'].flatMap((model) =>
      ['', '@20', '@40'].map((at) => `waiting:ms=20/${model}${at}`),
    );
    expect(planned.toSorted()).toEqual(ids.map((id) => `${id} 0`).toSorted());
  });

  test('kill -9 leaves no process', async () => {
    const folder = join(temporaryFolder(), 'run');
    const { child, pid, ended } = await inRatePhase(folder);
    const tree = processTree(pid).map((one) => one.pid);
    expect(tree.length).toBeGreaterThanOrEqual(4);
    child.kill('SIGKILL');
    await ended;
    await until(`all of ${tree.length} processes gone`, 5_000, () => aliveAmong(tree).length === 0);
    expect(readRun(runFile(folder), { salvage: true }).trials.length).toBeGreaterThanOrEqual(2);
  });
});
