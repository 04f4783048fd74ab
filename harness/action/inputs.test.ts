import { expect, test } from 'vitest';
import { checkedWords } from '../command-line/mistakes.ts';
import ab from '../commands/ab.ts';
import run from '../commands/run.ts';
import { flagsOf, inputsOf } from './inputs.ts';

const ALL = {
  app: './server.js',
  scenario: './bench/one.js\n./bench/two.js:ms=2',
  command: 'other=node other.js --port {port}',
  request: 'GET /products\norder=POST /orders',
  budget: '90s',
  'fail-above': '10%',
  margin: '5%',
  model: 'single,cluster',
  workers: '2',
  flags: '--rate 500\n--strict\n-H accept: text/html',
};

test.each(['ab', 'run'] as const)('the command line knows all flags that inputs become: %s', (command) => {
  const inputs = inputsOf({ INPUTS: JSON.stringify(ALL) });
  const sides = command === 'ab' ? ['../base', '.'] : [];
  expect(() => checkedWords([command, ...sides, ...flagsOf(inputs, command)], { ab, run })).not.toThrow();
  expect(() => checkedWords([command, ...sides, '--no-such-flag'], { ab, run })).toThrow();
});
