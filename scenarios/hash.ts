import { scryptSync } from 'node:crypto';
import type { Scenario } from './scenario.ts';

const COST = 64;
const BLOCK_SIZE = 8;
const KEY_BYTES = 32;

/**
 * One native call of `lanes` scrypt lanes (RFC 7914, parameter p). The lanes run one after the other on the calling
 * thread, so the work is linear in their number while it stays a single call into native code.
 */
function digest(lanes: number): string {
  const maxmem = 128 * BLOCK_SIZE * (COST + lanes + 8) * 2;
  const options = { N: COST, r: BLOCK_SIZE, p: lanes, maxmem };
  return scryptSync('correct horse battery staple', 'fourways', KEY_BYTES, options).toString('hex');
}

const hash: Scenario<'ms'> = {
  summary: 'scryptSync: native code that holds the calling thread',
  parameters: {
    ms: { summary: 'CPU time of one request in milliseconds', default: 10, min: 0.1, max: 10_000 },
  },
  inWords: ({ ms }) => `a password hash of ${ms} ms per request`,
  requests: () => [{ name: 'hash', weight: 1, method: 'POST', path: '/login' }],
  createHandler: ({ iterations }) => {
    const headers = { 'content-type': 'application/json' };
    return () => ({ status: 200, headers, body: `{"hash":"${digest(iterations)}"}` });
  },
  verify: ({ text }, { iterations }) => {
    const right = `{"hash":"${digest(iterations)}"}`;
    return text === right ? undefined : `expected ${right}`;
  },
  kernel: { sizedBy: 'ms', prepare: () => digest },
};

export default hash;
