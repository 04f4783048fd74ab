import { expect, test } from 'vitest';
import { parseServerNode, type ServerNodeRequest } from './server-node.ts';

test('options in their order, and variables with whatever stands behind the first equals sign', () => {
  const nodeArg = ['--max-old-space-size=256', '--title=my server', '--import=./tracing.js'];
  expect(parseServerNode({ nodeArg, env: ['URL=postgres://u:p@h/db?a=b', 'EMPTY='] })).toEqual({
    args: nodeArg,
    env: { URL: 'postgres://u:p@h/db?a=b', EMPTY: '' },
  });
  expect(parseServerNode({})).toEqual({ args: [], env: {} });
});

test.each<[ServerNodeRequest, RegExp]>([
  [{ nodeArg: ['./tracing.js'] }, /^--node-arg \.\/tracing\.js: give an option of Node\.js with its value in one word/],
  [{ nodeArg: ['--'] }, /^--node-arg --: give an option/],
  [{ nodeArg: ['-'] }, /^--node-arg -: give an option/],
  [{ nodeArg: ['--import ./x.js'] }, /^--node-arg --import \.\/x\.js: give an option .+ in one word/],
  [{ nodeArg: ['--eval=1'] }, /^--node-arg --eval=1: with it Node\.js does not run the server; leave it out$/],
  [{ nodeArg: ['-p'] }, /does not run the server/],
  [{ nodeArg: ['--test'] }, /does not run the server/],
  [{ nodeArg: ['--watch-path=.'] }, /does not run the server/],
  [{ env: ['LOG_LEVEL'] }, /^--env LOG_LEVEL: give a name and a value, as in --env LOG_LEVEL=warn$/],
  [{ env: ['=x'] }, /^--env : give a name and a value/],
  [{ env: ['a b=x'] }, /^--env a b: give a name and a value/],
  [{ env: ['NODE_UNIQUE_ID=1'] }, /^--env NODE_UNIQUE_ID: Node\.js sets it itself; leave it out$/],
  [{ env: ['A=1', 'A=2'] }, /^--env A is given twice; give each variable once$/],
])('%j is refused, and no value is told', (asked, message) => {
  expect(() => parseServerNode(asked)).toThrow(message);
});
