/** From runs to lines, and from lines to what is said of them. */
import { describe, expect, test } from 'vitest';
import { cellOf, environment, planOf } from '../../fixtures/run.ts';
import { normal } from '../../stats/fixtures/noise.ts';
import { randomStream } from '../../stats/random.ts';
import { type HistoryLine, historyLineSchema } from '../../store/history-schema.ts';
import { around, runOf, withYardstick } from '../fixtures/two-runs.ts';
import { historySchema } from '../schema/history.ts';
import { changedOn, lineOf } from './fixtures/lines.ts';
import { historyLine } from './line.ts';
import { historyView, worsenedWithin } from './view.ts';

const asked = { branch: undefined, metrics: ['cpu-per-request'] } as const;
const changesOf = (lines: readonly HistoryLine[]) => historyView(lines, asked).series.flatMap(({ changes }) => changes);

describe('the line of a run', () => {
  const cells = ['single', 'cluster'].map((model) => ({
    cell: cellOf(model),
    perSec: around(100),
    cpuMs: around(10),
  }));
  const git = { commit: 'a'.repeat(40), dirty: true };
  const run = runOf(cells, { environment: { ...environment, git } });

  test('is small, and has where the trials of each cell lie', () => {
    const line = historyLine(run, 'main');
    expect(historyLineSchema.parse(line)).toEqual(line);
    expect(JSON.stringify(line.cells[0]).length).toBeLessThan(1000);
    const place = line.cells[0]?.figures['cpu-per-request'];
    expect(Math.exp(place?.log ?? 0)).toBeCloseTo(10, 1);
    expect(place?.trials).toBe(8);
    expect(line.commit).toEqual({ id: git.commit, dirty: true });
  });

  test('has no throughput that the server did not limit', () => {
    const idle = runOf(cells.map((one) => ({ ...one, busy: 0.4 })));
    expect(Object.keys(historyLine(idle, 'main').cells[0]?.figures ?? {})).not.toContain('throughput');
    expect(Object.keys(historyLine(run, 'main').cells[0]?.figures ?? {})).toContain('throughput');
  });

  test('one trial has no standard error', () => {
    const once = runOf([{ cell: cellOf('single'), perSec: [100], cpuMs: [10] }]);
    expect(historyLine(once, 'main').cells[0]?.figures['cpu-per-request']?.standardError).toBeNull();
  });

  test('has the yardstick, where the run has one', () => {
    const { yardstick } = historyLine(withYardstick(run, around(2)), 'main');
    expect(Math.exp(yardstick?.figures['cpu-per-request']?.log ?? 0)).toBeCloseTo(2, 1);
    expect(yardstick?.setting).toMatch(/iterations/);
    expect(historyLine(run, 'main').yardstick).toBeNull();
  });

  test('has the size of the work where it was calibrated', () => {
    const calibration = { kernelCpuMs: 10, relativeMarginOfError: 0.01, samples: 10 };
    const plan = planOf({ iterations: 1234, calibration: { ...calibration, unitMs: 1 } as never });
    const sized = runOf(cells, {}, [plan]);
    expect(historyLine(sized, 'main').cells[0]?.work).toBe(1234);
  });
});

describe('what a history says', () => {
  test('names the commits around a change, by how much, and with its interval', () => {
    const view = historyView(changedOn(20, 1.07), asked);
    expect(historySchema.parse(view)).toEqual(view);
    expect(view.sentence).toBe('1 change in 30 runs of main: 1 for the worse.');
    const [change] = view.series.flatMap(({ changes }) => changes);
    expect(change?.between).toEqual({ before: '1414141', after: '1515151' });
    expect(change?.sentence).toMatch(
      /^between 1414141 and 1515151: cpu\/cluster takes [67]\.\d% more CPU per request \([5-7]\.\d to [6-9]\.\d\)$/,
    );
  });

  test('less of what should be less is better', () => {
    expect(changesOf(changedOn(15, 0.9)).map(({ verdict }) => verdict)).toEqual(['better']);
  });

  test('nothing changed: said, with nothing else', () => {
    expect(historyView(changedOn(20, 1), asked).sentence).toBe('No change was found in 30 runs of main.');
  });

  test('another machine, and another Node.js, is a series of its own, and said', () => {
    const machine = { cpuModel: 'Other CPU', cpus: 2, system: 'linux x64' };
    // Half as fast from the 15th day on: no change of the code.
    const lines = changedOn(15, 2).map((line, i) => (i < 15 ? line : { ...line, machine }));
    const view = historyView(lines, asked);
    expect(view.series).toHaveLength(4);
    expect(view.series.flatMap(({ changes }) => changes)).toEqual([]);
    expect(view.notes[0]).toMatch(
      /^each machine and Node.js is a series of its own.*Test CPU, 2 CPUs, linux x64, Node 22\.12\.0 \(15 runs\); Other CPU/,
    );
    const newer = changedOn(15, 2).map((line, i) => (i < 15 ? line : { ...line, node: '24.0.0' }));
    expect(changesOf(newer)).toEqual([]);
  });

  test('other settings are another series', () => {
    const lines = changedOn(15, 2).map((line, i) =>
      i < 15 ? line : { ...line, cells: line.cells.map((cell) => ({ ...cell, setting: '4 workers' })) },
    );
    expect(changesOf(lines)).toEqual([]);
    expect(historyView(lines, asked).notes.join('\n')).toContain('cpu/cluster was measured in several ways');
  });

  test('work that was calibrated otherwise does not look like a change', () => {
    const lines = changedOn(15, 1.2).map((line, i) => ({
      ...line,
      cells: line.cells.map((cell) => ({ ...cell, work: cell.id === 'cpu/cluster' && i >= 15 ? 1200 : 1000 })),
    }));
    expect(changesOf(lines)).toEqual([]);
  });

  test('a machine that becomes slower moves the yardstick as well', () => {
    const noise = normal(randomStream(3));
    let speed = 0;
    const lines = Array.from({ length: 40 }, (_, i) => {
      speed += 0.02 * noise() + (i === 25 ? 0.15 : 0);
      const place = { log: speed + 0.005 * noise(), standardError: 0.005, trials: 5 };
      const yardstick = { setting: '1000 iterations', figures: { 'cpu-per-request': place } };
      return lineOf(i, { 'cpu/single': 10 * Math.exp(speed + 0.01 * noise()) }, { yardstick });
    });
    expect(changesOf(lines)).toEqual([]);
    expect(changesOf(lines.map((line) => ({ ...line, yardstick: null }))).length).toBeGreaterThan(0);
  });

  test('five changes of 5 to 10% in 60 commits, on a machine whose speed drifts as the yardstick sees', () => {
    const noise = normal(randomStream(9));
    const times = new Map([
      [9, 1.07],
      [20, 0.94],
      [31, 1.1],
      [40, 1.05],
      [51, 0.92],
    ]);
    let [ms, speed] = [8, 0];
    const lines = Array.from({ length: 60 }, (_, i) => {
      ms *= times.get(i) ?? 1;
      speed += 0.02 * noise();
      const place = { log: speed + 0.01 * noise(), standardError: 0.01, trials: 5 };
      const yardstick = { setting: '1000 iterations', figures: { 'cpu-per-request': place } };
      return lineOf(i, { 'cpu/cluster': ms * Math.exp(speed + 0.01 * noise()) }, { yardstick });
    });
    const found = changesOf(lines);
    expect(found.map(({ verdict }) => verdict)).toEqual(['worse', 'better', 'worse', 'worse', 'better']);
    for (const [i, at] of [...times.keys()].entries())
      expect(Math.abs((found[i]?.at ?? 0) - at)).toBeLessThanOrEqual(1);
    expect(found[0]?.sentence).toContain(', relative to the yardstick');
  });

  test('two runs of one commit do not blame the code; a new fourways and other connections are named', () => {
    const lines = changedOn(15, 1.1).map((line, i) =>
      i === 15 ? { ...line, commit: { id: `${(15).toString(16).padStart(2, '0')}`.repeat(20), dirty: false } } : line,
    );
    const same = changesOf(lines.map((line, i) => (i === 14 ? { ...line, commit: lines[15]?.commit ?? null } : line)));
    expect(same[0]?.notes).toEqual(['both runs are of the same commit, so it is not the code that changed']);
    const newer = changedOn(15, 1.1).map((line, i) => (i < 15 ? line : { ...line, version: '0.2.0' }));
    expect(changesOf(newer)[0]?.notes).toEqual(['fourways 0.1.0 became 0.2.0 there']);
    const more = changedOn(15, 1.1).map((line, i) => ({
      ...line,
      cells: line.cells.map((cell) => ({ ...cell, connections: i < 15 ? 32 : 48 })),
    }));
    expect(changesOf(more)[0]?.notes[0]).toMatch(/^32 connections became 48 there; --connections/);
  });

  test('a run outside git is named by its time', () => {
    const lines = changedOn(15, 1.1).map((line) => ({ ...line, commit: null }));
    expect(changesOf(lines)[0]?.between.before).toBe('2026-01-15 12:00');
  });

  test('is of one branch, that with most runs, in the order of time, each run once', () => {
    const lines = changedOn(20, 1.07);
    const others = lines.slice(0, 5).map((line) => ({ ...line, branch: 'feature/x' }));
    const mixed = [...lines.toReversed(), ...others, ...lines.slice(0, 3)];
    const view = historyView(mixed, asked);
    expect(view.branch).toBe('main');
    expect({ runs: view.runs, changes: view.series.map(({ changes }) => changes.length) }).toEqual({
      runs: 30,
      changes: [0, 1],
    });
    expect(view.notes).toContain('5 runs of feature/x are not shown; --branch names another branch');
    expect(historyView(mixed, { ...asked, branch: 'feature/x' }).runs).toBe(5);
    expect(() => historyView(mixed, { ...asked, branch: 'mian' })).toThrow(
      "--branch mian: the history has no run of it. Did you mean 'main'?",
    );
  });

  test('a change for the worse counts as recent while its first run is among the newest', () => {
    const view = historyView(changedOn(20, 1.07), asked);
    expect(worsenedWithin(view, 10)).toHaveLength(1);
    expect(worsenedWithin(view, 9)).toHaveLength(0);
    expect(worsenedWithin(historyView(changedOn(20, 0.9), asked), 30)).toHaveLength(0);
  });
});
