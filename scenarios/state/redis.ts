import { entryBeside } from '../entry.ts';
import type { Scenario } from '../scenario.ts';
import { keyOf, library, refusedBy } from './stores.ts';

interface Session {
  readonly user: number;
  readonly cart: readonly string[];
  readonly seen: number;
}

const CART = ['apple', 'bread', 'coffee'];
/** After so long nothing is left in a server of the user. */
const EXPIRES_SEC = 600;
const CONNECT_LIMIT_MS = 5_000;
const HEADERS = { 'content-type': 'application/json' };

async function connected(url: string) {
  const redis = await library(() => import('redis'), 'redis');
  const socket = { connectTimeout: CONNECT_LIMIT_MS, reconnectStrategy: false as const };
  const client = redis.createClient({ url, socket });
  // Whoever waits for a reply is told.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Why a server of the user does not do, with the way out; null where nothing more is known than what was thrown. */
function wayOut({ message }: Error): string | null {
  if (/ECONNREFUSED/.test(message)) return 'nothing listens there; start the server, or leave --redis out';
  if (/timeout|closed/i.test(message)) return 'what listens there does not answer as Redis; give the port of Redis';
  if (/WRONGPASS|NOAUTH|AUTH/.test(message)) {
    return 'it refuses the login; give user and password in the URL, as in redis://user:password@127.0.0.1:6379';
  }
  if (/NOPERM/.test(message)) return `${message}; give a user that may GET and SET keys that begin with fourways`;
  return null;
}

const redis: Scenario<'sessions'> = {
  summary: 'a session read and written in Redis by each request',
  parameters: {
    sessions: { summary: 'sessions, which requests take in turn', default: 1_000, min: 1, max: 100_000, integer: true },
  },
  inWords: () => 'a session read and written in Redis',
  severalWorkers: true,
  requests: () => [
    {
      name: 'session',
      weight: 1,
      method: 'GET',
      path: '/',
      headers: { cookie: 'theme=dark; sid={{n}}' },
      varies: true,
    },
  ],
  setUp: async ({ parameters, given, startService }) => {
    const url = given ?? (await startService(entryBeside(import.meta.url, 'redis-server'))).url ?? '';
    // One of its own, so that nobody else has sessions there.
    const prefix = `fourways:${process.pid}:`;
    try {
      const client = await connected(url);
      const first: Omit<Session, 'user'> = { cart: CART, seen: 0 };
      const users = Array.from({ length: parameters.sessions }, (_, user) => user);
      await Promise.all(
        users.map((user) => client.set(prefix + user, JSON.stringify({ user, ...first }), { EX: EXPIRES_SEC })),
      );
      await client.close();
    } catch (error) {
      throw refusedBy('redis', given, error, wayOut);
    }
    return { redis: url, prefix };
  },
  createHandler: async ({ parameters, addresses }) => {
    const client = await connected(addresses['redis'] ?? '');
    const prefix = addresses['prefix'] ?? '';
    return async ({ headers }) => {
      const [, id] = /(?:^|; )sid=(\d+)/.exec(headers['cookie'] ?? '') ?? [];
      const user = keyOf(Number(id), parameters.sessions);
      const key = prefix + user;
      const session: Session = JSON.parse((await client.get(key)) ?? '{}');
      if (session.user !== user)
        return { status: 500, headers: HEADERS, body: '{"error":"the session of another user"}' };
      await client.set(key, JSON.stringify({ ...session, seen: session.seen + 1 }), { EX: EXPIRES_SEC });
      return { status: 200, headers: HEADERS, body: JSON.stringify({ cart: session.cart }) };
    };
  },
  verify: ({ text }) => {
    const right = JSON.stringify({ cart: CART });
    return text === right ? undefined : `expected ${right}`;
  },
};

export default redis;
