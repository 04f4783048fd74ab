import { expect, test } from 'vitest';
import { parseExpectations, statusesOf } from './expect.ts';

const names = ['list', 'GET /at/12:30'];

test.each([
  ['status=201', { kind: 'status', request: null, status: 201 }],
  ['list: status = 404', { kind: 'status', request: 'list', status: 404 }],
  ['GET /at/12:30: status=304', { kind: 'status', request: 'GET /at/12:30', status: 304 }],
  ['body~"total"', { kind: 'body', request: null, text: 'total' }],
  ['body~"total":3', { kind: 'body', request: null, text: '"total":3' }],
  [`list: body~'{"total":3}'`, { kind: 'body', request: 'list', text: '{"total":3}' }],
  ['lost={"session": "lost"}', { kind: 'lost', request: null, text: '{"session": "lost"}' }],
  ["list: lost='log in'", { kind: 'lost', request: 'list', text: 'log in' }],
  ['body~x: status=200', { kind: 'body', request: null, text: 'x: status=200' }],
])('%s', (text, expected) => {
  expect(parseExpectations([text], names)).toEqual([expected]);
});

test.each([
  [
    ['200'],
    `--expect 200: give it as 'status=201', 'body~"total"' or 'lost=please log in', for one request as 'list: status=200'`,
  ],
  [['status=2xx'], '--expect status=2xx: give it as'],
  [['status=100'], '--expect status=100: give a status from 200 to 599'],
  [['lst: status=200'], "--expect lst: status=200: there is no request 'lst'. Did you mean 'list'?"],
  [['status=200', 'status=404'], "--expect: 'list' is to have status 200 and 404; give one of them"],
])('%s is refused', (texts, message) => {
  expect(() => parseExpectations(texts, names)).toThrow(message);
});

test('what is said of one request comes before what is said of all', () => {
  const all = parseExpectations(['status=200', 'list: status=404'], names);
  expect(statusesOf(all, 'list')).toEqual([404]);
  expect(statusesOf(all, 'GET /at/12:30')).toEqual([200]);
});
