import { mix } from './cpu.ts';
import type { Reply, Scenario } from './scenario.ts';

const headers = { 'content-type': 'application/json' };
const light: Reply = { status: 200, headers, body: '{"light":true}' };
const unknown: Reply = { status: 404, headers, body: '{"light":null}' };

const heavyBody = (iterations: number): string => `{"mix":${mix(iterations)}}`;

/** Most routes of a service are cheap and a few are not. Where both share an event loop, the cheap ones wait. */
const mixed: Scenario<'ms' | 'percent'> = {
  summary: 'mostly light requests and a few heavy ones, which pools answer apart',
  parameters: {
    ms: { summary: 'CPU time of one heavy request in milliseconds', default: 100, min: 1, max: 1000 },
    percent: { summary: 'share of heavy requests in percent', default: 5, min: 1, max: 50, integer: true },
  },
  inWords: ({ ms, percent }) => `${percent}% heavy requests of ${ms} ms`,
  requests: ({ percent }) => [
    { name: 'light', weight: 100 - percent, method: 'GET', path: '/light', onFront: true },
    { name: 'heavy', weight: percent, method: 'GET', path: '/heavy' },
  ],
  createHandler:
    ({ iterations }) =>
    ({ path }) => {
      if (path === '/light') return light;
      return path === '/heavy' ? { status: 200, headers, body: heavyBody(iterations) } : unknown;
    },
  verify: ({ text }, { iterations, requestClass }) => {
    const right = requestClass === 'light' ? light.body : heavyBody(iterations);
    return text === right ? undefined : `expected ${right}`;
  },
  kernel: { sizedBy: 'ms', prepare: () => mix, share: ({ percent }) => percent / 100 },
  openLoop: true,
};

export default mixed;
