import { mix } from '../cpu.ts';
import type { Scenario } from '../scenario.ts';

const headers = { 'content-type': 'application/json' };
/** Of the same length, so that one costs as much as the other. */
const KEPT = '{"session":"kept"}';
const LOST = '{"session":"lost"}';

/** What a client says of itself, as it would in a signed cookie. */
const COOKIE = /^client=(\d+); visit=(\d+)$/;

/**
 * Sessions in the memory of the worker that a client logged in at. Each request reads the session, finds in it what the request
 * before it wrote, and writes it anew. A worker that does not know the client, or knows an earlier state of the session, has lost
 * it: it has the client log in again, which begins the session there, and the reply says so.
 */
const sessions: Scenario<'ms'> = {
  summary: 'sessions in the memory of a worker: how many each model loses',
  parameters: {
    ms: { summary: 'CPU time of one request in milliseconds', default: 1, min: 0.01, max: 10_000 },
  },
  inWords: ({ ms }) => `sessions in memory, ${ms} ms of CPU per request`,
  severalWorkers: true,
  requests: () => [
    {
      ...{ name: 'visit', weight: 1, method: 'GET', path: '/' },
      headers: { cookie: 'client={{client}}; visit={{visit}}' },
      varies: true,
      lost: LOST,
    },
  ],
  createHandler: ({ iterations }) => {
    /** The last visit of each client that has logged in here. */
    const known = new Map<string, number>();
    return ({ headers: { cookie = '' } }) => {
      const [, client = '', visit = ''] = COOKIE.exec(cookie) ?? [];
      const last = known.get(client) ?? 0;
      known.set(client, Number(visit));
      mix(iterations);
      return { status: 200, headers, body: last === Number(visit) - 1 ? KEPT : LOST };
    };
  },
  verify: ({ text }) => (text === KEPT ? undefined : `expected ${KEPT}`),
  kernel: { sizedBy: 'ms', prepare: () => mix },
};

export default sessions;
