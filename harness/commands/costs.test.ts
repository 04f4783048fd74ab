/** `fourways costs` on a simulated machine. */
import { expect, test } from 'vitest';
import type { CostCommand } from '../costs/operations.ts';
import { mistake, run } from '../fixtures/command.ts';

/** Starting is slow, a function call quick, and nothing else differs. */
function simulated(asked: CostCommand[]) {
  return {
    launching: () => ({
      launch: async (command: CostCommand) => {
        asked.push(command);
        const { group, of } = command.operation;
        const wallUs = group === 'start' ? 20_000 : of === 'call' ? 1 : 30;
        return { wallUs, cpuUs: wallUs, samples: 10, elapsedUs: 10 * wallUs };
      },
      close: async () => {},
    }),
  };
}

test('every operation in five rounds of random order, which the seed decides', async () => {
  const [first, second, other]: [CostCommand[], CostCommand[], CostCommand[]] = [[], [], []];
  const ran = await run(['costs', '--seed', '7'], simulated(first));
  await run(['costs', '--seed', '7', '--quiet'], simulated(second));
  await run(['costs', '--seed', '8', '--quiet'], simulated(other));
  expect(ran.code).toBe(0);
  expect(ran.out).toContain('A message there and back, µs');
  expect(ran.err).toContain('[1/140]');
  expect(first).toEqual(second);
  expect(first).not.toEqual(other);
  expect(first).toHaveLength(140);
  expect(new Set(first.map(({ operation }) => JSON.stringify(operation))).size).toBe(28);
});

test('some groups only, as data', async () => {
  const ran = await run(['costs', '--only', 'sockets,start', '--format', 'json', '--quiet'], simulated([]));
  const { costs } = JSON.parse(ran.out);
  expect(costs.map((one: { operation: { of: string } }) => one.operation.of)).toEqual([
    ...['thread', 'process', 'here', 'passed'],
  ]);
  expect(ran.err).toBe('');
});

test.each([
  [['--only', 'mesages'], "--only mesages: unknown group. Did you mean 'messages'?"],
  [['--runtime', '/no/such/node'], '--runtime /no/such/node: there is no such file'],
  [['--seed', '-1'], '--seed -1: give a whole number'],
])('%j', async (words, named) => {
  expect(mistake(await run(['costs', ...words], simulated([])))).toContain(named);
});
