/** A run that was stopped or killed, at whatever byte of its run file, is completed by `run --resume`. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { startCli } from '../fixtures/cli-process.ts';
import type { Ran } from '../fixtures/command.ts';
import { runCompiled } from '../fixtures/compiled-command.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { aliveAmong, processTree, until } from '../measure/fixtures/processes.ts';
import { YARDSTICK } from '../plan/schedule/yardstick.ts';
import { readRun } from '../store/read-run.ts';
import type { Trial } from '../store/schema.ts';

const WAITING = fileURLToPath(new URL('../measure/fixtures/waiting.js', import.meta.url));
/** Charts are of no matter here. */
const draws = false;
const linux = process.platform === 'linux';
const RUN_FILE = 'run.ndjson';

function started(folder: string, ...args: readonly string[]): readonly string[] {
  return [
    'run',
    ...args,
    '-w',
    '2',
    '-c',
    '4',
    '--preset',
    'quick',
    '--duration',
    '100ms',
    '--retries',
    '0',
    '--out',
    folder,
  ];
}

/** Within this process: what is in the file is what matters here. */
const resume = (folder: string): Promise<Ran> => runCompiled(['run', '--resume', folder]);

const trialsIn = (folder: string): readonly Trial[] => readRun(join(folder, RUN_FILE), { salvage: true }).trials;

/** Every visit of the plan has one valid trial and no other, and the report is there. */
function expectComplete(folder: string): void {
  const { manifest, trials, end } = readRun(join(folder, RUN_FILE), { salvage: false });
  const planned = manifest.cells.flatMap(({ id }) => Array.from({ length: manifest.rounds }, (_, i) => `${id} ${i}`));
  const valid = trials.filter(({ outcome }) => outcome.status === 'ok').map(({ cell, round }) => `${cell} ${round}`);
  expect(valid.toSorted()).toEqual(planned.toSorted());
  expect(end?.reason).toBe('complete');
  expect(existsSync(join(folder, 'summary.json'))).toBe(true);
  expect(existsSync(join(folder, 'report', 'index.html'))).toBe(true);
}

test('killed in the middle of a trial, resumed, interrupted, resumed', async () => {
  const folder = join(temporaryFolder(), 'run');
  const mark = join(temporaryFolder(), 'mark');
  const env = { FOURWAYS_TEST_MARK: mark };
  /** Ends it in the middle of the trial after the next one. */
  const endInSecondTrial = async (args: readonly string[], signal: NodeJS.Signals): Promise<Ran> => {
    const { child, pid, ended, err } = startCli(args, { env, draws });
    await until('a first trial', 30_000, () => err().includes('[1/'));
    rmSync(mark);
    await until('a second trial under load', 30_000, () => existsSync(mark));
    const tree = linux ? processTree(pid).map((one) => one.pid) : [];
    child.kill(signal);
    const ran = await ended;
    if (linux) await until('all processes gone', 2_000, () => aliveAmong(tree).length === 0);
    rmSync(mark, { force: true });
    return ran;
  };
  const asked = started(folder, '-s', WAITING, '-m', 'single,cluster,worker-threads', '--rounds', '1');
  expect((await endInSecondTrial(asked, 'SIGKILL')).code).toBe(-1);
  expect(trialsIn(folder)).toHaveLength(1);

  const interrupted = await endInSecondTrial(['run', '--resume', folder], 'SIGINT');
  expect(interrupted).toMatchObject({ code: 130, out: '' });
  expect(interrupted.err).toContain(
    `Interrupted: 2 of 3 trials were kept. 'fourways run --resume ${folder}' continues the run, 'fourways report `,
  );
  expect(readRun(join(folder, RUN_FILE), { salvage: false }).end?.reason).toBe('interrupted');
  const kept = trialsIn(folder);

  const last = await runCompiled(['run', '--resume', folder]);
  expect(last.err).toMatch(/^\[1\/1\] /m);
  expect(last.code).toBe(0);
  expectComplete(folder);
  expect(trialsIn(folder).slice(0, 2)).toEqual(kept);
});

// At every other byte: harness/commands/resume.test.ts, on a machine that does not exist.
describe('a run file that was cut off', () => {
  let whole: Promise<Buffer> | undefined;

  /** The run file of a finished run, as one without a yardstick is: manifest, two trials, end. */
  const finished = (): Promise<Buffer> => {
    whole ??= (async () => {
      const folder = join(temporaryFolder(), 'run');
      const asked = started(folder, '-s', WAITING, '-m', 'single', '--rounds', '2');
      expect((await runCompiled(asked)).code).toBe(0);
      const lines = readFileSync(join(folder, RUN_FILE), 'utf8').trimEnd().split('\n');
      const kept = lines.map((line) => JSON.parse(line)).filter(({ cell }) => cell !== YARDSTICK);
      const plain = kept.map((line) => (line.type === 'manifest' ? { ...line, yardstick: null } : line));
      return Buffer.from(plain.map((line) => `${JSON.stringify({ ...line, crc: undefined })}\n`).join(''));
    })();
    return whole;
  };

  /** Where each line ends. */
  const endsOf = (bytes: Buffer): [number, number, number, number] => {
    const [first = 0, second = 0, third = 0, fourth = 0] = [...bytes.entries()].flatMap(([i, byte]) =>
      byte === 0x0a ? [i + 1] : [],
    );
    return [first, second, third, fourth];
  };

  const cutTo = async (lengthOf: (ends: [number, number, number, number]) => number): Promise<string> => {
    const bytes = await finished();
    const folder = temporaryFolder();
    writeFileSync(join(folder, RUN_FILE), bytes.subarray(0, lengthOf(endsOf(bytes))));
    return folder;
  };

  test.each<[string, number, (ends: [number, number, number, number]) => number]>([
    ['within the first trial', 2, ([first]) => first + 100],
    ['one byte before the end of a trial', 1, ([_, __, third]) => third - 1],
    ['within the last line', 0, ([_, __, third]) => third + 20],
  ])('%s: %i trials are measured', async (_where, due, lengthOf) => {
    const folder = await cutTo(lengthOf);
    const before = trialsIn(folder);
    expect(before).toHaveLength(2 - due);
    const { code, err } = await resume(folder);
    expect(code).toBe(0);
    expect(err.match(/^\[\d\/\d\]/gm) ?? []).toHaveLength(due);
    expectComplete(folder);
    expect(trialsIn(folder).slice(0, before.length)).toEqual(before);
  });
});
