import hello from '../hello.ts';
import type { Scenario } from '../scenario.ts';

/** `hello` over HTTPS. Every connection is a full handshake: no client resumes a session. */
const tls: Scenario<never> = {
  ...hello,
  summary: 'the small constant reply over HTTPS; --connection-mode per-request is a handshake each',
  inWords: () => 'a constant reply over TLS',
  requests: () => [{ name: 'tls', weight: 1, method: 'GET', path: '/' }],
  tls: true,
};

export default tls;
