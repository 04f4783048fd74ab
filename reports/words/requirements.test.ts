import { describe, expect, test } from 'vitest';
import type { JudgedRequirement } from '../../harness/judge/schema/requirement.ts';
import { requirementsMarkdown, requirementsText } from './requirements.ts';

const plain = { colour: false };

function judged(changes: Partial<JudgedRequirement> = {}): JudgedRequirement {
  return {
    asked: 'cpu/cluster p99<50ms',
    cell: 'cpu:ms=10/cluster',
    condition: 'p99<50ms',
    operator: '<',
    limit: 50,
    unit: 'ms',
    point: 61.23,
    low: 58.94,
    high: 63.71,
    verdict: 'broken',
    reason: null,
    ...changes,
  };
}

const MiB = 2 ** 20;

test.each<[string, Partial<JudgedRequirement>]>([
  ['broken  cpu/cluster p99<50ms: 61.2 ms (58.9–63.7)', {}],
  ['met     cpu/cluster p99<50ms: 61.2 ms (58.9–63.7)', { verdict: 'met' }],
  ['broken  cpu/cluster p99<50ms: 61.2 ms (58.9 or more)', { high: null }],
  ['untold  cpu/cluster p99<50ms: 61.2 ms; too few', { verdict: 'untold', low: null, high: null, reason: 'too few' }],
  ['untold  cpu/cluster p99<50ms: none', { verdict: 'untold', point: null, low: null, high: null, reason: 'none' }],
  ['broken  a errors<1: 1 failed trial', { asked: 'a errors<1', unit: 'trials', point: 1, low: null, high: null }],
  ['broken  a errors<1: 2 failed trials', { asked: 'a errors<1', unit: 'trials', point: 2, low: null, high: null }],
  ['broken  a memory<1: 64.0 MiB (32.0–96.0)', bytes('a memory<1')],
  ['broken  a vs b>2: 1.25× [1.20–1.30]', { asked: 'a vs b>2', unit: 'ratio', point: 1.25, low: 1.2, high: 1.3 }],
  ['broken  a rps>2: 1,250 requests/s (1–2)', rate('a rps>2')],
])('%s', (line, changes) => {
  expect(requirementsText([judged(changes)], plain)).toBe(`\nRequirements\n${line.replace('(1–2)', '(1.00–2.00)')}\n`);
});

function bytes(asked: string): Partial<JudgedRequirement> {
  return { asked, unit: 'bytes', point: 64 * MiB, low: 32 * MiB, high: 96 * MiB };
}

function rate(asked: string): Partial<JudgedRequirement> {
  return { asked, unit: 'requests/s', point: 1250, low: 1, high: 2 };
}

describe('which cell it is', () => {
  test('is told where several were meant, and where any could have been', () => {
    const two = [judged(), judged({ cell: 'cpu:ms=2/cluster' })];
    expect(requirementsText(two, plain)).toContain('broken  cpu:ms=2/cluster p99<50ms: ');
    const any = [judged({ asked: '*/cluster p99<50ms' })];
    expect(requirementsText(any, plain)).toContain('broken  cpu:ms=10/cluster p99<50ms: ');
  });
});

test('nothing where nothing was required', () => {
  expect([requirementsText(undefined, plain), requirementsText([], plain)]).toEqual(['', '']);
  expect([requirementsMarkdown(undefined), requirementsMarkdown([])]).toEqual(['', '']);
});

test('at most 100 columns, colours only where they are asked for', () => {
  const long = judged({ reason: 'word '.repeat(60).trim() });
  const lines = requirementsText([long], plain).split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
  expect(lines[3]).toMatch(/^ {8}word/);
  expect(requirementsText([long], plain)).not.toContain('\u001b');
  expect(requirementsText([long], { colour: true })).toContain('\u001b[31mbroken\u001b[39m  cpu/cluster');
});

test('text of others is shown and not obeyed', () => {
  const hostile = judged({ asked: '<img src=x>|`*\u001b[31m\u202e p99<1ms', reason: 'a\nb\u0007' });
  const [text, markdown] = [requirementsText([hostile], plain), requirementsMarkdown([hostile])];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  expect(text).not.toMatch(/[\u001b\u0007\u202e]/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  expect(markdown).not.toMatch(/[\u001b\u0007\u202e]|<img|[^\\]`/);
});
