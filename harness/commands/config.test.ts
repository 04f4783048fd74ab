/** A config file through the whole command line, on a machine that does not exist. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mistake, run } from '../fixtures/command.ts';
import { fakeMeasuring } from '../fixtures/fake-measuring.ts';
import { newFolder, summaryIn } from '../fixtures/stopped-run.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const FLAGS = ['--isolate', '0', '--seed', '1'];
const CONFIG = {
  app: './server.js',
  models: ['single', 'cluster'],
  workers: 2,
  rounds: 3,
  rates: ['none'],
  workloads: { browse: { requests: ['GET /products'] }, orders: { requests: ['POST /orders'], body: '@order.json' } },
  require: ['browse/* errors<1', 'orders/cluster vs single>1.5'],
};

/** A folder with a service and this config of it. */
function configured(config: object = CONFIG): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'server.js'), '');
  writeFileSync(join(folder, 'order.json'), '{}');
  writeFileSync(join(folder, 'bench.json'), JSON.stringify(config));
  return join(folder, 'bench.json');
}

test('every workload is a scenario of one run, and what the file requires is judged', async () => {
  const [config, out] = [configured(), newFolder()];
  const ran = await run(['run', '--config', config, ...FLAGS, '--out', out]);
  expect(ran.code).toBe(0);
  expect(ran.err).toContain(`Using ${config}; --config none leaves it out\n`);
  expect(ran.out.slice(ran.out.indexOf('Requirements'))).toMatchInlineSnapshot(`
    "Requirements
    met     browse/single errors<1: 0 failed trials
    met     browse/cluster errors<1: 0 failed trials
    met     orders/cluster vs single>1.5: 1.99× [1.97–2.01]
    "
  `);
  expect(summaryIn(out).scenarios.map(({ id, cells }) => [id, cells.length])).toEqual([
    ['browse', 2],
    ['orders', 2],
  ]);
});

test('one workload is measured alone, and what is required of others is left out with a warning', async () => {
  const [config, out] = [configured(), newFolder()];
  const ran = await run(['run', '--config', config, '--workload', 'orders', ...FLAGS, '--out', out, '--quiet']);
  expect(ran.code).toBe(0);
  expect(ran.err).toBe(
    "warning: require 'browse/* errors<1' is about nothing that is measured here, and is left out\n",
  );
  expect(summaryIn(out).scenarios.map(({ id }) => id)).toEqual(['orders']);
});

test.each<[string, object, readonly string[]]>([
  ["unknown key 'modles'. Did you mean 'models'?", { modles: [] }, []],
  ["models clutser: unknown model. Did you mean 'cluster'?", { ...CONFIG, models: ['clutser'] }, []],
  ['gone.js: there is no such file', { app: 'gone.js', requests: ['GET /'] }, []],
  ['body @', { ...CONFIG, workloads: { a: { requests: ['POST /'], body: '@gone.json' } } }, []],
  ["require 'x': give a cell", { ...CONFIG, require: ['x'] }, ['--workload', 'orders']],
  ["require 'brows/* errors<1': no cell of this run", { ...CONFIG, require: ['brows/* errors<1'] }, []],
])('a mistake in the file names it: %s', async (message, config, flags) => {
  const measuring = fakeMeasuring();
  const file = configured(config);
  const line = mistake(
    await run(['run', '--config', file, ...flags, '--quiet', '--out', newFolder()], { measuring: () => measuring }),
  );
  expect(line.startsWith(`${file}: `)).toBe(true);
  expect(line).toContain(message);
});

test('a workload without a config file is a mistake, and none is read when none is wanted', async () => {
  expect(mistake(await run(['run', '--workload', 'orders', '--config', 'none']))).toBe(
    '--workload orders: there is no config file; fourways init writes one',
  );
});
