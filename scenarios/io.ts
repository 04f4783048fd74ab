import { Agent, get } from 'node:http';
import { entryBeside } from './entry.ts';
import type { Scenario } from './scenario.ts';

const io: Scenario<'ms'> = {
  summary: 'one call to a real upstream HTTP service that takes a fixed time',
  parameters: {
    ms: { summary: 'time the upstream service takes, in milliseconds', default: 20, min: 1, max: 5_000, integer: true },
  },
  inWords: ({ ms }) => `${ms} ms of waiting per request`,
  requests: () => [{ name: 'io', weight: 1, method: 'GET', path: '/' }],
  setUp: async ({ parameters, startService }) => {
    const { port } = await startService(entryBeside(import.meta.url, 'upstream'), [String(parameters.ms)]);
    return { upstream: `http://127.0.0.1:${port}/` };
  },
  createHandler: ({ addresses }) => {
    // No cap on sockets: a worker may wait for as many replies as it has requests.
    const agent = new Agent({ keepAlive: true, scheduling: 'lifo' });
    const url = addresses['upstream'] ?? '';
    const headers = { 'content-type': 'application/json' };
    return () =>
      new Promise((resolve, reject) => {
        const request = get(url, { agent }, (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () => {
            const status = answer.statusCode === 200 ? 200 : 502;
            resolve({ status, headers, body: `{"upstream":${Buffer.concat(chunks).toString()}}` });
          });
        });
        request.on('error', reject);
      });
  },
  verify: ({ text }, { parameters }) => {
    const right = `{"upstream":{"waitedMs":${parameters.ms}}}`;
    return text === right ? undefined : `expected ${right}`;
  },
  waitingMs: ({ ms }) => ms,
};

export default io;
