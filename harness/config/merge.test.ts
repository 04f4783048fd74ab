import { describe, expect, test } from 'vitest';
import { UserError } from '../errors.ts';
import { resolveOptions } from '../plan/options/run.ts';
import { checkConfig } from './check.ts';
import { type ConfiguredRun, inConfig, withConfig } from './merge.ts';
import type { Config } from './schema.ts';

const FILE = 'fourways.config.js';
const choices = {
  models: ['single', 'cluster'],
  defaultModels: ['single', 'cluster'],
  defaultScenarios: ['hello'],
  cpus: { count: 2, affinity: [0, 1], siblings: null, canBind: () => false },
  seed: 1,
  openFiles: null,
};

/** The options of a run with this config and these flags. */
function options(config: Config, flags: ConfiguredRun = {}, chosen?: readonly string[], folder = '') {
  const found = { file: FILE, folder, config: checkConfig(FILE, config) };
  try {
    return resolveOptions(withConfig(found, flags, chosen), choices);
  } catch (error) {
    throw inConfig(error, found, flags);
  }
}

const SHOP: Config = {
  app: './server.js',
  headers: { accept: 'application/json' },
  workloads: {
    browse: { requests: ['GET /products', 'GET /products/1 *3'] },
    orders: { requests: [{ name: 'order', method: 'POST', path: '/orders', body: { id: 1 } }], verify: 'status' },
  },
};

test('every key is what its flag would be', () => {
  const config: Config = {
    ...{
      version: 1,
      $schema: 'x',
      scenarios: ['cpu:ms=2'],
      models: ['cluster'],
      workers: 2,
      connections: 8,
      rates: [200],
    },
    ...{
      connectionModes: ['per-request'],
      arrivals: 'constant',
      sweep: true,
      slo: 'p99=5ms',
      generators: 1,
      isolate: 0,
    },
    ...{ preset: 'quick', rounds: 3, duration: '1s', retries: 1, seed: 4, margin: 0.05 },
  };
  const flags: ConfiguredRun = {
    ...{ scenario: ['cpu:ms=2'], model: ['cluster'], workers: 2, connections: 8, rate: ['200'] },
    ...{
      connectionMode: ['per-request'],
      arrivals: 'constant',
      sweep: true,
      slo: 'p99=5ms',
      generators: 1,
      isolate: 0,
    },
    ...{ preset: 'quick', rounds: 3, duration: '1s', retries: 1, seed: 4, margin: '0.05' },
  };
  expect(options(config)).toEqual(resolveOptions(flags, choices));
  const judged = { require: ['* errors<1'], strict: true };
  expect(withConfig({ file: FILE, folder: '', config: judged }, {}, undefined)).toMatchObject(judged);
});

test('how servers are started is what the flags would be', () => {
  const config: Config = {
    nodeArgs: ['--expose-gc'],
    env: { LOG: 'warn', DEPTH: 3 },
    runtimes: ['./node', '/opt/node/bin/node'],
  };
  const found = { file: FILE, folder: 'shop', config: checkConfig(FILE, config) };
  expect(withConfig(found, { env: ['LOG=info'] }, undefined)).toMatchObject({
    nodeArg: ['--expose-gc'],
    env: ['LOG=info'],
    runtime: ['shop/node', '/opt/node/bin/node'],
  });
  expect(withConfig(found, {}, undefined)).toMatchObject({ env: ['LOG=warn', 'DEPTH=3'] });
  const inFile = (message: string) => inConfig(new UserError(message), found, {});
  expect(inFile('--node-arg --x: leave it out')).toMatchObject({ message: `${FILE}: nodeArgs --x: leave it out` });
  expect(inFile('--runtime ./node: old')).toMatchObject({ message: `${FILE}: runtimes ./node: old` });
});

describe('faults', () => {
  const config: Config = {
    ...{ commands: { pm2: 'pm2-runtime start server.js' }, requests: ['GET /'] },
    ...{ faults: ['kill', 'reload'], restart: 'both', reloads: { pm2: 'pm2 reload all' } },
  };
  const asked = (flags: ConfiguredRun, changes: Config = {}) => {
    const { fault, restart, reload } = withConfig(
      { file: FILE, folder: '', config: checkConfig(FILE, { ...config, ...changes }) },
      flags,
      undefined,
    );
    return { fault, restart, reload };
  };
  const reload = ['pm2=pm2 reload all'];

  test('are what the flags would be', () => {
    expect(asked({})).toEqual({ fault: ['kill', 'reload'], restart: 'both', reload });
    expect(asked({ restart: 'off', reload: ['pm2=kill'] })).toMatchObject({ restart: 'off', reload: ['pm2=kill'] });
  });

  test('that a flag takes the place of leave nothing behind', () => {
    expect(asked({ fault: ['crash'] })).toEqual({ fault: ['crash'], restart: 'both', reload: undefined });
    expect(asked({ scenario: ['hello'] })).toEqual({ fault: ['kill', 'reload'], restart: 'both', reload: [] });
  });

  test('may be left to flags, and how to reload need not be', () => {
    const none = { faults: undefined };
    expect(asked({}, none)).toEqual({ fault: undefined, restart: undefined, reload: undefined });
    expect(asked({ fault: ['reload'] }, none)).toEqual({ fault: ['reload'], restart: 'both', reload });
  });

  test('a mistake is told of the key', () => {
    const found = { file: FILE, folder: '', config: checkConfig(FILE, config) };
    const inFile = (message: string) => inConfig(new UserError(message), found, {});
    expect(inFile('--fault kil: unknown')).toMatchObject({ message: `${FILE}: faults kil: unknown` });
    expect(inFile('--reload pm: unknown')).toMatchObject({ message: `${FILE}: reloads pm: unknown` });
  });
});

test('a service with its requests is what the flags would be', () => {
  const config: Config = {
    app: './server.js',
    requests: ['a=POST /a *2'],
    headers: { accept: 'x' },
    body: '@order.json',
  };
  const flags = { app: './server.js', request: ['a=POST /a *2'], header: ['accept: x'], body: '@order.json' };
  expect(options(config)).toEqual(resolveOptions(flags, choices));
});

test('commands and addresses are servers by name, of all workloads', () => {
  const config: Config = {
    commands: { one: 'node server.js', pm2: 'pm2-runtime start server.js' },
    urls: { mine: 'http://127.0.0.1:3000' },
    ready: 'GET /health',
    workloads: { list: { requests: ['GET /products'] } },
  };
  expect(options(config)).toMatchObject({
    services: [{ name: 'list', file: null }],
    models: [],
    externals: [
      { kind: 'command', name: 'one', line: 'node server.js', ready: '/health' },
      { name: 'pm2' },
      { kind: 'address', name: 'mine', port: 3000 },
    ],
  });
});

test('each workload is a scenario of its own, with what all have in common', () => {
  const { services, scenarios } = options(SHOP);
  expect(scenarios).toEqual([]);
  expect(services).toEqual([
    {
      ...{ name: 'browse', file: './server.js', verify: 'learned', expect: [], notes: [] },
      requests: [
        { ...get('/products'), headers: { accept: 'application/json' } },
        { ...get('/products/1'), weight: 3, headers: { accept: 'application/json' } },
      ],
    },
    {
      ...{ name: 'orders', file: './server.js', verify: 'status', expect: [], notes: [] },
      requests: [
        {
          ...{ ...get('/orders'), name: 'order', method: 'POST', body: '{"id":1}' },
          headers: { accept: 'application/json', 'content-type': 'application/json' },
        },
      ],
    },
  ]);
});

const get = (path: string) => ({
  name: `GET ${path}`,
  weight: 1,
  method: 'GET',
  path,
  body: '',
  bodies: null,
  varies: false,
});

test('a request has headers of its own, in place of those of all, and a type only where it has none', () => {
  const request = { method: 'PUT', path: '/', body: [1], headers: { Accept: 'b', 'Content-Type': 'text/x' } };
  const { services } = options({ app: './a.js', headers: { accept: 'a', host2: 'c' }, requests: [request] });
  expect(services[0]?.requests[0]).toMatchObject({
    headers: { host2: 'c', Accept: 'b', 'Content-Type': 'text/x' },
    body: '[1]',
  });
});

test('paths are relative to the config file, and those of the root and names stay', () => {
  const config: Config = {
    ...{ app: './server.js', requests: ['GET /', { method: 'POST', path: '/', body: '@a.json' }] },
    ...{ scenarios: ['cpu', './own.js:n=2', '/root/own.js'], models: ['single', './mine.js'] },
  };
  const { services, scenarios, models } = options(config, {}, undefined, 'bench');
  expect(services[0]?.file).toBe('bench/server.js');
  expect(services[0]?.requests[1]?.body).toBe('@bench/a.json');
  expect(scenarios).toEqual(['cpu', 'bench/own.js:n=2', '/root/own.js']);
  expect(models).toEqual(['single', 'bench/mine.js']);
});

describe('flags', () => {
  const settings: Config = { ...SHOP, models: ['single'], rounds: 5, preset: 'quick', scenarios: ['cpu'] };

  test('replace their key, and leave the others', () => {
    expect(options(settings, { model: ['cluster'] })).toMatchObject({
      models: ['cluster'],
      rounds: 5,
      preset: 'quick',
    });
  });

  test('that exclude a key replace it as well', () => {
    expect(options(settings, { budget: '5m' })).toMatchObject({ budgetMs: 300_000 });
    expect(options({ budget: '5m' }, { rounds: 2 })).toMatchObject({ rounds: 2, budgetMs: null });
    expect(options({ rounds: 9, duration: '9s' }, { preset: 'quick' }).rounds).not.toBe(9);
  });

  test('that name a scenario want that one alone', () => {
    expect(options(settings, { scenario: ['hello'] })).toMatchObject({ scenarios: ['hello'], services: [], rounds: 5 });
  });

  test('--workload is a choice, with a scenario beside it only when one is named', () => {
    const names = (chosen: readonly string[], flags: ConfiguredRun = {}) => {
      const { services, scenarios } = options(settings, flags, chosen);
      return [...services.map(({ name }) => name), ...scenarios];
    };
    expect(names(['orders'])).toEqual(['orders']);
    expect(names(['orders', 'browse'])).toEqual(['browse', 'orders']);
    expect(names(['orders'], { scenario: ['hello'] })).toEqual(['orders', 'hello']);
  });

  test('about the service are for each workload', () => {
    const { services } = options(SHOP, { app: './other.js', header: ['a: b'], verify: 'status' });
    expect(services.map(({ file, verify }) => [file, verify])).toEqual([
      ['./other.js', 'status'],
      ['./other.js', 'status'],
    ]);
    expect(services[0]?.requests[0]?.headers).toEqual({ a: 'b' });
  });

  test('--request is sent in place of the workloads', () => {
    const { services } = options(SHOP, { request: ['GET /x'] });
    expect(services).toMatchObject([{ name: null, file: './server.js', requests: [{ path: '/x' }] }]);
  });
});

test.each<[string, Config, ConfiguredRun?, (readonly string[])?]>([
  ["fourways.config.js: models clutser: unknown model. Did you mean 'cluster'?", { models: ['clutser'] }],
  ["--model clutser: unknown model. Did you mean 'cluster'?", { models: ['single'] }, { model: ['clutser'] }],
  ['fourways.config.js: connections 1.5: give a whole number', { connections: 1.5 }],
  ['fourways.config.js: connectionModes x: unknown value.', { connectionModes: ['x'] }],
  ['fourways.config.js: requests GET x: the path must begin with a slash', { app: 'a.js', requests: ['GET x'] }],
  ['fourways.config.js: requests GTE /: GTE is not among', { app: 'a.js', requests: [{ method: 'GTE', path: '/' }] }],
  ['fourways.config.js: requests GET / goes with --app', { requests: ['GET /'] }],
  [
    "fourways.config.js: workload a: requests x: give a method and a path, as in 'GET /products'",
    { app: 'a.js', workloads: { a: { requests: ['x'] } } },
  ],
  [
    'fourways.config.js: workload a: app a.js: say what to send to it with --request',
    { app: 'a.js', workloads: { a: { verify: 'status' } } },
  ],
  [
    'fourways.config.js: expect status=600: give a status',
    { app: 'a.js', requests: ['GET /'], expect: ['status=600'] },
  ],
  ["--workload order: fourways.config.js has no such workload. Did you mean 'orders'?", SHOP, {}, ['order']],
  ['--workload orders has requests of its own', SHOP, { request: ['GET /'] }, ['orders']],
  ['--workload orders: fourways.config.js has no such workload', {}, {}, ['orders']],
])('%s', (message, config, flags, chosen) => {
  expect(() => options(config, flags, chosen)).toThrow(UserError);
  expect(() => options(config, flags, chosen)).toThrow(message);
});
