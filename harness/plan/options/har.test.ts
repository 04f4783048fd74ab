import { expect, test } from 'vitest';
import { parseHar } from './har.ts';

const HOST = 'https://shop.example';
type Part = Readonly<Record<string, unknown>>;
const entry = (path: string, request: Part = {}, more: Part = {}): Part => ({
  request: { method: 'GET', url: path.startsWith('/') ? HOST + path : path, headers: [], ...request },
  response: { status: 200 },
  ...more,
});
const har = (...entries: readonly Part[]): string => JSON.stringify({ log: { version: '1.2', entries } });
const headers = (pairs: Readonly<Record<string, string>>): Part => ({
  headers: Object.entries(pairs).map(([name, value]) => ({ name, value })),
});

test('equal requests are one, with their number as weight', () => {
  const post = (text: string): Part => entry('/orders', { method: 'POST', postData: { mimeType: 'text/plain', text } });
  const { requests, note } = parseHar(
    'a.har',
    har(entry('/'), entry('/app.js?v=1'), entry('/'), post('1'), post('2')),
    {},
  );
  expect(requests.map(({ name, weight, method, path, body }) => [name, weight, method, path, body])).toEqual([
    ['GET /', 2, 'GET', '/', ''],
    ['GET /app.js?v=1', 1, 'GET', '/app.js?v=1', ''],
    ['POST /orders', 1, 'POST', '/orders', '1'],
    ['POST /orders (2)', 1, 'POST', '/orders', '2'],
  ]);
  expect(note).toBe('--har a.har: 5 requests to shop.example, 4 of them different');
});

test('the host with most requests is taken, and what is left out is told', () => {
  const own = [entry('/a'), entry('/b', headers({ Cookie: 'a=1', Authorization: 'Bearer x' }))];
  const others = [entry('https://cdn.example/x.js')];
  const unusable = [
    entry('/c', {}, { _fromCache: 'memory' }),
    entry('/d', {}, { response: { status: 0 } }),
    entry('data:text/plain,hello'),
    entry('wss://shop.example/live'),
    entry('/e', { method: 'CONNECT' }),
  ];
  const { requests, note } = parseHar('a.har', har(...others, ...own, ...unusable), {});
  expect(requests.map(({ path }) => path)).toEqual(['/a', '/b']);
  expect(note).toBe(
    '--har a.har: 2 requests to shop.example; left out: 1 to other hosts, 5 that cannot be sent, had no reply or came from a cache, the cookie and the authorization header (give it with -H)',
  );
});

test('headers of the connection and of one session are left out, and those that are given come instead', () => {
  const recorded = headers({
    ...{ ':authority': 'shop.example', Host: 'shop.example', Connection: 'keep-alive', 'Content-Length': '7' },
    ...{ Cookie: 'a=1', Accept: 'text/html', 'X-Kept': 'yes', 'X-Other': '✓' },
  });
  const { requests, note } = parseHar('a.har', har(entry('/', recorded)), { accept: '*/*', cookie: 'b=2' });
  expect(requests[0]?.headers).toEqual({ 'X-Kept': 'yes', accept: '*/*', cookie: 'b=2' });
  expect(note).not.toContain('cookie');
});

test('a form without its text is written anew, and what looks like a place is sent as it is', () => {
  const form = { mimeType: 'application/x-www-form-urlencoded', params: [{ name: 'a', value: 'b c' }, { name: 'd' }] };
  const { requests } = parseHar(
    'a.har',
    har(
      entry('/form', { method: 'POST', postData: form }),
      entry('/x', { method: 'POST', postData: { text: '{{n}}' } }),
    ),
    {},
  );
  expect(requests.map(({ body, varies }) => [body, varies])).toEqual([
    ['a=b+c&d=', false],
    ['{{n}}', false],
  ]);
});

test.each([
  ['{"log":', /^--har a\.har: this is not JSON \(.*\); save the requests as HAR again$/],
  ['{}', /^--har a\.har: this is not a HAR file: log: /],
  ['{"log":{"entries":[{"request":{"url":1}}]}}', /^--har a\.har: this is not a HAR file: log\.entries\.0\.request\./],
  [har(), /^--har a\.har: none of its 0 requests can be sent; /],
  [har(entry('data:,x'), entry('nowhere')), /^--har a\.har: none of its 2 requests can be sent; /],
])('%s is refused in one line', (text, message) => {
  expect(() => parseHar('a.har', text, {})).toThrow(message);
});

test('a byte order mark is no mistake', () => {
  expect(parseHar('a.har', `\u{feff}${har(entry('/'))}`, {}).requests).toHaveLength(1);
});
