/** The config file that `fourways init` writes: what was found, and everything else as comments. */
import type { Style } from './project.ts';

/** `fourways.config.ts`, or with another extension where that would not be an ES module. */
export function starterName({ isTypeScript, isModule }: Style): string {
  return `fourways.config.${isModule ? '' : 'm'}${isTypeScript ? 'ts' : 'js'}`;
}

/** With types for the editor, and nothing that is imported when it runs: fourways need not be installed here. */
export function starterText(app: string, { isTypeScript }: Style): string {
  const [before, after] = isTypeScript
    ? ["import type { Config } from 'fourways';\n\nexport default {", '} satisfies Config;']
    : ["/** @type {import('fourways').Config} */\nexport default {", '};'];
  return `// What fourways run measures in this folder. A flag replaces the key of its name.
${before}
  app: ${quoted(app)},
${KEYS}${after}
`;
}

function quoted(text: string): string {
  return /['\\]/.test(text) ? JSON.stringify(text) : `'${text}'`;
}

const KEYS = `
  // What is sent to it: requests that it answers, as a reply of 404 is refused. A weight says how often, relative to the others.
  requests: [
    'GET /',
    // 'list=GET /products *9',
    // { name: 'order', method: 'POST', path: '/orders', body: { product: 1 }, headers: { 'x-user': '7' }, weight: 2 },
  ],
  // headers: { accept: 'application/json' },
  // har: './recorded.har',

  // Several workloads in place of requests; fourways run --workload orders measures one of them.
  // workloads: {
  //   browse: { requests: ['GET /products'] },
  //   orders: { requests: [{ method: 'POST', path: '/orders', body: { product: 1 } }] },
  // },

  // What replies must be, beside being the same under every model.
  // expect: ['status=200'],
  // verify: 'status',

  // models: ['single', 'cluster', 'fork-pool', 'worker-threads'],
  // workers: 4,
  // connections: 64,
  // rates: ['50%', '80%'],
  // slo: 'p99=100ms',

  // preset: 'quick',
  // budget: '5m',
  // margin: '3%',

  // Exit code 1 when one of these does not hold.
  // require: ['* errors<1', '*/cluster p99<50ms'],
`;
