/** The same work on both sides of a gate, and some percent more of it on one. */
import { mix } from '../../scenarios/cpu.ts';
import type { Scenario } from '../../scenarios/scenario.ts';

const work: Scenario<'ms' | 'more'> = {
  summary: 'a kernel, and some of it once more',
  parameters: {
    ms: { summary: 'CPU time of one request in milliseconds', default: 2, min: 0.01, max: 1000 },
    more: { summary: 'so many percent of it are done again', default: 0, min: 0, max: 100 },
  },
  requests: () => [{ name: 'work', weight: 1, method: 'GET', path: '/' }],
  createHandler: ({ iterations, parameters: { more } }) => {
    const again = Math.round((iterations * more) / 100);
    const headers = { 'content-type': 'text/plain' };
    let kept = 0;
    return () => {
      // It is kept, so that no compiler can leave it out, and it is not sent, so that replies are the same.
      if (again > 0) kept ^= mix(again);
      return { status: 200, headers, body: `${mix(iterations)}${kept === Infinity ? '!' : ''}` };
    };
  },
  verify: ({ text }, { iterations }) => (text === String(mix(iterations)) ? undefined : 'the wrong result'),
  kernel: { sizedBy: 'ms', prepare: () => mix },
};

export default work;
