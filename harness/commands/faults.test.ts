/** `run --fault` on a machine that does not exist: what is planned, told, recorded, and continued. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { scenarios, scenariosWithService } from '../../scenarios/index.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { mistake, mistakeAfter, run } from '../fixtures/command.ts';
import { fakeMeasuring, type FakeMeasuring, steadyTrial } from '../fixtures/fake-measuring.ts';
import { plausibleFaultTrial } from '../fixtures/faults.ts';
import { newFolder, runFileIn, summaryIn } from '../fixtures/stopped-run.ts';
import { readRun } from '../store/read-run.ts';

const ASKED = ['run', '-s', 'hello', '-m', 'single,cluster', '-w', '2', '--isolate', '0', '--seed', '1'];
const FAULTS = [...ASKED, '--rounds', '2', '--rate', 'none', '--fault', 'kill,block=200ms'];

const runWith = (words: readonly string[], measuring = fakeMeasuring()) => run(words, { measuring: () => measuring });
const faultsIn = ({ log }: FakeMeasuring): string[] => log.filter((entry) => entry.startsWith('faults'));
const runIn = (folder: string) => readRun(runFileIn(folder), { salvage: false });

describe('run --fault', () => {
  test('measures faults after everything else, and tells how much that is before it', async () => {
    const folder = newFolder();
    const measuring = fakeMeasuring();
    const { code, err } = await runWith([...FAULTS, '--out', folder], measuring);
    expect(code).toBe(0);
    expect(measuring.log.map((entry) => entry.replace(/ .*/, ''))).toEqual([
      'calibrate',
      'preflight',
      ...Array.from({ length: 4 }, () => 'trial'),
      ...Array.from({ length: 8 }, () => 'faults'),
      'close',
      'close',
    ]);
    // Trials take no time here, so what is left is the machine's.
    expect(
      err
        .replaceAll(folder, '<folder>')
        .replace('npx fourways', 'fourways')
        .replace(/, \d+ s left$/gm, ''),
    ).toMatchInlineSnapshot(`
      "hello: comparing all replies
      hello: finding connections and placement
      faults: 8 trials after everything else, about 1 min 16 s
      [ 1/12] hello/single, round 1: 1,000 requests/s
      [ 2/12] hello/cluster, round 1: 2,000 requests/s
      [ 3/12] hello/cluster, round 2: 2,010 requests/s
      [ 4/12] hello/single, round 2: 1,010 requests/s
      [ 5/12] hello: 200 ms of a blocked event loop under single, round 1 of 2: 0 of 3,017 requests lost
      [ 6/12] hello: a killed worker under single, round 1 of 2: 2,005 of 3,091 requests lost, and the server answers no more
      [ 7/12] hello: a killed worker under cluster, round 1 of 2: 13 of 2,966 requests lost
      [ 8/12] hello: 200 ms of a blocked event loop under cluster, round 1 of 2: 0 of 3,271 requests lost
      [ 9/12] hello: 200 ms of a blocked event loop under single, round 2 of 2: 0 of 3,133 requests lost
      [10/12] hello: a killed worker under single, round 2 of 2: 1,914 of 2,958 requests lost, and the server answers no more
      [11/12] hello: a killed worker under cluster, round 2 of 2: 18 of 3,073 requests lost
      [12/12] hello: 200 ms of a blocked event loop under cluster, round 2 of 2: 0 of 3,160 requests lost
      About 2 s more would probably decide hello:
        fourways run --resume <folder> --budget 30s
      Report: <folder>/report/index.html
      "
    `);
  });

  test('records them apart from other trials, at half of what the slowest can do', async () => {
    const folder = newFolder();
    await runWith([...FAULTS, '--out', folder]);
    const { manifest, additions, trials, faulted = [] } = runIn(folder);
    expect(manifest.faults).toMatchObject({ rounds: 2, restarts: [true], rate: { kind: 'share', share: 0.5 } });
    expect(additions).toMatchObject([{ why: { kind: 'faults', basis: { cell: 'hello/single' } }, rounds: [0, 1] }]);
    expect(additions[0]?.cells.map(({ id, load }) => [id, load])).toMatchObject([
      ['hello/single!kill', { requestsPerSec: 502, beforeMs: 2000, eachMs: 4000 }],
      ['hello/single!block=200ms', { requestsPerSec: 502, beforeMs: 2000, eachMs: 4200 }],
      ['hello/cluster!kill', { requestsPerSec: 502, restarts: true }],
      ['hello/cluster!block=200ms', { requestsPerSec: 502 }],
    ]);
    expect([trials.length, faulted.length]).toEqual([4, 8]);
    // Nothing but capacity is summed up as capacity, and there was no latency.
    const [scenario] = summaryIn(folder).scenarios;
    expect(scenario?.cells.map(({ id, trialsOk }) => [id, trialsOk])).toEqual([
      ['hello/single', 2],
      ['hello/cluster', 2],
    ]);
    expect(scenario?.latency).toBeNull();
  });

  test('a rate that was given is theirs as well', async () => {
    const folder = newFolder();
    await runWith([...ASKED, '--rounds', '1', '--rate', '300', '--fault', 'kill', '--out', folder]);
    const { additions } = runIn(folder);
    expect(additions.map(({ why, cells }) => [why.kind, cells.map(({ id }) => id)])).toEqual([
      ['common', ['hello/single@300', 'hello/cluster@300']],
      ['faults', ['hello/single!kill', 'hello/cluster!kill']],
    ]);
    expect(additions[1]?.cells[0]?.load).toMatchObject({ requestsPerSec: 300 });
  });

  test('what a server cannot take is told once, and the rest is measured', async () => {
    const folder = newFolder();
    const own = [
      '--command',
      'pm2=pm2-runtime start x.js',
      '--url',
      'mine=http://127.0.0.1:3000',
      '--request',
      'GET /',
    ];
    const asked = ['run', ...own, '--rounds', '1', '--isolate', '0', '--fault', 'kill,reload'];
    const measuring = fakeMeasuring();
    const { code, err } = await runWith([...asked, '--out', folder], measuring);
    expect(code).toBe(0);
    expect(err.split('\n').filter((line) => line.startsWith('warning: --fault'))).toEqual([
      "warning: --fault reload is not measured under pm2 → how it reloads is not known; give --reload 'pm2=<line>'",
      'warning: --fault kill,reload is not measured under mine → it runs already, and what was not started here is not broken; use --command',
    ]);
    expect(faultsIn(measuring)).toEqual(['faults service/pm2!kill 0']);
  });

  test('a trial that failed is repeated, and its cell given up in the end', async () => {
    const measuring = fakeMeasuring(steadyTrial, (cell, round, attempt) => {
      const trial = plausibleFaultTrial(cell, round);
      if (cell.id !== 'hello/cluster!kill') return trial;
      return {
        ...trial,
        attempt,
        outcome: { status: 'failed', reason: { kind: 'server', message: 'no worker died' } },
      };
    });
    const { err } = await runWith([...FAULTS, '--out', newFolder()], measuring);
    expect(err).toContain('hello: a killed worker under cluster, round 1 of 2, attempt 3: failed, no worker died');
    expect(faultsIn(measuring).filter((entry) => entry.includes('cluster!kill'))).toEqual([
      'faults hello/cluster!kill 0',
      'faults hello/cluster!kill 0 again',
      'faults hello/cluster!kill 0 again',
    ]);
  });
});

describe('mistakes', () => {
  test.each([
    [['--fault', 'kil'], "--fault kil: unknown fault. Did you mean 'kill'?"],
    [['--restart', 'off'], '--restart off goes with --fault: it says how a model behaves when it is broken'],
    [['--fault', 'kill', '--fault', 'kill'], '--fault kill was given twice; give each value once'],
  ])('%j', async (words, message) => {
    expect(mistake(await runWith([...ASKED, ...words, '--out', newFolder()]))).toBe(message);
  });

  test('a stalled service needs one', async () => {
    const ran = await runWith([...ASKED, '--fault', 'upstream-stall', '--out', newFolder()]);
    expect(mistakeAfter(ran)).toBe(
      '--fault upstream-stall: hello has no service that could stall; of the built-in scenarios -s io, -s postgres, -s redis have one',
    );
    const io = ['run', '-s', 'io', '-m', 'single', '--rounds', '1', '--fault', 'upstream-stall', '--out', newFolder()];
    expect((await runWith(io)).code).toBe(0);
  });

  test('those scenarios are named that start one', async () => {
    const starting = [];
    for (const [name, load] of Object.entries<() => Promise<{ default: Pick<Scenario, 'setUp'> }>>(scenarios)) {
      const { setUp } = (await load()).default;
      if (String(setUp).includes('startService')) starting.push(name);
    }
    expect(starting.toSorted()).toEqual(scenariosWithService.toSorted());
  });

  test('ab and compare have no faults', async () => {
    expect(mistake(await runWith(['ab', 'a', 'b', '--fault', 'kill']))).toBe(
      '--fault is not a flag of fourways ab, but of fourways run; see fourways ab --help',
    );
    expect(mistake(await runWith(['compare', 'a', 'b', '--fault', 'kill']))).toContain('but of fourways run');
  });
});

describe('a run that stops among its faults', () => {
  /** Ctrl-C in the middle of the nth trial with faults. */
  const interruptedIn = (nth: number): FakeMeasuring => {
    let begun = 0;
    return fakeMeasuring(steadyTrial, (cell, round) => {
      if (begun++ === nth) process.emit('SIGINT', 'SIGINT');
      return plausibleFaultTrial(cell, round);
    });
  };

  test('keeps what was finished, says how to go on, and does: with the same trials in the same order', async () => {
    const [whole, folder] = [fakeMeasuring(), newFolder()];
    await runWith([...FAULTS, '--out', newFolder()], whole);
    const first = interruptedIn(3);
    const stopped = await runWith([...FAULTS, '--out', folder], first);
    expect(stopped.code).toBe(130);
    expect(stopped.err).toContain(
      `Interrupted: 7 of 12 trials were kept. 'fourways run --resume ${folder}' continues the run`,
    );
    expect(runIn(folder).faulted).toHaveLength(3);
    const second = fakeMeasuring();
    expect((await runWith(['run', '--resume', folder], second)).code).toBe(0);
    expect([...faultsIn(first), ...faultsIn(second)]).toEqual(faultsIn(whole));
    expect(runIn(folder).faulted).toHaveLength(8);
    const { err } = await runWith(['run', '--resume', folder]);
    expect(err).toContain('is complete; nothing is left to measure.');
  });

  test('before the first of them, counts those that are to come', async () => {
    const folder = newFolder();
    let begun = 0;
    const measuring = fakeMeasuring((cell, round) => {
      if (begun++ === 1) process.emit('SIGINT', 'SIGINT');
      return steadyTrial(cell, round);
    });
    const { err } = await runWith([...FAULTS, '--out', folder], measuring);
    expect(err).toContain('Interrupted: 1 of 12 trials were kept.');
  });

  test('is not given other faults', async () => {
    const folder = newFolder();
    await runWith([...FAULTS, '--out', folder], interruptedIn(1));
    const before = readFileSync(runFileIn(folder), 'utf8');
    expect(mistake(await runWith(['run', '--resume', folder, '--fault', 'crash']))).toBe(
      '--resume continues a run with its own plan; leave out --fault, or start a new run without --resume',
    );
    expect(readFileSync(runFileIn(folder), 'utf8')).toBe(before);
  });
});
