/** The steps of `action.yml`, each as it is written there, in a repository of two versions and against a GitHub that only keeps comments. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { cellOf } from '../fixtures/run.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { compareRuns } from '../judge/change/compare.ts';
import { around, asked, runOf } from '../judge/fixtures/two-runs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const stepSchema = z.object({
  id: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
  env: z.record(z.string(), z.string()).default({}),
});
const actionSchema = z.object({
  inputs: z.record(z.string(), z.object({ description: z.string(), default: z.string().default('') })),
  outputs: z.record(z.string(), z.object({ value: z.string() })),
  runs: z.object({ using: z.literal('composite'), steps: z.array(stepSchema) }),
});
const action = actionSchema.parse(parse(readFileSync(join(root, 'action.yml'), 'utf8')));

/** Stands for the command line: keeps its words, and prints the change that it is given. */
const FAKE = `import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const words = process.argv.slice(2);
const { FAKE_LOG, FAKE_CHANGE, FAKE_EXIT = '0', CI } = process.env;
const version = words[0] === 'ab' ? readFileSync(join(words[1], 'server.js'), 'utf8') : null;
appendFileSync(FAKE_LOG, JSON.stringify({ words, cwd: process.cwd(), version, CI, token: JSON.stringify(process.env).includes('secret') }) + '\\n');
const out = words[words.indexOf('--out') + 1];
if (FAKE_EXIT === '2') {
  process.stderr.write('fourways: base: --app ./server.js: the file fails while loading: no database\\n');
} else {
  mkdirSync(out);
  writeFileSync(join(out, 'report.html'), 'report');
  process.stdout.write(words[0] === 'ab' ? readFileSync(FAKE_CHANGE, 'utf8') : 'single 100/s');
}
process.exitCode = Number(FAKE_EXIT);
`;

/** One cell, of which head takes so many times as much CPU per request. */
function changeOf(factor: number): string {
  const cell = cellOf('single', { scenario: 'GET /products' });
  const side = (cpuMs: number, from: number) =>
    runOf([{ cell, perSec: around(100, from), cpuMs: around(cpuMs, from + 3) }]);
  const change = compareRuns(side(10, 0), side(10 * factor, 2), { ...asked, pairing: 'duet', control: 'none' });
  return JSON.stringify({ ...change, again: "npx fourways ab ../base . --app ./server.js --request 'GET /products'" });
}

interface Repository {
  readonly folder: string;
  readonly git: (...args: string[]) => string;
  readonly commits: Readonly<Record<'old' | 'main' | 'head' | 'merge', string>>;
}

/** `old` has no service, head branched off from the commit after it, and `main` went on. */
function makeRepository(): Repository {
  const folder = mkdtempSync(join(tmpdir(), 'fourways-origin-'));
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'init.defaultBranch=main'];
  const git = (...args: string[]): string =>
    execFileSync('git', [...identity, ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  const commit = (version: string, file = 'server.js'): string => {
    writeFileSync(join(folder, file), version);
    git('add', '.');
    git('commit', '-q', '-m', version);
    return git('rev-parse', 'HEAD');
  };
  git('init', '-q');
  const old = commit('a readme', 'README.md');
  commit('branched off');
  git('checkout', '-q', '-b', 'feature');
  for (let n = 0; n < 60; n++) git('commit', '-q', '--allow-empty', '-m', `${n}`);
  const head = commit('head');
  git('checkout', '-q', 'main');
  const main = commit('main went on', 'other.js');
  git('merge', '-q', '--no-ff', '-m', 'merge', 'feature');
  const merge = git('rev-parse', 'HEAD');
  git('update-ref', 'refs/pull/7/merge', merge);
  git('reset', '-q', '--hard', main);
  return { folder, git, commits: { old, main, head, merge } };
}

interface Comment {
  readonly id: number;
  readonly user: { readonly type: 'User' | 'Bot' };
  body: string;
}

/** Keeps comments of one pull request, a hundred of which are there already. */
async function fakeGithub(mayWrite = true) {
  const comments: Comment[] = Array.from({ length: 100 }, (_, id) => ({
    id,
    user: { type: 'User' },
    body: 'well done',
  }));
  const server = createServer(async (request, response) => {
    const { method, url = '' } = request;
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    let text = '';
    for await (const part of request) text += part;
    const body = method === 'GET' ? '' : z.object({ body: z.string() }).parse(JSON.parse(text)).body;
    if (request.headers.authorization !== 'Bearer secret') return answer(401, {});
    if (method === 'GET') {
      const page = Number(new URL(url, 'http://a').searchParams.get('page'));
      return answer(200, comments.slice(100 * (page - 1), 100 * page));
    }
    if (!mayWrite) return answer(403, { message: 'Resource not accessible by integration' });
    if (method === 'POST' && url === '/repos/o/r/issues/7/comments') {
      comments.push({ id: comments.length, user: { type: 'Bot' }, body });
      return answer(201, {});
    }
    const known = comments.find(({ id }) => url === `/repos/o/r/issues/comments/${id}`);
    if (method !== 'PATCH' || known === undefined) return answer(404, {});
    known.body = body;
    return answer(200, {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, own: () => comments.slice(100).map(({ body }) => body) };
}

interface Asked {
  readonly repository: Repository;
  readonly github: { readonly url: string };
  /** What the runner has checked out, and how. */
  readonly checkout?: { readonly commit: string; readonly depth?: number };
  readonly inputs?: Readonly<Record<string, string>>;
  /** The pull request, unless another event is meant. */
  readonly event?: object;
  readonly change?: string;
  readonly exit?: number;
}

/** Runs every step as a runner would, in a checkout of its own. */
async function act({ repository, github, inputs = {}, event, change = changeOf(1), exit = 0, ...more }: Asked) {
  const { commits } = repository;
  const folder = temporaryFolder();
  const place = (name: string): string => join(folder, name);
  const workspace = place('work');
  const { commit, depth = 1 } = more.checkout ?? { commit: commits.merge };
  mkdirSync(workspace);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: workspace, stdio: 'pipe' });
  git('init', '-q');
  git('remote', 'add', 'origin', `file://${repository.folder}`);
  git('fetch', '-q', ...(depth === 0 ? [] : [`--depth=${depth}`]), 'origin', commit);
  git('checkout', '-q', '--detach', 'FETCH_HEAD');
  // As the runner has it, with a command line that measures nothing.
  mkdirSync(place('action/dist/harness'), { recursive: true });
  symlinkSync(join(root, 'dist/harness/action'), place('action/dist/harness/action'));
  writeFileSync(place('action/package.json'), '{"type":"module"}');
  writeFileSync(place('action/dist/harness/cli.js'), FAKE);
  writeFileSync(place('change.json'), change);
  writeFileSync(
    place('event.json'),
    JSON.stringify(event ?? { pull_request: { number: 7, base: { sha: commits.main }, head: { sha: commits.head } } }),
  );
  const given = Object.fromEntries(Object.entries(action.inputs).map(([name, of]) => [name, of.default]));
  const asked = { ...given, app: './server.js', request: 'GET /products', install: 'true', ...inputs };
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    CI: 'true',
    GITHUB_ACTION_PATH: place('action'),
    GITHUB_WORKSPACE: workspace,
    GITHUB_EVENT_PATH: place('event.json'),
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_RUN_ID: '42',
    GITHUB_API_URL: github.url,
    GITHUB_STEP_SUMMARY: place('summary.md'),
    GITHUB_OUTPUT: place('output'),
    RUNNER_TEMP: place('temp'),
    FAKE_LOG: place('log'),
    FAKE_CHANGE: place('change.json'),
    FAKE_EXIT: `${exit}`,
  };
  mkdirSync(place('temp'));
  const ran = await runSteps(asked, env, workspace);
  const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');
  const calls = read(place('log'))
    .split('\n')
    .filter((line) => line !== '');
  return { ...ran, summary: read(place('summary.md')), calls: calls.map((line) => callSchema.parse(JSON.parse(line))) };
}

const callSchema = z.object({
  words: z.array(z.string()),
  cwd: z.string(),
  version: z.string().nullable(),
  CI: z.string(),
  token: z.boolean(),
});

/** Expressions that `action.yml` has, and no other. */
async function runSteps(inputs: Readonly<Record<string, string>>, env: Readonly<Record<string, string>>, cwd: string) {
  const outputs = new Map<string, string>();
  const evaluated = (expression: string): string => {
    const [, step, name] = /^steps\.(\w+)\.outputs\.([\w-]+)$/.exec(expression) ?? [];
    if (step !== undefined) return outputs.get(`${step}.${name}`) ?? '';
    if (expression === 'github.token') return 'secret';
    if (expression === 'toJSON(inputs)') return JSON.stringify(inputs);
    throw new Error(`the test does not know \${{ ${expression} }}`);
  };
  const filled = (text: string): string =>
    text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, inner: string) => evaluated(inner));
  let [code, log] = [0, ''];
  const uploaded: Record<string, string>[] = [];
  for (const step of action.runs.steps) {
    const condition = /^\$\{\{ always\(\) && (\S+) != '' \}\}$/.exec(step.if ?? '');
    if (condition === null ? code !== 0 : evaluated(condition[1] ?? '') === '') continue;
    if (step.uses !== undefined) {
      uploaded.push(Object.fromEntries(Object.entries(step.with).map(([name, value]) => [name, filled(`${value}`)])));
      outputs.set(`${step.id}.artifact-url`, 'https://github.com/o/r/actions/runs/42/artifacts/1');
      continue;
    }
    const own = Object.fromEntries(Object.entries(step.env).map(([name, value]) => [name, filled(value)]));
    const ran = await runBash(step.run ?? '', { ...env, ...own }, cwd);
    log += ran.log;
    code = code === 0 ? ran.code : code;
    for (const line of existsSync(env['GITHUB_OUTPUT'] ?? '')
      ? readFileSync(env['GITHUB_OUTPUT'] ?? '', 'utf8').split('\n')
      : []) {
      const [name = '', value = ''] = line.split(/=(.*)/s);
      if (step.id !== undefined && name !== '') outputs.set(`${step.id}.${name}`, value);
    }
  }
  const told = Object.fromEntries(Object.entries(action.outputs).map(([name, { value }]) => [name, filled(value)]));
  return { code, log, uploaded, outputs: told };
}

function runBash(script: string, env: Readonly<Record<string, string>>, cwd: string) {
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      log += data;
    });
  }
  return new Promise<{ code: number; log: string }>((resolve) =>
    child.once('close', (code) => resolve({ code: code ?? -1, log })),
  );
}

let repository: Repository;
beforeAll(() => {
  repository = makeRepository();
});
afterAll(() => rmSync(repository.folder, { recursive: true, force: true }));

test('a pull request that is worse: a comment, then the same one when it is mended, and one of its own for another gate', async () => {
  const github = await fakeGithub();
  const worse = await act({
    repository,
    github,
    change: changeOf(1.2),
    exit: 1,
    inputs: { budget: '90s', flags: '--rate 500\n--body {"a": 1}' },
  });
  expect(worse.code).toBe(1);
  expect(worse.outputs).toMatchObject({ outcome: 'fail', 'exit-code': '1' });
  expect(worse.uploaded).toEqual([{ name: 'fourways', path: worse.outputs['report'], overwrite: 'true' }]);
  expect(existsSync(join(worse.outputs['report'] ?? '', 'report.html'))).toBe(true);
  // A shallow clone of the merge: base is its first parent, and both have the version that is theirs.
  const [call] = worse.calls;
  expect(call).toMatchObject({ version: 'branched off', CI: 'true', token: false });
  expect(call?.words.slice(2)).toEqual([
    ...[
      '.',
      '--app',
      './server.js',
      '--request',
      'GET /products',
      '--budget',
      '90s',
      '--rate',
      '500',
      '--body',
      '{"a": 1}',
    ],
    ...['--out', worse.outputs['report'], '--format', 'json'],
  ]);
  expect(worse.log).toMatch(/^::error title=GET \/products%3A CPU per request::/m);
  const [first = '', ...none] = github.own();
  expect(none).toEqual([]);
  expect(first).toMatch(/^<!-- fourways gate: fourways -->\n### ✗ worse: GET \/products \+\d/);
  expect(first).toContain(
    `git worktree add ../base ${repository.commits.main.slice(0, 10)} && (cd ../base && true)\nnpx fourways ab ../base . --app`,
  );
  expect(first).toContain('[report, with the chart](https://github.com/o/r/actions/runs/42/artifacts/1)');
  expect(worse.summary).toBe(first.slice(first.indexOf('\n') + 1));

  const mended = await act({ repository, github });
  expect(mended.code).toBe(0);
  expect(mended.outputs).toMatchObject({ outcome: 'pass', 'exit-code': '0' });
  const [second = '', ...others] = github.own();
  expect(others).toEqual([]);
  expect(second).toMatch(/^<!-- fourways gate: fourways -->\n### ✓ no regression: GET \/products /);

  const other = await act({ repository, github, inputs: { name: 'Orders --> v2' } });
  expect(other.uploaded[0]?.['name']).toBe('fourways-orders-v2');
  expect(github.own().map((body) => body.split('\n')[0])).toEqual([
    '<!-- fourways gate: fourways -->',
    '<!-- fourways gate: Orders%20--%3E%20v2 -->',
  ]);
});

test('one that may not comment says so, and ends as it would', async () => {
  const refused = await act({ repository, github: await fakeGithub(false), change: changeOf(1.2), exit: 1 });
  expect(refused.code).toBe(1);
  expect(refused.log).toMatch(
    /::notice title=fourways::no comment on the pull request \(.*403\).*pull-requests: write.*job summary/,
  );
  expect(refused.summary).toContain('### ✗ worse');
});

test('a shallow clone of the branch itself is deepened to where it branched off', async () => {
  const ran = await act({ repository, github: await fakeGithub(), checkout: { commit: repository.commits.head } });
  expect(ran.code).toBe(0);
  expect(ran.calls[0]?.version).toBe('branched off');
  expect(ran.calls[0]?.words[1]).not.toContain(repository.commits.main);
  const since = execFileSync('git', ['log', '--format=%s', '-1'], { cwd: ran.calls[0]?.words[1], encoding: 'utf8' });
  expect(since.trim()).toBe('branched off');
});

describe('without a base that can be judged against', () => {
  test.each([
    ['a base without the service', { base: 'old' }, undefined, / has no \.\/server\.js; /],
    ['no base', {}, {}, /this event has no base, /],
  ])('%s: head is a baseline, and passes', async (_, inputs, event, why) => {
    repository.git('branch', '-f', 'old', repository.commits.old);
    const github = await fakeGithub();
    const ran = await act({ repository, github, inputs, ...(event === undefined ? {} : { event }) });
    expect(ran.code).toBe(0);
    expect(ran.outputs['outcome']).toBe('baseline');
    expect(ran.calls.map(({ words }) => words.slice(0, 7))).toEqual([
      ['run', '--app', './server.js', '--request', 'GET /products', '--model', 'single'],
    ]);
    expect(ran.summary).toMatch(/^### ✓ nothing to compare with yet: /);
    expect(ran.log).toMatch(why);
  });

  test('a base that does not install or start is not blamed on head', async () => {
    const github = await fakeGithub();
    const install = await act({
      repository,
      github,
      inputs: { install: 'echo no such package; grep -q "main\\|head" server.js' },
    });
    expect(install.code).toBe(3);
    expect(install.outputs).toMatchObject({ outcome: 'broken', 'exit-code': '3' });
    expect(install.summary).toMatch(
      /^### ✗ base \([0-9a-f]{10}\) does not install: .*; head was not judged\n\n```\nno such package\n```/,
    );
    const start = await act({ repository, github, exit: 2 });
    expect(start.code).toBe(2);
    expect(start.summary).toMatch(
      /^### ✗ base does not run, so head was not judged\n\n```\nfourways: base: .*no database\n```/,
    );
    expect(github.own()).toHaveLength(1);
  });

  test.each([
    ['a base that there is not', 'no-such-branch', /base no-such-branch cannot be fetched: .*no-such-branch/],
    ['a base that is head itself', 'feature', /base and head are the same commit, /],
  ])('%s fails: a gate must not pass for want of it', async (_, base, why) => {
    const checkout = { commit: repository.commits.head };
    const ran = await act({ repository, github: await fakeGithub(), checkout, inputs: { base } });
    expect({ code: ran.code, calls: ran.calls }).toEqual({ code: 3, calls: [] });
    expect(ran.summary).toMatch(why);
  });
});
