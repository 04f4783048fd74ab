import { describe, expect, test } from 'vitest';
import { UserError } from '../errors.ts';
import { milliseconds, type RunRequest, resolveOptions, whole } from './options.ts';
import { presets } from './presets.ts';

const choices = { models: ['single', 'cluster', 'fork-pool'], defaultScenarios: ['hello', 'cpu'], cpus: 3, seed: 7 };
const resolve = (request: RunRequest) => resolveOptions(request, choices);

test('nothing given: every default', () => {
  expect(resolve({})).toEqual({
    scenarios: ['hello', 'cpu'],
    models: ['single', 'cluster', 'fork-pool'],
    workers: 3,
    connections: 66,
    preset: 'standard',
    ...presets.standard,
    seed: 7,
  });
});

test('everything given: nothing else', () => {
  const request = {
    scenario: ['cpu:ms=2'],
    model: ['fork-pool', 'single'],
    workers: 5,
    connections: 7,
    rounds: 9,
    duration: '1.5s',
    preset: 'thorough',
    seed: 0,
  };
  expect(resolve(request)).toEqual({
    scenarios: ['cpu:ms=2'],
    models: ['fork-pool', 'single'],
    workers: 5,
    connections: 7,
    preset: 'thorough',
    rounds: 9,
    warmUpCapMs: presets.thorough.warmUpCapMs,
    measureMs: 1500,
    seed: 0,
  });
});

test('what is named twice is measured once, in the order given', () => {
  const { scenarios, models } = resolve({ scenario: ['cpu', 'io', 'cpu'], model: ['cluster', 'single', 'cluster'] });
  expect({ scenarios, models }).toEqual({ scenarios: ['cpu', 'io'], models: ['cluster', 'single'] });
});

test('a list without a name in it is a mistake, not a wish for everything', () => {
  expect(() => resolve({ model: [] })).toThrow(
    new UserError('--model is given without a name; name one, or leave the flag out'),
  );
});

test('connections follow the workers that were asked for', () => {
  expect(resolve({ workers: 20 }).connections).toBe(80);
});

test.each<[RunRequest, string]>([
  [{ workers: 0 }, '--workers 0: give a whole number from 1 to 64'],
  [{ workers: 1.5 }, '--workers 1.5: give a whole number from 1 to 64'],
  [{ workers: 1025 }, '--workers 1025: give a whole number from 1 to 64'],
  [{ workers: Number.NaN }, '--workers NaN: give a whole number from 1 to 64'],
  [{ connections: 0 }, '--connections 0: give a whole number from 1 to 20000'],
  [{ connections: 20_001 }, '--connections 20001: give a whole number from 1 to 20000'],
  [{ rounds: 0 }, '--rounds 0: give a whole number from 1 to 10000'],
  [{ rounds: 10_001 }, '--rounds 10001: give a whole number from 1 to 10000'],
  [{ rounds: -3 }, '--rounds -3: give a whole number from 1 to 10000'],
  [{ seed: -1 }, '--seed -1: give a whole number from 0 to 4294967295'],
  [{ seed: 2 ** 32 }, '--seed 4294967296: give a whole number from 0 to 4294967295'],
  [{ seed: Number.POSITIVE_INFINITY }, '--seed Infinity: give a whole number from 0 to 4294967295'],
  [{ duration: '5' }, '--duration 5: give a time from 100ms to 10m, for example 5s'],
  [{ duration: '99ms' }, '--duration 99ms: give a time from 100ms to 10m, for example 5s'],
  [{ duration: '11m' }, '--duration 11m: give a time from 100ms to 10m, for example 5s'],
  [{ duration: '-5s' }, '--duration -5s: give a time from 100ms to 10m, for example 5s'],
  [{ duration: '5 hours' }, '--duration 5 hours: give a time from 100ms to 10m, for example 5s'],
  [{ preset: 'quik' }, "--preset quik: there is no such preset. Did you mean 'quick'?"],
  [{ preset: 'constructor' }, '--preset constructor: there is no such preset. There is: quick, standard, thorough.'],
  [{ model: ['single', 'clutser'] }, "--model clutser: there is no such model. Did you mean 'cluster'?"],
  [{ model: ['goroutines'] }, '--model goroutines: there is no such model. There is: single, cluster, fork-pool.'],
])('%j is refused', (request, message) => {
  expect(() => resolve(request)).toThrow(new UserError(message));
});

describe('times', () => {
  test.each([
    ['100ms', 100],
    ['5s', 5000],
    ['0.5s', 500],
    ['1.5m', 90_000],
    ['10m', 600_000],
    [' 2s ', 2000],
  ])('%s', (text, expected) => {
    expect(milliseconds('--duration', text)).toBe(expected);
  });
});

test('whole numbers include both bounds', () => {
  expect([whole('--port', 0, 0, 9), whole('--port', 9, 0, 9)]).toEqual([0, 9]);
});
