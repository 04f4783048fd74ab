/** A user's module never runs inside the harness: whatever it holds open, prints, patches or ends, a command ends as it should. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ProcessRegistry } from '../../../dist/harness/measure/processes/registry.js';
import { loadScenario } from '../../../dist/harness/measure/scenario/load.js';
import { openModule } from '../../../dist/harness/measure/scenario/module.js';
import { runCli, startCli } from '../../fixtures/cli-process.ts';
import { mistakeAfter, type Ran } from '../../fixtures/command.ts';
import { runCompiled } from '../../fixtures/compiled-command.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { processTree, until } from '../fixtures/processes.ts';
import { reasonOf, trialOf } from '../fixtures/trials.ts';

/** Writes a scenario with these lines at its top level and these members, and returns its path. It waits, which is a light load. */
function fileWith(topLevel: string, members = ''): string {
  const file = join(temporaryFolder(), 'own.mjs');
  writeFileSync(
    file,
    `${topLevel}
export default {
  summary: '', parameters: {},
  requests: () => [{ name: 'one', weight: 1, method: 'GET', path: '/' }],
  createHandler: () => () => new Promise((resolve) => setTimeout(resolve, 20, { status: 200, headers: {}, body: 'ok' })),
  verify: () => undefined,
  ${members}
};
`,
  );
  return file;
}

const SHORT = [
  '-m',
  'single',
  '-c',
  '4',
  '--preset',
  'quick',
  '--rounds',
  '1',
  '--duration',
  '100ms',
  '--retries',
  '0',
];
const argvFor = (file: string, ...more: string[]): string[] => [
  ...['run', '-s', file, ...SHORT, '--out', join(temporaryFolder(), 'run'), ...more],
];
/** In this process, which is the harness here: a module that ran inside it would end it, or patch it. */
const measured = (file: string, ...more: string[]): Promise<Ran> => runCompiled(argvFor(file, ...more));
/** In a process of its own, of which it matters how it ends. */
const measuredApart = (file: string, ...more: string[]): Promise<Ran> =>
  runCli(argvFor(file, ...more), { draws: false });

const HELD_OPEN = `
import { createServer } from 'node:http';
import { Worker } from 'node:worker_threads';
setInterval(() => {}, 1000);
createServer().listen(0);
process.stdin.resume();
process.on('SIGTERM', () => {});
new Worker('setInterval(() => {}, 1000)', { eval: true });
process.send?.('ready');`;

// That of a run is the next test below, which asks more of it; that of ab is in harness/end-to-end.
describe('what it holds open keeps no command from ending', () => {
  const file = (): string => fileWith(HELD_OPEN);

  test('run, after a mistake', async () => {
    expect(mistakeAfter(await measuredApart(`${file()}:n=1`))).toMatch(/unknown parameter 'n'/);
  });

  test('serve, when it is told to stop; and no process is left', async () => {
    const serving = startCli(['serve', 'single', file()]);
    await until('a server', 30_000, () => serving.out().includes('stop     Ctrl-C'));
    const before = processTree(serving.pid).map(({ pid }) => pid);
    expect(before.length).toBeGreaterThan(1);
    serving.child.kill('SIGINT');
    expect((await serving.ended).code).toBe(0);
  });
});

test('replies reach verify byte for byte, what setUp opens is there for the handler, what it prints is not our output', async () => {
  const file = fileWith(
    `${HELD_OPEN}
import { get } from 'node:http';
console.log('from the module'); process.stdout.write('{');
const bytes = Buffer.from([0, 255, 254, 10]);`,
    `requests: () => { console.log('again'); return [{ name: 'one', weight: 1, method: 'GET', path: '/' }]; },
    setUp: async ({ makeFolder }) => {
      const server = createServer((_, response) => setTimeout(() => response.end(bytes), 20));
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      return { url: 'http://127.0.0.1:' + server.address().port, folder: await makeFolder() };
    },
    createHandler: ({ addresses }) => () => new Promise((resolve) => get(addresses.url, (answer) => {
      answer.on('data', (body) => resolve({ status: 200, headers: {}, body }));
    })),
    verify: (reply) => (Buffer.compare(reply.bytes, bytes) === 0 ? undefined : 'other bytes'),`,
  );
  const { code, out, err } = await measuredApart(file, '--format', 'json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ tool: 'fourways' });
  expect(err).not.toContain('from the module');
});

test('what it patches is its own', async () => {
  const file = fileWith(
    "globalThis.Date = class extends Date { toISOString() { return 'patched'; } }; Object.prototype.patched = 1; Math.random = () => 'patched';",
    `createHandler: () => () =>
      new Promise((resolve) => setTimeout(resolve, 20, { status: 200, headers: Object.create(null), body: 'ok' })),`,
  );
  const { code, out } = await measured(file, '--format', 'json');
  expect(code).toBe(0);
  expect(out).not.toContain('patched');
});

const ENDING: readonly (readonly [string, string, string, string])[] = [
  ['ends the process while it loads', 'process.exit(0);', '', '(exit code 0)'],
  ['kills it', "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});", '', '(SIGKILL)'],
  ['throws while it loads', "throw new Error('broken');", '', 'the file fails while loading: broken'],
  ['leaves a rejection alone', "Promise.reject(new Error('late'));", '', '(exit code 1: Error: late)'],
  ['throws in a moment', "setImmediate(() => { throw new TypeError('later'); });", '', 'TypeError: later'],
  ['ends it when asked for its requests', '', 'requests: () => process.exit(1),', '(exit code 1)'],
  ['ends it when a reply is verified', '', 'verify: () => process.exit(70),', '(exit code 70)'],
  ['ends it while it sets up', '', 'setUp: async () => process.exit(13),', '(exit code 13)'],
  ['returns addresses that are none', '', 'setUp: async () => ({ port: 5432 }),', "'port' is a number"],
];

test.each(ENDING)('a module that %s is one line that names it, and exit code 2', async (_what, top, members, says) => {
  const message = mistakeAfter(await measured(fileWith(top, members)));
  expect(message).toContain('own');
  expect(message).toContain(says);
});

test('the end of the process that set up is the reason of a trial', async () => {
  const registry = new ProcessRegistry();
  try {
    const file = fileWith('', 'setUp: async () => { setTimeout(() => process.exit(0), 900); return {}; },');
    expect(reasonOf(await trialOf(registry, { scenario: file, model: 'single', measureMs: 2000 }))).toEqual({
      kind: 'upstream',
      message: 'the process that ran setUp ended (exit code 0)',
    });
  } finally {
    await registry.close();
  }
});

test('a top level that never ends has a limit', async () => {
  const registry = new ProcessRegistry();
  try {
    const { signal } = new AbortController();
    const open: Parameters<typeof loadScenario>[0] = (module, options) =>
      openModule(registry, module, { ...options, loadLimitMs: 700 });
    await expect(loadScenario(open, fileWith('await new Promise(() => {});'), signal)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/^scenario own: while its module was loaded: no answer within 0.7 s; /),
    });
    await expect(loadScenario(open, fileWith('for (;;);'), signal)).rejects.toThrow('no answer within 0.7 s');
  } finally {
    await registry.close();
  }
});

test('TypeScript that was compiled to CommonJS is measured', async () => {
  const file = join(temporaryFolder(), 'compiled.cjs');
  const source = `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.default = {
  summary: '', parameters: {},
  requests: () => [{ name: 'one', weight: 1, method: 'GET', path: '/' }],
  createHandler: () => () => new Promise((resolve) => setTimeout(resolve, 20, { status: 200, headers: {}, body: 'ok' })),
  verify: () => undefined,
  kernel: { prepare: () => () => 1 },
};`;
  writeFileSync(file, source);
  expect(await measured(file)).toMatchObject({ code: 0 });
  writeFileSync(file, source.replace('exports.default', 'exports.other'));
  expect(mistakeAfter(await measured(file))).toContain('no default export');
});
