import { describe, expect, test } from 'vitest';
import { UserError } from '../../errors.ts';
import type { Rate } from '../../store/schema.ts';
import { parseRates, usualRates } from './rates.ts';

const parse = (texts: readonly string[], generators = 1, modes: Parameters<typeof parseRates>[2] = ['keep-alive']) =>
  parseRates(texts, generators, modes);
const number = (requestsPerSec: number): Rate => ({ kind: 'number', requestsPerSec });
const share = (of: number): Rate => ({ kind: 'share', share: of });

describe('--rate', () => {
  test.each<[string, Rate]>([
    ['200', number(200)],
    ['200/s', number(200)],
    ['1.5', number(1.5)],
    ['12.5/s', number(12.5)],
    [' 200 ', number(200)],
    ['1', number(1)],
    ['20000', number(20_000)],
    ['50%', share(0.5)],
    ['0.5%', share(0.005)],
    ['200%', share(2)],
  ])('%s', (text, rate) => {
    expect(parse([text])).toEqual([rate]);
  });

  test('several, in the order given, and each once', () => {
    expect(parse(['80%', '200', '50%', '200'])).toEqual([share(0.8), number(200), share(0.5)]);
  });

  test('left out is not the same as none', () => {
    expect(parseRates(undefined, 1, ['keep-alive'])).toBeUndefined();
    expect(parse(['none'])).toEqual([]);
  });

  const form = 'give requests per second such as 200, a share of capacity such as 50%, or none';
  test.each<[readonly string[], string]>([
    [[], '--rate needs a value; give 200, 50% or none'],
    [['none', '50%'], '--rate none,50%: none cannot be combined with other rates'],
    [['200', 'none'], '--rate 200,none: none cannot be combined with other rates'],
    [['fast'], `--rate fast: ${form}`],
    [[''], `--rate : ${form}`],
    [['-5'], `--rate -5: ${form}`],
    [['0'], `--rate 0: ${form}`],
    [['0%'], `--rate 0%: ${form}`],
    [['200rps'], `--rate 200rps: ${form}`],
    [['1e3'], `--rate 1e3: ${form}`],
    [['50%/s'], `--rate 50%/s: ${form}`],
    [['Infinity'], `--rate Infinity: ${form}`],
    [['50%', 'fast'], `--rate fast: ${form}`],
    [['201%'], '--rate 201%: give a share of up to 200%, or requests per second'],
    [['0.5'], '--rate 0.5: give 1 request per second or more'],
    [
      ['20001'],
      '--rate 20001: one generator can offer up to 20000 requests per second; give less, or more --generators with CPUs of their own (--isolate)',
    ],
  ])('%j is refused', (texts, message) => {
    expect(() => parse(texts)).toThrow(new UserError(message));
  });

  test('more generators can offer more, and a connection per request allows less', () => {
    expect(parse(['40000'], 2)).toEqual([number(40_000)]);
    expect(() => parse(['40001'], 2)).toThrow(/^--rate 40001: 2 generators can offer up to 40000 requests per second;/);
    expect(parse(['4000'], 1, ['per-request'])).toEqual([number(4000)]);
    expect(() => parse(['4001'], 1, ['per-request'])).toThrow(/^--rate 4001: one generator can offer up to 4000 /);
    expect(() => parse(['4001'], 1, ['keep-alive', 'per-request'])).toThrow(/ up to 4000 /);
  });

  test('a share is not refused for what it may come to: it is lowered when that is known', () => {
    expect(parse(['200%'], 1, ['per-request'])).toEqual([share(2)]);
  });
});

test('usually half of the capacity is offered, and as much as people dare to plan with', () => {
  expect(usualRates()).toEqual([share(0.5), share(0.8)]);
});
