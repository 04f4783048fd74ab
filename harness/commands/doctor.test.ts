/** The command on a machine that does not exist. */
import { expect, test } from 'vitest';
import { type Ran, run } from '../fixtures/command.ts';
import { delayTrial, equalTrial, type Fake, fakeExamining, trueTrial } from '../fixtures/fake-examining.ts';
import { okTrial } from '../fixtures/run.ts';

const doctor = (changes: Partial<Fake> = {}, ...argv: readonly string[]): Promise<Ran> =>
  run(['doctor', '--seed', '1', ...argv], { examining: () => fakeExamining(changes) });

test('a machine that is fit: the table, one sentence on noise, exit code 0', async () => {
  const { code, out, err } = await doctor();
  expect(code).toBe(0);
  expect(out).toMatchInlineSnapshot(`
    "check                              measured                              true               verdict
    ─────────────────────────────────────────────────────────────────────────────────────────────────────
    free CPU                           99.6% free, others use 0.4%           –                  ok
    load average                       0.31 over the last minute, on 4 CPUs  –                  ok
    steal                              0.1% of the CPU time wanted           –                  ok
    CPU quota                          none, 4 CPUs                          –                  ok
    CPU governor                       performance                           –                  ok
    open files                         20,000 for a process                  –                  ok
    clock step                         0.042 µs                              –                  ok
    clock source                       tsc                                   –                  ok
    clock drift                        0 ms apart after 50 s                 –                  ok
    free CPU, measuring                others use up to 1%                   –                  ok
    fixed delay, p50                   20.25 ms                              20 ms              ok
    fixed delay, p99                   20.25 ms                              20 ms              ok
    known spin, capacity               99.80 requests/s                      100 requests/s     ok
    known spin, CPU time               10.05 ms/request                      10 ms/request      ok
    known spin, limited by             workers                               workers            ok
    open loop, fixed delay, p50        20.25 ms                              20.00 ms           ok
    open loop, fixed delay, p99        20.25 ms                              20.00 ms           ok
    open loop, queue M/D/1, p50        6.54 ms                               6.34 ms            ok
    open loop, queue M/D/1, p90        12.37 ms                              12.16 ms           ok
    open loop, queue M/D/1, p99        19.15 ms                              18.94 ms           ok
    open loop, freezing, p50           0.20 ms                               0.00 ms            ok
    open loop, freezing, p90           600.06 ms                             600 ms             ok
    open loop, freezing, p99           960.51 ms                             960 ms             ok
    a wrong reply in a hundred         caught: wrong-reply                   wrong-reply        ok
    closes connections                 caught: connection-closed             connection-closed  ok
    answers 503 quickly                caught: status                        status             ok
    hangs                              caught: timeout                       timeout            ok
    the same without a fault           measured                              measured           ok
    away for 500 ms, lost              200 (173–230)                         200                ok
    away for 500 ms, outage            520 ms                                500 ms             ok
    away for 500 ms, recovery          500 ms                                500 ms             ok
    drops every 50th request, lost     16 (9.1–26)                           16                 ok
    300 ms later for 800 ms, late      317 (283–354)                         320                ok
    300 ms later for 800 ms, recovery  800 ms                                800 ms             ok
    A/A pairs, requests/s              up to 2.0%, sd 2.0%                   0%                 ok
    A/A pairs, CPU time                up to 1.0%, sd 1.0%                   0%                 ok

    Two equal servers differed by up to 2.0% in requests/s and 1.0% in CPU time per
    request over 6 pairs; smaller differences between single trials on this machine
    are noise.

    This machine is fit to measure.
    "
  `);
  expect(err).toMatchInlineSnapshot(`
    "[ 1/28] this machine, at rest, 2 min 5 s left
    [ 2/28] a server with a known truth: unavailable, 2 min 4 s left
    [ 3/28] a server with a known truth: hanging, 2 min 3 s left
    [ 4/28] a server with a known truth: known-queue, 2 min 2 s left
    [ 5/28] a server with a known truth: open-delay, 1 min 55 s left
    [ 6/28] a server with a known truth: known-spin, 1 min 50 s left
    [ 7/28] a server with a known truth: wrong-reply, 1 min 48 s left
    [ 8/28] a server with a known truth: healthy, 1 min 47 s left
    [ 9/28] a server with a known truth: freezing, 1 min 46 s left
    [10/28] a server with a known truth: fixed-delay, 1 min 19 s left
    [11/28] a server with a known truth: closing, 1 min 15 s left
    [12/28] two equal servers, pair 1 of 6, 1 min 14 s left
    [13/28] two equal servers, pair 2 of 6, 1 min 10 s left
    [14/28] two equal servers, pair 3 of 6, 1 min 6 s left
    [15/28] a server that goes wrong for a known time: away, 1 min 2 s left
    [16/28] a server that goes wrong for a known time: dropping, 57 s left
    [17/28] a server that goes wrong for a known time: slow, 52 s left
    [18/28] a server with a known truth: open-delay, 47 s left
    [19/28] a server with a known truth: fixed-delay, 42 s left
    [20/28] a server with a known truth: known-spin, 39 s left
    [21/28] a server with a known truth: known-queue, 36 s left
    [22/28] two equal servers, pair 4 of 6, 30 s left
    [23/28] two equal servers, pair 5 of 6, 26 s left
    [24/28] two equal servers, pair 6 of 6, 22 s left
    [25/28] a server with a known truth: open-delay, 18 s left
    [26/28] a server with a known truth: known-queue, 13 s left
    [27/28] a server with a known truth: known-spin, 6 s left
    [28/28] a server with a known truth: fixed-delay, 4 s left
    "
  `);
});

test('a machine that is not fit: what to do, and exit code 3', async () => {
  const { code, out } = await doctor({
    quiet: { usedByOthers: 0.4, governors: ['schedutil'] },
    truth: (name) => (name === 'fixed-delay' ? delayTrial(23) : trueTrial(name)),
  });
  expect(code).toBe(3);
  expect(out.slice(out.indexOf('Two equal'))).toMatchInlineSnapshot(`
    "Two equal servers differed by up to 2.0% in requests/s and 1.0% in CPU time per
    request over 6 pairs; smaller differences between single trials on this machine
    are noise.

    unfit: free CPU
           End other programs (top lists them): the CPU time that they use is
           missing from the figures.

    unfit: fixed delay, p50; fixed delay, p99
           The measurement loses CPU time at moments: end other programs and try
           again, or use another machine.

    caution: CPU governor
             Fix the clock rate while measuring: sudo cpupower frequency-set -g
             performance

    This machine is not fit to measure: free CPU; fixed delay, p50; fixed delay,
    p99.
    "
  `);
});

test('cautions do not make a machine unfit', async () => {
  const { code, out } = await doctor({ busy: { steal: 0.05 }, quiet: { governors: ['powersave'] } });
  expect(code).toBe(0);
  expect(out).toContain('This machine is fit to measure, with 2 cautions.\n');
});

test('a fault that is not noticed, and noise beyond use, are both unfit', async () => {
  const blind = await doctor({ truth: (name) => (name === 'hanging' ? okTrial({ id: 'x' }, 0) : trueTrial(name)) });
  expect(blind.code).toBe(3);
  expect(blind.out).toContain('This machine is not fit to measure: hangs.\n');
  const noisy = await doctor({ equal: (nth) => equalTrial({ requestsPerSec: nth % 4 === 3 ? 700 : 1000 }) });
  expect(noisy.code).toBe(3);
  expect(noisy.out).toContain('This machine is not fit to measure: A/A pairs, requests/s.\n');
});

test('--format json prints all that was found', async () => {
  const { code, out } = await doctor({ quiet: { governors: null } }, '--format', 'json');
  expect(code).toBe(0);
  const examined: unknown = JSON.parse(out);
  expect(examined).toMatchObject({
    ...{ fit: true, seed: 1, startedAt: '2026-01-15T09:30:00.000Z' },
    machine: { governors: null, steal: 0.001, clockSource: 'tsc' },
    noise: { pairs: 6, failed: 0, requestsPerSec: { sdLogRatio: expect.closeTo(Math.log(1.02), 6) } },
    findings: expect.arrayContaining([
      { name: 'fixed delay, p99', level: 'ok', value: '20.25 ms', truth: '20 ms', nextStep: null },
      { name: 'CPU governor', level: 'ok', value: 'the system does not tell', truth: null, nextStep: null },
    ]),
  });
});

test('looks at the machine first, measures figures three times and faults once, and cleans up', async () => {
  const examining = fakeExamining();
  await run(['doctor'], { examining: () => examining });
  const times = (what: string): number => examining.log.filter((entry) => entry === what).length;
  expect([examining.log[0], examining.log.at(-1)]).toEqual(['quiet', 'close']);
  expect(['fixed-delay', 'known-spin', 'hanging', 'healthy', 'equal 5'].map(times)).toEqual([3, 3, 1, 1, 2]);
});

test('Ctrl-C: exit code 130, no verdict, and nothing is left', async () => {
  const examining = fakeExamining({
    truth: (name) => {
      process.emit('SIGINT', 'SIGINT');
      return trueTrial(name);
    },
  });
  const { code, out, err } = await run(['doctor'], { examining: () => examining });
  expect({ code, out }).toEqual({ code: 130, out: '' });
  expect(err).toContain('Interrupted: the examination is not complete');
  expect(examining.log).toEqual(['quiet', 'close']);
});

test('a bug is not hidden', async () => {
  const broken = doctor({
    truth: () => {
      throw new TypeError('a bug');
    },
  });
  await expect(broken).rejects.toThrow('a bug');
});
