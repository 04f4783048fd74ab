import { expect, test } from 'vitest';
import { run } from '../fixtures/command.ts';

/** What a shell is offered for this line; its last word is the one that is written. */
async function offered(line: string): Promise<string> {
  const { code, out, err } = await run(['--get-yargs-completions', ...line.split(' ')]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out.trim().split('\n').join(' ');
}

test.each([
  ['fourways r', 'run report'],
  ['fourways help d', 'doctor'],
  ['fourways run --pre', '--preset'],
  ['fourways run -s c', 'cpu cache'],
  ['fourways run -s cpu,h', 'cpu,hello cpu,hash'],
  ['fourways run --scenario=h', '--scenario=hello --scenario=hash'],
  ['fourways run --scenario = h', 'hello hash'],
  ['fourways run -m cl', 'cluster cluster-shared-handle'],
  ['fourways run --preset ', 'quick standard thorough'],
  ['fourways list ', '--format --help'],
  ['fourways list --format json ', '--help'],
  ['fourways run --workers 2 --worke', ''],
  ['fourways run -m single --mod', '--model'],
  ['fourways report runs/1 --chart through', 'throughput-by-setting throughput'],
  ['fourways serve wo', 'worker-threads'],
  ['fourways serve cluster he', 'hello'],
  ['fourways report ', ''],
  ['fourways frob ', ''],
])('%s', async (line, expected) => {
  expect(await offered(line)).toBe(expected);
});

test('the script calls what answers', async () => {
  const { code, out } = await run(['completion']);
  expect([code, out]).toEqual([0, expect.stringContaining('fourways --get-yargs-completions')]);
});
