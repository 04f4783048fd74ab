import type { Reply, Scenario } from './scenario.ts';

const reply: Reply = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"hello":"world"}',
};

/** The handler does nothing, so what is measured is the model: accepting, parsing, handing over, replying. */
const hello: Scenario<never> = {
  summary: 'a small constant JSON reply: the cost of the model itself',
  parameters: {},
  inWords: () => 'a constant reply',
  requests: () => [{ name: 'hello', weight: 1, method: 'GET', path: '/' }],
  createHandler: () => () => reply,
  verify: ({ text }) => (text === reply.body ? undefined : `expected ${reply.body}`),
};

export default hello;
