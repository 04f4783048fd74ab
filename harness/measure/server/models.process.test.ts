/** Models that are files of the user: what is taken for one, and one that is measured from the command line to the report. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { ProcessRegistry } from '../../../dist/harness/measure/processes/registry.js';
import { loadModels, modelDescriber } from '../../../dist/harness/measure/server/models.js';
import { messageOf } from '../../errors.ts';
import { runCli } from '../../fixtures/cli-process.ts';
import { mistakeAfter } from '../../fixtures/command.ts';
import { runCompiled } from '../../fixtures/compiled-command.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { summarySchema } from '../../judge/schema/summary.ts';
import { readRun } from '../../store/read-run.ts';
import type { LoadedModel } from './models.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/my-model.js', import.meta.url));
const MEMBERS = "summary: '', style: 'alone', start: async () => {}";
const registry = new ProcessRegistry();
const { signal } = new AbortController();
afterAll(() => registry.close());

function fileWith(text: string, name = 'mine.mjs'): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, text);
  return file;
}

const load = (...references: string[]): Promise<readonly LoadedModel[]> =>
  loadModels(
    modelDescriber(registry),
    { models: references, optionalModels: [], binaries: [], newerNode: 'give one with --runtime' },
    signal,
  );

describe('what is taken for a model', () => {
  test('built-in ones, and files, each of them once', async () => {
    const file = fileWith(`export default { ${MEMBERS}, effort: { rank: 2.5, why: 'it is mine' } };`);
    const models = await load('cluster', file, 'cluster', file);
    expect(models.map(({ name, style, own }) => [name, style, own?.effort ?? null])).toEqual([
      ['cluster', 'replicated', null],
      ['mine', 'alone', { rank: 2.5, why: 'it is mine' }],
    ]);
  });

  test('compiled to CommonJS, and without an effort', async () => {
    const [model] = await load(fileWith(`exports.__esModule = true; exports.default = { ${MEMBERS} };`, 'mine.cjs'));
    expect(model?.own?.effort).toBeNull();
  });

  test.each([
    ['export const model = {};', "the file has no default export; write 'export default { … }', see examples/"],
    ["export default { summary: '', style: 'alone' };", 'the default export is not a model: start: must be a function'],
    [
      "export default { summary: '', style: 'threads', start() {} };",
      'the default export is not a model: style: Invalid option: expected one of "alone"|"replicated"|"offload"',
    ],
    [`export default { ${MEMBERS}, effort: 3 };`, /^the default export is not a model: effort: /],
    ['export default 3;', /^the default export is not a model: summary: /],
    ["throw new Error('on\\npurpose');", 'the file fails while loading: on purpose'],
    ['process.exit(3);', /^loading it: the process ended \(exit code 3\)/],
  ])('and what is not: %s', async (text, message) => {
    const file = fileWith(text);
    const error: unknown = await load(file).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'UserError' });
    const said = messageOf(error).replace(`--model ${file}: `, '');
    expect(said).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  test('nor a file that is not there, or whose name is taken', async () => {
    await expect(load('./none.js')).rejects.toThrow('--model ./none.js: there is no such file');
    const single = fileWith(`export default { ${MEMBERS} };`, 'single.mjs');
    await expect(load(single)).rejects.toThrow(`${single}: a built-in model is named single; rename the file`);
    const [one, other] = [fileWith(`export default { ${MEMBERS} };`), fileWith(`export default { ${MEMBERS} };`)];
    await expect(load(one, other)).rejects.toThrow(`${other}: another model is named mine already; rename the file`);
  });
});

test('the example is measured, is required something of, and is drawn', async () => {
  const folder = join(temporaryFolder(), 'run');
  const short = [
    '-c',
    '4',
    '-w',
    '2',
    '--preset',
    'quick',
    '--rounds',
    '1',
    '--duration',
    '100ms',
    '--rate',
    'none',
    '--retries',
    '0',
  ];
  const argv = [
    ...['run', '-s', 'io:ms=20', '-m', `single,${EXAMPLE}`, ...short, '--out', folder],
    ...['--require', 'io/my-model errors<100', '--format', 'json'],
  ];
  const ran = await runCli(argv, { draws: false });
  const { scenarios } = summarySchema.parse(JSON.parse(ran.out));
  expect(scenarios[0]?.cells.map(({ model, style, trialsOk }) => [model, style, trialsOk])).toEqual([
    ['single', 'alone', 1],
    ['my-model', 'replicated', 1],
  ]);
  const { manifest } = readRun(join(folder, 'run.ndjson'), { salvage: false });
  expect(manifest.ownModels).toEqual([
    {
      ...{ name: 'my-model', path: EXAMPLE, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      effort: { rank: 2, why: 'the same server several times, without a message' },
    },
  ]);
  const image = join(folder, 'report', 'throughput-io-ms-20.svg');
  expect((await runCli(['report', folder, '--chart', 'throughput'])).out).toBe(`${image}\n`);
  // The first of the colours for models that are not built in.
  expect(readFileSync(image, 'utf8')).toContain('#b0568f');
});

test('a mistake in one is one line, before anything is measured', async () => {
  const folder = join(temporaryFolder(), 'run');
  const file = fileWith('export default {};');
  expect(mistakeAfter(await runCompiled(['run', '-s', 'hello', '-m', file, '--out', folder]))).toMatch(
    /is not a model/,
  );
  expect(existsSync(folder)).toBe(false);
  expect(mistakeAfter(await runCompiled(['serve', file, 'hello']))).toMatch(/is not a model/);
});

test('the file of a model starts nothing when it is only imported, not even in a worker of another program', async () => {
  const registry = new URL('../../../dist/servers/index.js', import.meta.url).href;
  const program = fileWith(`
    import cluster from 'node:cluster';
    if (cluster.isPrimary) {
      cluster.fork().on('message', (message) => console.log(JSON.stringify(message)));
    } else {
      await import('${registry}');
      process.send('imported', () => process.exit());
    }
  `);
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  expect(stdout).toBe('"imported"\n');
});
