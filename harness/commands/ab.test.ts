/** `fourways ab` on a machine that does not exist, at capacity. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mistake, mistakeAfter, run } from '../fixtures/command.ts';
import { fakeMeasuring, steadyTrial } from '../fixtures/fake-measuring.ts';
import { measurementOf, serverOf } from '../fixtures/measurement.ts';
import { failedTrial, okTrial } from '../fixtures/run.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { profileOf } from '../judge/profiles/fixtures/profile.ts';
import type { Measuring } from '../measure/measuring.ts';
import type { TrialRequest } from '../measure/trial/request.ts';
import { randomStream } from '../stats/random.ts';
import { readProfiles } from '../store/profiles-folder.ts';
import { readRun } from '../store/read-run.ts';
import type { Trial } from '../store/schema.ts';

const SCENARIO = `export default { summary: 's', question: 'q', parameters: {},
  requests: () => [{ name: 'x', weight: 1, method: 'GET', path: '/' }],
  createHandler: () => () => ({ status: 200, headers: {}, body: 'x' }), verify: () => undefined };`;

/** Two checkouts with the same scenario file, and a name for the results. */
function checkouts(way: '--duet' | '--duet=false' = '--duet=false') {
  const root = temporaryFolder();
  const [base, head, out] = [join(root, 'before'), join(root, 'after'), join(root, 'out')];
  for (const folder of [base, head]) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'work.js'), SCENARIO);
  }
  const flags = ['--seed', '1', '--rate', 'none', way];
  return { root, base, head, out, args: ['ab', base, head, '-s', './work.js', ...flags, '--out', out] };
}

const isHead = ({ loaded }: TrialRequest): boolean => /after|node-b/.test(loaded.url);

/** Both sides cost a little more or less from trial to trial, and head so many times as much as base. */
function costing(factor: number, noise = 0.01) {
  const random = randomStream(4);
  const requests: TrialRequest[] = [];
  const trialOf = (request: TrialRequest): Trial => {
    const cpuMsPerRequest = (1 + noise * (random() - 0.5)) * (isHead(request) ? factor : 1);
    const figures = { requestsPerSec: 1000 / cpuMsPerRequest, server: serverOf({ cpuMsPerRequest }) };
    return okTrial(request.cell, request.round, measurementOf(figures), request.attempt);
  };
  const measuring = machine((request) => {
    requests.push(request);
    return trialOf(request);
  });
  return { requests, measuring };
}

function machine(trialOf: (request: TrialRequest) => Trial): () => Measuring {
  return () => ({ ...fakeMeasuring(), runTrial: async (request) => trialOf(request) });
}

const runOf = (folder: string, side: string) => readRun(join(folder, side, 'run.ndjson'), { salvage: false });

test('a head that costs more is worse: exit code 1, and both runs on the disk', async () => {
  const { args, out } = checkouts();
  const { measuring, requests } = costing(1.1);
  const ran = await run(args, { measuring });
  expect(ran.code).toBe(1);
  expect(ran.out).toContain('worse');
  expect(ran.err).toContain('work/single head, round 3');
  const [base, head] = [runOf(out, 'base'), runOf(out, 'head')];
  const id = base.manifest.ab?.id;
  expect(base.manifest.ab).toEqual({ id, side: 'base', duet: false });
  expect(head.manifest.ab).toEqual({ id, side: 'head', duet: false });
  expect(head.manifest.cells).toEqual(base.manifest.cells);
  expect(requests.length).toBe(base.trials.length + head.trials.length);
  expect(existsSync(join(out, 'head', 'summary.json'))).toBe(true);
  const again = await run(['compare', join(out, 'base'), join(out, 'head'), '--format', 'json']);
  const printed = await run([...args.slice(0, -1), join(temporaryFolder(), 'x'), '--format', 'json'], {
    measuring: costing(1.1).measuring,
  });
  const cells = (text: string) => JSON.parse(text).cells;
  expect(again.code).toBe(1);
  expect(cells(again.out)).toEqual(cells(printed.out));
  expect((await run(['report', join(out, 'head')])).code).toBe(0);
  expect((await run(['ab', '--help'])).out).toMatch(/--budget.*--duet.*--margin.*Exit code 0 if nothing is shown/s);
});

test('a head that costs the same is equivalent, as soon as that is certain', async () => {
  const { args, out } = checkouts();
  const ran = await run(args, { measuring: costing(1, 0.02).measuring });
  expect(ran.code).toBe(0);
  expect(ran.out).toContain('✓ no regression: work ');
  const { trials, additions } = runOf(out, 'base');
  const rounds = new Set(trials.map(({ round }) => round)).size;
  expect(rounds).toBe(3 + additions.flatMap((one) => one.rounds).length);
  expect(rounds).toBeLessThan(28);
});

test('noise is left open when the budget is spent, which only --strict minds', async () => {
  const noisy = () => ({ measuring: costing(1.02, 0.5).measuring });
  const first = checkouts();
  expect(await run([...first.args, '--budget', '20s'], noisy())).toMatchObject({ code: 0 });
  const second = checkouts();
  const strict = await run([...second.args, '--budget', '20s', '--strict'], noisy());
  expect(strict.code).toBe(3);
  expect(strict.err).toContain('0 of 1 cell settled; the budget is spent');
  // Each trial says that it took 1,050 ms.
  expect(runOf(second.out, 'head').trials.length).toBeLessThanOrEqual(9);
});

test('--rounds is what is measured, both sides of a cell next to each other', async () => {
  const { args, out } = checkouts();
  const { measuring, requests } = costing(1);
  await run([...args, '--rounds', '6', '-m', 'single,cluster', '-w', '2'], { measuring });
  expect(runOf(out, 'base').trials).toHaveLength(12);
  for (let i = 0; i < requests.length; i += 2) {
    const [first, second] = [requests[i], requests[i + 1]];
    if (first === undefined || second === undefined) throw new Error('a pair is incomplete');
    expect([second.cell.id, second.round]).toEqual([first.cell.id, first.round]);
    expect(isHead(first)).not.toBe(isHead(second));
    expect(second.plan.iterations).toBe(first.plan.iterations);
    expect(first.barrier).toBeUndefined();
  }
});

describe('a duet', () => {
  test('measures both at once, with a barrier between them', async () => {
    const { args, out } = checkouts('--duet');
    const { measuring, requests } = costing(1);
    expect((await run([...args, '--rounds', '3'], { measuring })).code).toBe(0);
    expect(requests.every(({ barrier }) => barrier !== undefined)).toBe(true);
    expect(runOf(out, 'head').manifest.ab).toMatchObject({ duet: true });
  });
});

describe.each(['--duet=false', '--duet'] as const)('%s', (way) => {
  test('a round that one side fails in counts for neither, and is measured again by both', async () => {
    const { args, out } = checkouts(way);
    const healthy = costing(1).measuring();
    const measuring = (): Measuring => ({
      ...healthy,
      runTrial: async (request, signal) =>
        isHead(request) && request.round < 2 && request.attempt === 0
          ? failedTrial(request.cell, request.round)
          : healthy.runTrial(request, signal),
    });
    // Each side is first in one of the first two rounds. Head fails twice, and base never.
    expect((await run([...args, '--rounds', '3'], { measuring })).code).toBe(3);
    const outcomes = (side: string) =>
      runOf(out, side).trials.map(({ round, attempt, outcome }) =>
        [round, attempt, outcome.status === 'ok' ? 'ok' : outcome.reason.kind].join(' '),
      );
    expect(outcomes('head')).toEqual(['0 0 timeout', '0 1 ok', '1 0 timeout', '1 1 ok', '2 0 ok']);
    const ofBase = outcomes('base');
    expect(ofBase.filter((one) => one.endsWith('ok'))).toEqual(['0 1 ok', '1 1 ok', '2 0 ok']);
    // One after the other, base is not measured in vain where head was first.
    const beside = ofBase.filter((one) => one.endsWith('other-side'));
    expect(beside).toHaveLength(way === '--duet' ? 2 : 1);
  });

  test('a cell that works in base only is not passed over: exit code 3', async () => {
    const { args } = checkouts(way);
    const healthy = costing(1).measuring();
    const measuring = (): Measuring => ({
      ...healthy,
      runTrial: async (request, signal) =>
        isHead(request) && request.cell.model === 'cluster'
          ? failedTrial(request.cell, request.round, 'timeout', request.attempt)
          : healthy.runTrial(request, signal),
    });
    const argv = [...args, '-m', 'single,cluster', '-w', '2', '--rounds', '4'];
    expect((await run(argv, { measuring })).code).toBe(3);
  });
});

test('a side that always fails leaves nothing to compare: exit code 3, with the reason', async () => {
  const { args, out } = checkouts();
  const failing = machine((request) =>
    isHead(request)
      ? failedTrial(request.cell, request.round, 'timeout', request.attempt)
      : steadyTrial(request.cell, request.round),
  );
  const ran = await run(args, { measuring: failing });
  expect(ran.code).toBe(3);
  expect(ran.out).toMatch(/^✗ work\/single: head failed 3 of its 3 tries, base none$/m);
  expect(ran.err).toContain('0 of 1 cell settled; nothing could be judged\n');
  expect(ran.err).toContain(
    `Nothing can be compared: head failed in work/single: a request had no reply within 10 s. 'fourways report ${join(out, 'head')}' shows more.\n`,
  );
});

test.each([
  ['junit', /failures="1".*<failure type="broken" message="nothing could be compared: no valid figures in base/s],
  ['json', /"outcome": "broken"/],
  ['github', /^::error title=all cells%3A comparable::nothing could be compared: no valid figures in base/],
])('a base that always fails leaves a document all the same: %s', async (format, said) => {
  const failing = machine((request) =>
    isHead(request)
      ? steadyTrial(request.cell, request.round)
      : failedTrial(request.cell, request.round, 'timeout', request.attempt),
  );
  const ran = await run([...checkouts().args, '--format', format], { measuring: failing });
  expect(ran.code).toBe(3);
  expect(ran.out).toMatch(said);
});

test('Ctrl-C keeps what has ended, and says how to see it', async () => {
  const { args, out } = checkouts();
  let trials = 0;
  const healthy = costing(1).measuring();
  const measuring = (): Measuring => ({
    ...healthy,
    runTrial: async (request, signal) => {
      if (++trials === 6) process.emit('SIGINT');
      signal.throwIfAborted();
      return healthy.runTrial(request, signal);
    },
  });
  const ran = await run(args, { measuring });
  expect({ code: ran.code, out: ran.out }).toEqual({ code: 130, out: '' });
  expect(ran.err).toMatch(
    /^Interrupted: \d trials of base and \d of head were kept\. 'fourways compare \S+base \S+head' shows them\.$/m,
  );
  const [base, head] = [runOf(out, 'base'), runOf(out, 'head')];
  // The sixth was the other half of a pair, so the fifth is not kept either.
  expect([base.trials.length, head.trials.length]).toEqual([2, 2]);
  expect([base.end?.reason, head.end?.reason]).toEqual(['interrupted', 'interrupted']);
  expect(mistake(await run(['run', '--resume', join(out, 'head')]))).toMatch(
    /: this is one side of fourways ab, which cannot /,
  );
});

describe('what got slower', () => {
  /** A machine on which `slow` of head takes half of the time of a request. */
  const profiling = (factor: number, before: () => void = () => {}) => {
    const asked: string[] = [];
    const { measuring } = costing(factor);
    const profiles = (request: TrialRequest) => {
      const path = request.loaded.url.replace('file://', '');
      const slow = [[`slow@${path}:7`], isHead(request) ? 2000 : 10] as const;
      return [{ role: 'worker', profile: profileOf([slow, [[`serve@${path}:3`], 2000]]) }];
    };
    return {
      asked,
      measuring: (): Measuring => ({
        ...measuring(),
        profileTrial: async (request, signal) => {
          before();
          await new Promise((resolve) => setImmediate(resolve));
          signal.throwIfAborted();
          asked.push(isHead(request) ? 'head' : 'base');
          const trial = okTrial(request.cell, 0, measurementOf({ server: serverOf({ cpuMs: 2000 }) }), 0);
          return { trial, profiled: { profiles: profiles(request), missing: [] } };
        },
      }),
    };
  };

  test('both sides of a worse cell are profiled twice, and the function is named with its file in either checkout', async () => {
    const { args, out } = checkouts();
    const { asked, measuring } = profiling(1.5);
    const { code, out: printed } = await run([...args, '--format', 'json'], { measuring });
    expect(code).toBe(1);
    expect(asked).toEqual(['base', 'head', 'head', 'base']);
    const [cell] = JSON.parse(printed).slower;
    expect(cell.functions).toMatchObject([{ name: 'slow', where: 'work.js:7' }]);
    expect(cell.profiles.head).toEqual([1, 2].map((n) => `profiles/work-single-head-worker-${n}.cpuprofile`));
    for (const file of cell.profiles.head) expect(existsSync(join(out, file))).toBe(true);
    expect(readProfiles(out)?.cells[0]?.frames?.children[0]).toMatchObject({ name: 'slow' });
  });

  test('nothing is profiled when nothing is worse, or when it is not asked for', async () => {
    const equal = profiling(1);
    expect((await run(checkouts().args, { measuring: equal.measuring })).code).toBe(0);
    const without = profiling(1.5);
    expect((await run([...checkouts().args, '--profile=false'], { measuring: without.measuring })).code).toBe(1);
    expect([...equal.asked, ...without.asked]).toEqual([]);
  });

  test('Ctrl-C skips it, and the verdict stands', async () => {
    const { measuring } = profiling(1.5, () => process.emit('SIGINT'));
    const { code, out } = await run([...checkouts().args, '--format', 'json'], { measuring });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ slower: null, outcome: 'fail' });
  });
});

test('two scenario files are compared under the name of the base', async () => {
  const { root, base, out } = checkouts();
  writeFileSync(join(root, 'after.js'), SCENARIO);
  const argv = ['ab', join(base, 'work.js'), join(root, 'after.js'), '--rounds', '3', '--out', out];
  expect((await run(argv, { measuring: costing(1).measuring })).code).toBe(0);
  expect(runOf(out, 'head').manifest.cells.map(({ id }) => id)).toEqual(['work/single']);
  expect(runOf(out, 'head').manifest.scenarios[0]?.source).toMatchObject({ path: join(root, 'after.js') });
});

test('two Node.js binaries run the servers, and their versions are on record', async () => {
  const { out } = checkouts();
  const { measuring, requests } = costing(1);
  const argv = ['ab', process.execPath, process.execPath, '-s', 'hello', '--rounds', '3', '--out', out];
  expect((await run(argv, { measuring })).code).toBe(0);
  expect(requests.every(({ launch }) => launch?.kind === 'hosted' && launch.execPath === process.execPath)).toBe(true);
  expect(runOf(out, 'head').manifest.environment.node).toBe(process.versions.node);
});

test('replies that differ are said, and measured', async () => {
  const { args } = checkouts();
  const printOf = (body: string) => ({
    status: 200,
    headerLines: [],
    body: Buffer.from(body),
    wireBytes: 9,
    varying: null,
  });
  const healthy = costing(1).measuring();
  const measuring = (): Measuring => ({
    ...healthy,
    preflight: async ({ loaded: { url } }) => ({
      expected: new Map([['x', printOf(/after/.test(url) ? 'b' : 'a')]]),
      unable: new Map(),
    }),
  });
  const ran = await run([...args, '--rounds', '3'], { measuring });
  expect(ran.code).toBe(0);
  expect(ran.err).toContain(
    "work: the replies of head to 'x' differ from those of base: the body differs at byte 0 'b' instead of 'a'\n",
  );
});

test.each([
  ['head', /after/, 3],
  ['base', /before/, 2],
])('a model of several that only %s cannot run', async (side, own, code) => {
  const healthy = costing(1).measuring();
  const unable = new Map([['cluster', { kind: 'refused' as const, message: 'it does not start' }]]);
  const measuring = (): Measuring => ({
    ...healthy,
    preflight: async ({ loaded: { url } }) => ({ expected: new Map(), unable: own.test(url) ? unable : new Map() }),
  });
  const ran = await run([...checkouts().args, '-m', 'single,cluster', '-w', '2', '--rounds', '3'], { measuring });
  expect(ran.code).toBe(code);
  expect(ran.err).toContain(`${side}: scenario work under cluster: it does not start`);
});

describe('bad input is one line and exit code 2, before anything is measured', () => {
  test('kinds that differ', async () => {
    const { base: folder, args } = checkouts();
    expect(mistake(await run(['ab', folder, process.execPath, ...args.slice(3)]))).toBe(
      'fourways ab: base is a folder and head is a Node.js binary; name two folders, two files or two Node.js binaries',
    );
  });

  test('a path that is not there', async () => {
    const { base: folder } = checkouts();
    expect(mistake(await run(['ab', folder, './nowhere', '-s', './work.js']))).toMatch(
      /^head \.\/nowhere: there is no such file or folder; give /,
    );
    expect(mistake(await run(['ab', 'nowhere.js', folder]))).toMatch(/^base nowhere\.js: there is no such file; /);
  });

  test('folders without a scenario, or with one that is the same for both', async () => {
    const { base: a, head: b } = checkouts();
    expect(mistake(await run(['ab', a, b]))).toMatch(
      /^fourways ab: to compare two folders, name the file to measure in each: your service with --app/,
    );
    expect(mistake(await run(['ab', a, b, '-s', 'cpu']))).toMatch(/^--scenario cpu: that is built in, and so the same/);
    expect(mistake(await run(['ab', a, b, '-s', join(a, 'work.js')]))).toMatch(
      /: that is the same file for both sides; /,
    );
  });

  test('a scenario that one checkout does not have', async () => {
    const { base: a, head: b } = checkouts();
    writeFileSync(join(a, 'more.js'), SCENARIO);
    expect(mistake(await run(['ab', a, b, '-s', './more.js']))).toBe(
      `--scenario ./more.js: head has no such file in ${b}; give one that is in both folders`,
    );
  });

  test('a scenario that does not load says on which side', async () => {
    const { head: b, args, out } = checkouts();
    writeFileSync(join(b, 'work.js'), 'throw new Error("broken")');
    expect(mistakeAfter(await run(args))).toMatch(
      /^head: --scenario \S+work\.js: the file fails while loading: broken$/,
    );
    expect(existsSync(out)).toBe(false);
  });

  test.each([
    ['', "kernel: { sizedBy: 'ms', prepare: () => () => undefined },", 'only head has a kernel'],
    ["kernel: { sizedBy: 'ms', prepare: () => () => undefined },", '', 'only base has a kernel'],
    [
      'kernel: { prepare: () => () => undefined },',
      "kernel: { sizedBy: 'ms', prepare: () => () => undefined },",
      'only head has kernel.sizedBy',
    ],
  ])('work that is sized for one side only: %s | %s', async (ofBase, ofHead, what) => {
    const { base: a, head: b, args, out } = checkouts();
    const ms = "parameters: { ms: { summary: 'm', default: 5, min: 1, max: 9 } },";
    for (const [folder, kernel] of [[a, ofBase] as const, [b, ofHead] as const]) {
      writeFileSync(join(folder, 'work.js'), SCENARIO.replace('parameters: {},', `${ms} ${kernel}`));
    }
    expect(mistakeAfter(await run(args))).toBe(
      `scenario ./work.js: ${what}, so the sides would do different work; define it in both or in neither`,
    );
    expect(existsSync(out)).toBe(false);
  });

  test('a file that is no Node.js', async () => {
    const { root: folder } = checkouts();
    const [plain, other] = [join(folder, 'plain'), join(folder, 'other')];
    for (const path of [plain, other]) writeFileSync(path, '#!/bin/sh\necho no\n');
    chmodSync(other, 0o755);
    expect(mistake(await run(['ab', plain, plain]))).toMatch(/: not a folder, a file of a service or scenario/);
    expect(mistake(await run(['ab', other, other]))).toMatch(/does not report a version as Node\.js does/);
  });

  test('flags that cannot be', async () => {
    const { args, base: a } = checkouts();
    expect(mistake(await run([...args, '--margin', '0']))).toMatch(/^--margin 0: give a share above 0/);
    expect(mistake(await run([...args, '--rounds', '2']))).toMatch(/^--rounds 2: /);
    const file = join(a, 'work.js');
    expect(mistake(await run(['ab', file, file, '-s', './work.js']))).toMatch(
      /^--scenario: base and head are the files/,
    );
  });
});
