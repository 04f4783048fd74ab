/** `fourways ab --app` on a machine that does not exist. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CannotRun } from '../errors.ts';
import { mistake, mistakeAfter, run } from '../fixtures/command.ts';
import { fakeMeasuring } from '../fixtures/fake-measuring.ts';
import { moduleHere } from '../fixtures/module-here.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import type { Measuring } from '../measure/measuring.ts';
import { learnVarying, type Varying } from '../measure/replies/learned.ts';
import type { PreflightRequest } from '../measure/trial/preflight.ts';
import { readRun } from '../store/read-run.ts';

/** Two checkouts of a service, which is not started here. */
function checkouts() {
  const root = temporaryFolder();
  const [base, head, out] = [join(root, 'before'), join(root, 'after'), join(root, 'out')];
  for (const folder of [base, head]) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'server.js'), '');
  }
  const long = ['--rounds', '3', '--rate', 'none', '--duet=false', '--seed', '1', '--out', out];
  const flags = ['--request=GET /x', ...long];
  return { root, base, head, out, long, flags, args: ['ab', base, head, '--app', './server.js', ...flags] };
}

interface Replies {
  readonly base: string;
  readonly head: string;
  readonly varying?: Partial<Record<'base' | 'head', Varying>>;
}

/** In place of the module of a service, which gets its requests by its address; here modules have none of their own. */
const PLAIN = new URL('../../scenarios/hello.ts', import.meta.url).href;
const NOTHING: Varying = { headers: [], body: null };

function answering({ base, head, varying = {} }: Replies) {
  const asked: PreflightRequest[] = [];
  const healthy = fakeMeasuring();
  const measuring = (): Measuring => ({
    ...healthy,
    openModule: ({ name, source }, settings) => moduleHere({ name, source, url: PLAIN }, settings),
    preflight: async (request) => {
      asked.push(request);
      const side = /after/.test(request.loaded.url) ? 'head' : 'base';
      const body = Buffer.from(side === 'head' ? head : base);
      const own = request.loaded.parity === 'status' ? ({ headers: 'anything', body: 'anything' } as const) : NOTHING;
      const print = { status: 200, headerLines: [], body, wireBytes: 9, varying: varying[side] ?? own };
      return { expected: new Map([['GET /x', print]]), unable: new Map() };
    },
  });
  return { asked, measuring };
}

test('a service in two checkouts: each side its own file, in its own folder, with the same requests', async () => {
  const { args, base, head, out } = checkouts();
  const { asked, measuring } = answering({ base: 'a', head: 'a' });
  const { code, err } = await run(args, { measuring });
  expect(code, err).toBe(0);
  expect(asked.map(({ loaded }) => loaded.folder)).toEqual([base, head]);
  for (const [side, folder] of [['base', base] as const, ['head', head] as const]) {
    const { manifest } = readRun(join(out, side, 'run.ndjson'), { salvage: false });
    expect(manifest.cells.map(({ id }) => id)).toEqual(['server/single']);
    expect(manifest.scenarios[0]?.source).toMatchObject({
      kind: 'service',
      file: { path: join(folder, 'server.js') },
      requests: [{ method: 'GET', path: '/x' }],
    });
  }
});

test('two files are two versions of a service when there is a request', async () => {
  const { base, head, flags, out } = checkouts();
  const files = [base, head].map((folder) => join(folder, 'server.js'));
  const ran = await run(['ab', ...files, ...flags], { measuring: answering({ base: 'a', head: 'a' }).measuring });
  expect(ran.code, ran.err).toBe(0);
  const { manifest } = readRun(join(out, 'head', 'run.ndjson'), { salvage: false });
  expect(manifest.scenarios[0]?.source).toMatchObject({ kind: 'service', file: { path: files[1] } });
});

test('each of several requests is a workload of its own, and a mix is one', async () => {
  const ids = async (...requests: readonly string[]) => {
    const { base, head, long, out } = checkouts();
    const asked = requests.map((one) => `--request=${one}`);
    const ran = await run(['ab', base, head, '--app', './server.js', ...asked, ...long], {
      measuring: answering({ base: 'a', head: 'a' }).measuring,
    });
    expect(ran.code, ran.err).toBe(0);
    return readRun(join(out, 'head', 'run.ndjson'), { salvage: false }).manifest.cells.map(({ id }) => id);
  };
  expect(await ids('GET /', 'list=GET /products')).toEqual(['root/single', 'list/single']);
  expect(await ids('GET / *2', 'list=GET /products')).toEqual(['server/single']);
});

describe('a command', () => {
  const served = (...more: readonly string[]) => {
    const made = checkouts();
    const { base, head, flags } = made;
    return { ...made, args: ['ab', base, head, '--command', 'node server.js', ...more, ...flags] };
  };

  test('is started in each folder, in place of models or beside them', async () => {
    const { args, base, head, out } = served();
    const { asked, measuring } = answering({ base: 'a', head: 'a' });
    const { code, err } = await run(args, { measuring });
    expect(code, err).toBe(0);
    expect(asked.map(({ loaded }) => loaded.folder)).toEqual([base, head]);
    const { manifest } = readRun(join(out, 'head', 'run.ndjson'), { salvage: false });
    expect(manifest.cells.map(({ id, style }) => [id, style])).toEqual([['service/command', 'external']]);
    expect(manifest.externals).toEqual([{ kind: 'command', name: 'command', line: 'node server.js', ready: '/x' }]);
    const both = served('--app', './server.js', '--ready', 'GET /health');
    expect((await run(both.args, { measuring: answering({ base: 'a', head: 'a' }).measuring })).code).toBe(0);
    const { manifest: beside } = readRun(join(both.out, 'head', 'run.ndjson'), { salvage: false });
    expect(beside.cells.map(({ id }) => id)).toEqual(['server/single', 'server/command']);
    expect(beside.externals).toMatchObject([{ ready: '/health' }]);
  });

  test('is for folders, and needs no scenario or model', async () => {
    const { base, head, flags } = served();
    const files = [join(base, 'server.js'), join(head, 'server.js')];
    expect(mistake(await run(['ab', ...files, '--command', 'node server.js', ...flags]))).toBe(
      '--command node server.js: it is started in base and in head, so these must be two folders',
    );
    expect(mistake(await run(served('-s', './x.js').args))).toMatch(/^--scenario is a handler for models/);
    expect(mistake(await run(served('-m', 'single').args))).toMatch(/^--model needs something to run/);
  });
});

describe('a side that does not start', () => {
  const refusing = (side: 'before' | 'after', times: number) => {
    const healthy = answering({ base: 'a', head: 'a' }).measuring();
    let left = times;
    const measuring = (): Measuring => ({
      ...healthy,
      preflight: async (request, signal) => {
        if (new RegExp(side).test(request.loaded.url) && left-- > 0)
          throw new CannotRun('--app ./server.js: port taken');
        return healthy.preflight(request, signal);
      },
    });
    return measuring;
  };

  test('is tried again, and measured when it comes to start', async () => {
    const ran = await run(checkouts().args, { measuring: refusing('after', 2) });
    expect(ran.code).toBe(0);
    expect(ran.err).toContain('head: --app ./server.js: port taken; it is tried again\n');
  });

  test('at all is a broken head, or else a base that nothing can be compared with', async () => {
    const head = await run(checkouts().args, { measuring: refusing('after', 9) });
    expect([head.code, head.err.trim().split('\n').at(-1)]).toEqual([
      3,
      'fourways: head: --app ./server.js: port taken',
    ]);
    expect(mistakeAfter(await run(checkouts().args, { measuring: refusing('before', 9) }))).toBe(
      'base: --app ./server.js: port taken',
    );
  });
});

describe('replies', () => {
  test('that differ between the sides are refused, with the difference and the way out', async () => {
    const { args } = checkouts();
    const ran = await run(args, { measuring: answering({ base: '{"a":1}', head: '{"b":1}' }).measuring });
    expect(mistakeAfter(ran)).toMatch(
      /^server: the replies of head to 'GET \/x' differ from those of base: the body differs at .+; if that is what the change is for, give --verify status$/,
    );
    const allowed = checkouts();
    const { measuring } = answering({ base: '{"a":1}', head: '{"b":1}' });
    expect(await run([...allowed.args, '--verify', 'status'], { measuring })).toMatchObject({ code: 0 });
  });

  test('may differ in what varies by itself on either side', async () => {
    const samples = ['{"id":1}', '{"id":3}'].map((body) => ({ headerLines: [], body: Buffer.from(body) }));
    const masked = learnVarying(samples);
    for (const side of ['base', 'head'] as const) {
      const { args } = checkouts();
      const replies = { base: '{"id":1}', head: '{"id":2}', varying: { [side]: masked } };
      const ran = await run(args, { measuring: answering(replies).measuring });
      expect(ran.code, ran.err).toBe(0);
      const other = { ...replies, head: '{"no":2}' };
      expect(mistakeAfter(await run(checkouts().args, { measuring: answering(other).measuring }))).toMatch(
        /the body has 'no' instead of 'id'/,
      );
    }
  });
});

describe('bad input is one line and exit code 2', () => {
  test('a service that only one checkout has, or that is the same in both', async () => {
    const { base: a, head: b, flags } = checkouts();
    writeFileSync(join(a, 'more.js'), '');
    expect(mistake(await run(['ab', a, b, '--app', './more.js', ...flags]))).toBe(
      `--app ./more.js: head has no such file in ${b}; give one that is in both folders`,
    );
    expect(mistake(await run(['ab', a, b, '--app', join(a, 'more.js'), ...flags]))).toMatch(
      /: that is the same file for both sides; name it by its path within the folders/,
    );
  });

  test('files and flags that say the same twice, or nothing at all', async () => {
    const { base: a, head: b, flags } = checkouts();
    const files = [join(a, 'server.js'), join(b, 'server.js')];
    const already = /: base and head are the files themselves; leave the flag out$/;
    expect(mistake(await run(['ab', ...files, '--app', './server.js', ...flags]))).toMatch(already);
    expect(mistake(await run(['ab', ...files, '-s', 'cpu', ...flags]))).toMatch(already);
    expect(mistake(await run(['ab', a, b, '--app', './server.js']))).toMatch(/say what to send to it with --request/);
    expect(mistake(await run(['ab', a, b, ...flags]))).toMatch(
      /^--request GET \/x goes with --app: give the file of your service/,
    );
  });
});
