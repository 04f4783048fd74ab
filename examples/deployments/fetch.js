import { answer } from './work.js';

/** For `bun run`, which takes the port from PORT, and for `deno serve`. */
export default {
  hostname: '127.0.0.1',
  // Bun: several processes may listen on one port.
  reusePort: true,
  fetch(request) {
    const [status, body] = answer(new URL(request.url).pathname, request.headers.get('cookie'));
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
  },
};
