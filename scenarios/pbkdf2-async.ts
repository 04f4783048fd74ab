import { pbkdf2, pbkdf2Sync } from 'node:crypto';
import type { Scenario } from './scenario.ts';

const PASSWORD = 'correct horse battery staple';
const SALT = 'fourways';
const KEY_BYTES = 32;
const DIGEST = 'sha256';

const digest = (rounds: number): string => pbkdf2Sync(PASSWORD, SALT, rounds, KEY_BYTES, DIGEST).toString('hex');

/** `hash` as it ought to be written: the same kind of work, on threads of the libuv pool. */
const pbkdf2Async: Scenario<'ms'> = {
  summary: 'a password hashed by crypto.pbkdf2 in the libuv pool, whatever the model',
  parameters: {
    ms: { summary: 'CPU time of one request in milliseconds', default: 4, min: 0.1, max: 10_000 },
  },
  inWords: ({ ms }) => `a password hash of ${ms} ms in the thread pool`,
  requests: () => [{ name: 'login', weight: 1, method: 'POST', path: '/login' }],
  createHandler: ({ iterations }) => {
    const headers = { 'content-type': 'application/json' };
    return () =>
      new Promise((resolve, reject) => {
        pbkdf2(PASSWORD, SALT, iterations, KEY_BYTES, DIGEST, (error, key) => {
          if (error === null) resolve({ status: 200, headers, body: `{"hash":"${key.toString('hex')}"}` });
          else reject(error);
        });
      });
  },
  verify: ({ text }, { iterations }) => {
    const right = `{"hash":"${digest(iterations)}"}`;
    return text === right ? undefined : `expected ${right}`;
  },
  kernel: { sizedBy: 'ms', inPool: true, prepare: () => digest },
};

export default pbkdf2Async;
