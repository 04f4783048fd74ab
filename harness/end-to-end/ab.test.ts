/** `fourways ab` with real processes: trials are paired as they should be, and what is written can be read. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli, startCli } from '../fixtures/cli-process.ts';
import { runCompiled } from '../fixtures/compiled-command.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { until } from '../measure/fixtures/processes.ts';
import { readRun } from '../store/read-run.ts';
import type { Trial } from '../store/schema.ts';

/** What would keep a process that loads the module from ending. */
const HELD_OPEN = `import { createServer } from 'node:http';
setInterval(() => {}, 1000);
createServer().listen(0);
process.on('SIGTERM', () => {});
`;

/** It waits, which is a light load. */
const scenario = (body: string): string => `export default { summary: 's', question: 'q', parameters: {},
  requests: () => [{ name: 'x', weight: 1, method: 'GET', path: '/' }],
  createHandler: () => () => later({ status: 200, headers: { 'content-type': 'text/plain' }, body: '${body}' }),
  verify: ({ text }) => (text === '${body}' ? undefined : 'the reply of another side') };
const later = (reply) => new Promise((resolve) => setTimeout(resolve, 20, reply));`;

/**
 * Tests run beside it, and a trial that they disturb would come again. A rate takes as long as its requests do, and what seems to be worse
 * by chance would be profiled.
 */
const UNREPEATED = ['--retries', '0', '--rate', 'none', '--profile=false'];
const LEAST = ['--rounds', '3', '--duration', '150ms', '-c', '4', '--seed', '3', '--format', 'json', ...UNREPEATED];

/** The trials of a side by round, each with the moments at which it began and ended. */
function spansOf(folder: string, side: string): readonly { round: number; from: number; to: number }[] {
  const { trials, end } = readRun(join(folder, side, 'run.ndjson'), { salvage: false });
  expect(end?.reason).toBe('complete');
  return trials.map(({ round, startedAt, phasesMs, outcome }: Trial) => {
    expect(outcome.status).toBe('ok');
    const from = Date.parse(startedAt);
    return { round, from, to: from + Object.values(phasesMs).reduce((sum, ms) => sum + ms, 0) };
  });
}

test('a duet of two modules: both sides of a round at the same time, each with its own replies', async () => {
  const root = temporaryFolder();
  const [before, after, out] = [join(root, 'before.js'), join(root, 'after.js'), join(root, 'out')];
  writeFileSync(before, HELD_OPEN + scenario('before'));
  writeFileSync(after, HELD_OPEN + scenario('now'));
  const ran = await runCli(['ab', before, after, '--duet', ...LEAST, '--out', out]);
  expect([0, 1, 3], ran.err).toContain(ran.code);
  expect(ran.err).toContain("before: the replies of head to 'x' differ from those of base: ");
  expect(JSON.parse(ran.out)).toMatchObject({ how: 'duet', cells: [{ id: 'before/single' }] });
  const [base, head] = [spansOf(out, 'base'), spansOf(out, 'head')];
  expect(base.map(({ round }) => round)).toEqual([0, 1, 2]);
  for (const [i, one] of base.entries()) {
    const other = head[i];
    if (other === undefined) throw new Error('a round has one side');
    expect(other.round).toBe(one.round);
    expect(Math.max(one.from, other.from)).toBeLessThan(Math.min(one.to, other.to));
  }
  const compared = await runCompiled(['compare', join(out, 'base'), join(out, 'head'), '--format', 'json']);
  expect(JSON.parse(compared.out)).toMatchObject({ how: 'duet', cells: JSON.parse(ran.out).cells });
});

test('two binaries in turn: one at a time, each on its own', async () => {
  const root = temporaryFolder();
  const binaries = ['base', 'head'].map((side) => {
    const path = join(root, `node-${side}`);
    writeFileSync(path, `#!/bin/sh\necho "$@" >> '${path}.log'\nexec '${process.execPath}' "$@"\n`);
    chmodSync(path, 0o755);
    return path;
  });
  const [own, out] = [join(root, 'own.js'), join(root, 'out')];
  writeFileSync(own, scenario('x'));
  const ran = await runCli(['ab', ...binaries, '-s', own, '--duet=false', ...LEAST, '--out', out]);
  expect([0, 1, 3], ran.err).toContain(ran.code);
  for (const path of binaries) {
    const started = readFileSync(`${path}.log`, 'utf8').trim().split('\n');
    // Once for its version, once before anything is timed, and a launch for each round; generators run on our own Node.js.
    expect(started.filter((line) => line.includes('servers/host'))).toHaveLength(4);
    expect(started).toHaveLength(5);
  }
  const spans = [...spansOf(out, 'base'), ...spansOf(out, 'head')].toSorted((a, b) => a.from - b.from);
  expect(spans.map(({ round }) => round)).toEqual([0, 0, 1, 1, 2, 2]);
  for (const [i, { from }] of spans.entries()) {
    // The moments are on the system clock, the lengths on another one.
    expect(from).toBeGreaterThan((spans[i - 1]?.to ?? 0) - 50);
  }
});

test('a side that fails under load takes the other with it, and nobody waits for ever', async () => {
  const root = temporaryFolder();
  const [before, after, out] = [join(root, 'before.js'), join(root, 'after.js'), join(root, 'out')];
  writeFileSync(before, scenario('x'));
  const failing = 'createHandler: () => { let n = 0; return () => later({ status: ++n > 50 ? 500 : 200,';
  writeFileSync(
    after,
    scenario('x').replace('createHandler: () => () => later({ status: 200,', failing).replace("'x' }),", "'x' }); },"),
  );
  const { ended, err } = startCli(['ab', before, after, '--duet', ...LEAST, '--out', out]);
  await until('the end of the pair', 40_000, () => err().includes('Nothing can be compared'));
  const saidMs = performance.now();
  const ran = await ended;
  // Nor is there a warm-up that goes on without a trial.
  expect(performance.now() - saidMs).toBeLessThan(5_000);
  expect(ran.code).toBe(3);
  expect(JSON.parse(ran.out)).toMatchObject({
    outcome: 'broken',
    line: '✗ before/single works in base but not in head',
  });
  expect(ran.err).toMatch(/^Nothing can be compared: head failed in before\/single: /m);
  const kinds = ['base', 'head'].map((side) =>
    readRun(join(out, side, 'run.ndjson'), { salvage: false }).trials.map(({ outcome }) =>
      outcome.status === 'ok' ? 'ok' : outcome.reason.kind,
    ),
  );
  expect(kinds).toEqual([['other-side'], ['status']]);
});
