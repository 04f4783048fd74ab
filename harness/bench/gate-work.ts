/** The same work on both sides of a gate, and on one of them whatever a gate has to find. */
import { mkdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mix } from '../../scenarios/cpu.ts';
import type { Reply, Scenario } from '../../scenarios/scenario.ts';

const MIB = 2 ** 20;
/** One in so many requests is a slow one. */
const SLOW_OF = 100;

const work: Scenario<'ms' | 'more' | 'wait' | 'slow' | 'mib' | 'fails'> = {
  summary: 'a kernel, and some of it once more',
  parameters: {
    ms: { summary: 'CPU time of one request in milliseconds', default: 2, min: 0.01, max: 1000 },
    more: { summary: 'so many percent of it are done again', default: 0, min: 0, max: 100 },
    wait: { summary: 'milliseconds that each request waits', default: 0, min: 0, max: 1000 },
    slow: { summary: 'milliseconds that one in a hundred requests waits', default: 0, min: 0, max: 1000 },
    mib: { summary: 'mebibytes that are kept', default: 0, min: 0, max: 1000 },
    fails: { summary: '1 if every other launch fails', default: 0, min: 0, max: 1 },
  },
  requests: () => [{ name: 'work', weight: 1, method: 'GET', path: '/' }],
  createHandler: ({ iterations, parameters: { more, wait, slow, mib, fails } }) => {
    if (fails === 1 && isSecond()) throw new Error('this launch fails');
    const again = Math.round((iterations * more) / 100);
    const headers = { 'content-type': 'text/plain' };
    const held = Buffer.alloc(mib * MIB, 1);
    let kept = held.length === 0 ? 0 : (held[0] ?? 0);
    let requests = 0;
    return () => {
      // It is kept, so that no compiler can leave it out, and it is not sent, so that replies are the same.
      if (again > 0) kept ^= mix(again);
      const reply = { status: 200, headers, body: `${mix(iterations)}${kept === Infinity ? held : ''}` };
      const ms = requests++ % SLOW_OF === SLOW_OF - 1 ? Math.max(wait, slow) : wait;
      return ms === 0 ? reply : new Promise<Reply>((resolve) => setTimeout(resolve, ms, reply));
    };
  },
  verify: ({ text }, { iterations }) => (text === String(mix(iterations)) ? undefined : 'the wrong result'),
  kernel: { sizedBy: 'ms', prepare: () => mix },
};

/** Whether another launch of the same parent came before this one, and no third: a folder that is there in every other of them. */
function isSecond(): boolean {
  const folder = join(tmpdir(), `fourways-gate-${process.ppid}`);
  try {
    mkdirSync(folder);
    return false;
  } catch {
    rmdirSync(folder);
    return true;
  }
}

export default work;
