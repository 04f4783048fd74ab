/** Profiles of real servers: every process and thread of every kind of model, a command, and a function that got slower. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ProcessRegistry } from '../../../dist/harness/measure/processes/registry.js';
import { startServer } from '../../../dist/harness/measure/server/launch.js';
import { ProfileRecorder } from '../../../dist/harness/measure/trial/profiles.js';
import { type Frame, framesOf } from '../../judge/profiles/frames.ts';
import { grownFunctions } from '../../judge/profiles/growth.ts';
import { type Settings, measurementOf, trialOf } from '../fixtures/trials.ts';
import { folderRoot, sourcesIn } from './sources.ts';

const folder = mkdtempSync(join(tmpdir(), 'fourways test '));
const registry = new ProcessRegistry();
afterAll(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A scenario whose handler calls two functions, for so many rounds each. */
function scenarioIn(side: string, rounds: { readonly steady: number; readonly slow: number }, lines = ''): string {
  const file = join(folder, side, 'work.js');
  mkdirSync(join(folder, side), { recursive: true });
  writeFileSync(
    file,
    `${lines}function steady() { let sum = 0; for (let i = 0; i < ${rounds.steady}; i++) sum += Math.sqrt(i); return sum; }
function slow() { let sum = 0; for (let i = 0; i < ${rounds.slow}; i++) sum += Math.cbrt(i); return sum; }
export default {
  summary: 'works', parameters: {},
  requests: () => [{ name: 'work', weight: 1, method: 'GET', path: '/' }],
  createHandler: () => () => ({ status: 200, headers: {}, body: String(steady() + slow() > 0) }),
  verify: ({ text }) => (text === 'true' ? undefined : 'expected true'),
};`,
  );
  return file;
}

async function profiled(settings: Settings) {
  const into = await registry.makeFolder();
  const recorder = new ProfileRecorder(into);
  const { server } = measurementOf(await trialOf(registry, { ...settings, recorder }));
  if (recorder.taken === null) throw new Error('nothing was taken');
  return { ...recorder.taken, server };
}

const WORK = scenarioIn('any', { steady: 5000, slow: 50_000 });

test.each([
  ['cluster', ['front', 'worker', 'worker']],
  ['fork-pool', ['front', 'worker', 'worker']],
  ['worker-threads', ['both', 'thread', 'thread']],
  ['listener-threads', ['both', 'thread', 'thread']],
])('every process and thread of %s', async (model, roles) => {
  const { profiles, missing, server } = await profiled({ scenario: WORK, model });
  expect(missing).toEqual([]);
  expect(profiles.map(({ role }) => role).toSorted()).toEqual(roles.toSorted());
  const cpuProfiles = profiles.map(({ profile }) => profile);
  const frames = framesOf(
    { profiles: cpuProfiles, cpuMs: server.cpuMs },
    1,
    sourcesIn([folderRoot(join(folder, 'any'))]),
  );
  expect(namesIn(frames)).toContain('slow work.js:2');
});

function namesIn(frame: Frame | null): readonly string[] {
  return frame === null ? [] : [`${frame.name} ${frame.where}`, ...[...frame.children.values()].flatMap(namesIn)];
}

test('a function that got slower comes first, although its lines have moved', async () => {
  const base = scenarioIn('base', { steady: 20_000, slow: 10_000 });
  const head = scenarioIn('head', { steady: 20_000, slow: 30_000 }, '// moved\n\n');
  const launch = async (scenario: string, side: string): Promise<Frame> => {
    const { profiles, server } = await profiled({ scenario, model: 'single', measureMs: 1000 });
    const taken = { profiles: profiles.map(({ profile }) => profile), cpuMs: server.cpuMs };
    const frames = framesOf(taken, server.cpuMsPerRequest, sourcesIn([folderRoot(join(folder, side))]));
    if (frames === null) throw new Error('nothing was sampled');
    return frames;
  };
  const [b1, h1, h2, b2] = [
    await launch(base, 'base'),
    await launch(head, 'head'),
    await launch(head, 'head'),
    await launch(base, 'base'),
  ];
  const [first] = grownFunctions([b1, b2], [h1, h2]);
  expect(first).toMatchObject({ name: 'slow', where: 'work.js:4' });
  expect((first?.headMs ?? 0) / (first?.baseMs ?? 0)).toBeGreaterThan(1.5);
});

test('a command, with what it starts, where SIGTERM ends it; what runs no Node.js is told', async () => {
  const { signal } = new AbortController();
  const file = join(folder, 'server.cjs');
  writeFileSync(
    file,
    `const { createServer } = require('node:http');
if (process.argv[2] === undefined) require('node:child_process').spawn(process.execPath, [__filename, 'child'], { stdio: 'inherit' });
else createServer((_, reply) => { for (let until = Date.now() + 20; Date.now() < until;); reply.end('ok'); }).listen(process.env.PORT, '127.0.0.1');`,
  );
  const line = `exec '${process.execPath}' '${file}'`;
  const into = await registry.makeFolder();
  const recorder = new ProfileRecorder(into);
  const launch = { kind: 'command', name: 'own', line, ready: '/' } as const;
  const server = await startServer(registry, 'own', launch, NO_CONTEXT, signal, { profilesInto: into });
  try {
    recorder.begin();
    for (let i = 0; i < 5; i++) await fetch(server.url);
    recorder.end();
    await recorder.collect(await server.read(signal), signal);
  } finally {
    await server.stop();
  }
  expect(recorder.taken?.missing).toEqual([]);
  expect(recorder.taken?.profiles.map(({ role }) => role)).toEqual(['process', 'process']);
  expect(JSON.stringify(recorder.taken?.profiles)).toContain('server.cjs');
  const empty = new ProfileRecorder(await registry.makeFolder());
  await empty.collect({ processes: [], inside: null }, signal);
  expect(empty.taken).toMatchObject({ profiles: [], missing: [expect.stringContaining('NODE_OPTIONS')] });
});

const NO_CONTEXT = {
  scenarioUrl: '',
  handlerContext: { parameters: {}, iterations: 1, addresses: {} },
  workers: 1,
  port: 0,
  onFront: [],
};
