/** The pacer as it is compiled, because its thread is. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { monotonicMs } from '../../../../dist/harness/measure/generator/load.js';
import { startPacer } from '../../../../dist/harness/measure/generator/senders/pacer.js';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { dueTimes, type Stream } from '../../../stats/arrivals.ts';

interface Call {
  readonly dueMs: number;
  readonly calledMs: number;
}

const constant = (requestsPerSec: number): Stream => ({ kind: 'constant', requestsPerSec, index: 0, of: 1, seed: 1 });

async function paced(stream: Stream, onCall: (nth: number) => void = () => {}) {
  const calls: Call[] = [];
  const pacer = await startPacer(stream, (dueMs) => {
    calls.push({ dueMs, calledMs: monotonicMs() });
    onCall(calls.length);
  });
  onTestFinished(() => pacer.stop(0));
  return { pacer, calls };
}

/** The event loop does nothing else for so long. */
function block(ms: number): void {
  for (const until = monotonicMs() + ms; monotonicMs() < until; );
}

/** The first due times of a stream. */
function schedule(stream: Stream, count: number): number[] {
  const next = dueTimes(stream);
  return Array.from({ length: count }, next);
}

describe('it calls for every due time of the schedule, in order, and for none before it is due', () => {
  test.each<Stream>([
    { kind: 'constant', requestsPerSec: 400, index: 0, of: 1, seed: 1 },
    { kind: 'poisson', requestsPerSec: 400, index: 0, of: 1, seed: 1 },
    { kind: 'constant', requestsPerSec: 400, index: 1, of: 2, seed: 7 },
    { kind: 'poisson', requestsPerSec: 400, index: 1, of: 2, seed: 7 },
  ])('%j', async (stream) => {
    const { pacer, calls } = await paced(stream);
    await setTimeout(600);
    pacer.stop(0);
    expect(calls.length).toBeGreaterThan(10);
    expect(calls.map(({ dueMs }) => dueMs)).toEqual(schedule(stream, calls.length).map((ms) => pacer.startMs + ms));
    for (const { dueMs, calledMs } of calls) expect(calledMs).toBeGreaterThanOrEqual(dueMs);
  });
});

describe('what became due while the event loop was busy is made up for at once', () => {
  test('between two calls', async () => {
    const { pacer, calls } = await paced(constant(100));
    await setTimeout(200);
    const fromMs = monotonicMs();
    block(400);
    const toMs = monotonicMs();
    await setTimeout(100);
    pacer.stop(0);
    const missed = calls.filter(({ dueMs }) => dueMs > fromMs && dueMs <= toMs);
    expect(missed.length).toBeGreaterThanOrEqual(39);
    // Not at the pace of the schedule, which would take them as long as the loop was blocked.
    expect(Math.max(...missed.map(({ calledMs }) => calledMs)) - toMs).toBeLessThan(200);
  });

  test('within a call: the next one does not wait for the one after it to be due', async () => {
    const { pacer, calls } = await paced(constant(2), (nth) => {
      if (nth === 1) block(600);
    });
    await setTimeout(1950);
    pacer.stop(0);
    const [, second, third] = calls;
    expect(second?.calledMs).toBeLessThan(third?.dueMs ?? 0);
  });
});

describe('stop', () => {
  test('calls for what was due before that time and has not been called for, and then no more', async () => {
    const stream = constant(200);
    const { pacer, calls } = await paced(stream);
    await setTimeout(200);
    block(200);
    const untilMs = pacer.startMs + 251;
    const before = calls.length;
    pacer.stop(untilMs);
    const due = schedule(stream, 1000).filter((ms) => pacer.startMs + ms < untilMs);
    expect(calls.map(({ dueMs }) => dueMs)).toEqual(due.map((ms) => pacer.startMs + ms));
    expect(calls.length).toBeGreaterThan(before);
    pacer.stop(untilMs + 1000);
    await setTimeout(200);
    expect(calls).toHaveLength(due.length);
  });

  test('from within a call it is the last one', async () => {
    const { pacer, calls } = await paced(constant(500), (nth) => {
      if (nth === 3) pacer.stop(0);
    });
    await setTimeout(300);
    expect(calls).toHaveLength(3);
  });

  test.each(['stops it', 'is stopped before anything is due'])(
    'the thread ends: a process that %s ends',
    async (how) => {
      const module = new URL('../../../../dist/harness/measure/generator/senders/pacer.js', import.meta.url).href;
      const afterMs = how === 'stops it' ? 300 : 0;
      const source = `
      import { startPacer } from ${JSON.stringify(module)};
      const pacer = await startPacer({ kind: 'constant', requestsPerSec: 0.1, index: 0, of: 1, seed: 1 }, () => {});
      setTimeout(() => pacer.stop(0), ${afterMs});`;
      const file = join(temporaryFolder(), 'pacing.mjs');
      writeFileSync(file, source);
      const child = spawn(process.execPath, [file], { stdio: 'inherit' });
      onTestFinished(() => void child.kill('SIGKILL'));
      // The next due time is ten seconds away, and Vitest gives up after a minute.
      expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
    },
  );
});
