import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { learnVarying, looseDifference, type Sample, varyingText } from './learned.ts';

function sample(body: string, ...headerLines: string[]): Sample {
  return { headerLines: ['content-type: application/json', ...headerLines], body: Buffer.from(body) };
}

const reply = (id: string, at: string): Sample =>
  sample(`{"id":"${id}","at":"${at}","total":3}`, `x-request-id: ${id}`);
const samples = [reply('a1-b2', '2026-01-01T00:00:01.5Z'), reply('c3-d4', '2026-01-01T00:00:02.25Z')];

test('what varies by itself is found: an id, a date, a header', () => {
  const varying = learnVarying(samples);
  expect(varyingText(varying)).toBe('the header x-request-id and 2 values in the body');
  expect(looseDifference(samples[0] ?? reply('', ''), reply('e5', '2027-02-03T04:05:06Z'), varying)).toBeNull();
});

test.each<[string, Sample]>([
  ["the body has ':4' instead of ':3'", sample('{"id":"x","at":"y","total":4}', 'x-request-id: z')],
  [
    "header 'content-type: text/html' instead of 'application/json'",
    { ...reply('a', 'b'), headerLines: ['content-type: text/html'] },
  ],
  [
    "header 'content-encoding: gzip' instead of '(none)'",
    { ...reply('a', 'b'), headerLines: [...reply('a', 'b').headerLines, 'content-encoding: gzip'] },
  ],
  ['the body has', sample('{"id":"x","at":"y","total":3,"more":1}', 'x-request-id: z')],
  ['the body has', sample('{"id":"x"}', 'x-request-id: z')],
])('any other difference is one: %s', (text, actual) => {
  const difference = looseDifference(samples[0] ?? reply('', ''), actual, learnVarying(samples));
  expect(difference).toContain(text);
});

test('replies that are the same have nothing to mask', () => {
  const varying = learnVarying([sample('same'), sample('same')]);
  expect(varying).toEqual({ headers: [], body: null });
  expect(varyingText(varying)).toBeNull();
});

test('of replies that do not have the same shape the body is not compared', () => {
  const varying = learnVarying([sample('a b c'), sample('a b')]);
  expect(varying.body).toBe('anything');
  expect(looseDifference(sample('a b'), sample('x'), varying)).toBeNull();
});

test('how a reply is sent, and by what, is no part of it', () => {
  const chunked = { ...sample('x'), headerLines: ['Content-Type: application/json', 'Transfer-Encoding: chunked'] };
  const whole = {
    ...sample('x'),
    headerLines: ['Content-Length: 1', 'content-type: application/json', 'connection: keep-alive', 'server: nginx'],
  };
  expect(looseDifference(chunked, whole, { headers: [], body: null })).toBeNull();
});

test('what varies in a compressed body is found in what was compressed', () => {
  const compressed = (id: number): Sample => ({
    headerLines: ['content-encoding: gzip'],
    body: gzipSync(JSON.stringify({ total: 3, id })),
  });
  const varying = learnVarying([compressed(1), compressed(2)]);
  expect(varyingText(varying)).toBe('1 value in the body');
  expect(looseDifference(compressed(1), compressed(77), varying)).toBeNull();
});
