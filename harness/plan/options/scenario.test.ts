import { describe, expect, test } from 'vitest';
import { UserError } from '../../errors.ts';
import { isPath, parseScenarioArgument, resolveParameters, scenarioId } from './scenario.ts';

const specs = {
  ms: { summary: 'time', default: 10, min: 0.5, max: 100 },
  count: { summary: 'files', default: 4, min: 1, max: 64, integer: true },
};

describe('taking the argument apart', () => {
  test.each([
    ['cpu', 'cpu', {}],
    ['cpu:ms=2', 'cpu', { ms: '2' }],
    ['files:count=2,kib=8', 'files', { count: '2', kib: '8' }],
    ['files:count=2,4,kib=8..32', 'files', { count: '2,4', kib: '8..32' }],
    ['cpu:ms=', 'cpu', { ms: '' }],
    ['./my-workload.js', './my-workload.js', {}],
    ['./my-workload.js:n=3', './my-workload.js', { n: '3' }],
    ['my-workload.mjs:n=3', 'my-workload.mjs', { n: '3' }],
    ['./a:b.js', './a:b.js', {}],
    ['./a:b.js:n=3,m=4', './a:b.js', { n: '3', m: '4' }],
    ['C:\\work\\load.js', 'C:\\work\\load.js', {}],
    ['C:\\work\\load.js:n=3', 'C:\\work\\load.js', { n: '3' }],
  ])('%s', (text, reference, settings) => {
    expect(parseScenarioArgument(text)).toEqual({ reference, settings });
  });

  test.each([
    ['cpu:', '--scenario cpu:: write settings as name=value, for example cpu:ms=2'],
    ['cpu:2', '--scenario cpu:2: write settings as name=value, for example cpu:ms=2'],
    ['cpu:ms=1,ms=2', "--scenario cpu:ms=1,ms=2: 'ms' is set twice; keep one"],
  ])('%s is refused', (text, message) => {
    expect(() => parseScenarioArgument(text)).toThrow(new UserError(message));
  });

  test('a setting is not mistaken for something that every object has', () => {
    expect(parseScenarioArgument('cpu:constructor=1').settings).toEqual({ constructor: '1' });
  });

  test.each([
    ['cpu', false],
    ['worker-threads', false],
    ['./cpu', true],
    ['dir\\cpu', true],
    ['cpu.js', true],
    ['cpu.mts:ms=2', true],
    ['cpu.json', false],
  ])('%s is a path: %s', (reference, path) => {
    expect(isPath(reference)).toBe(path);
  });
});

describe('settling the parameters', () => {
  test('what is not set has its default', () => {
    expect(resolveParameters('files', specs, { count: '2' })).toEqual({ ms: 10, count: 2 });
  });

  test('the bounds themselves are within range', () => {
    expect(resolveParameters('files', specs, { ms: '0.5', count: '64' })).toEqual({ ms: 0.5, count: 64 });
  });

  test.each([
    ['ms', '0.4', 'give a number from 0.5 to 100'],
    ['ms', '101', 'give a number from 0.5 to 100'],
    ['ms', '', 'give a number from 0.5 to 100'],
    ['ms', 'two', 'give a number from 0.5 to 100'],
    ['ms', 'NaN', 'give a number from 0.5 to 100'],
    ['ms', 'Infinity', 'give a number from 0.5 to 100'],
    ['count', '1.5', 'give a whole number from 1 to 64'],
    ['count', '65', 'give a whole number from 1 to 64'],
  ])('%s=%s is refused with its range', (name, value, way) => {
    const message = `--scenario files:${name}=${value}: ${way}`;
    expect(() => resolveParameters('files', specs, { [name]: value })).toThrow(new UserError(message));
  });

  test('a parameter that is called as what every object has', () => {
    const { ms: spec } = specs;
    expect(resolveParameters('files', { constructor: spec, toString: spec }, { toString: '7' })).toEqual({
      constructor: spec.default,
      toString: 7,
    });
  });

  test.each([
    ['coutn', specs, "--scenario files: unknown parameter 'coutn'. Did you mean 'count'?"],
    ['bananas', specs, "--scenario files: unknown parameter 'bananas'. Known: ms, count."],
    ['ms', {}, "--scenario files: unknown parameter 'ms'. It takes none."],
    ['toString', specs, "--scenario files: unknown parameter 'toString'. Known: ms, count."],
  ])('an unknown parameter %s is named with a way out', (name, known, message) => {
    expect(() => resolveParameters('files', known, { [name]: '1' })).toThrow(new UserError(message));
  });
});

describe('the id', () => {
  test.each([
    ['hello', {}, 'hello'],
    ['files', { count: 4, kib: 64 }, 'files:count=4,kib=64'],
  ])('of %s', (name, parameters, id) => {
    expect(scenarioId(name, parameters)).toBe(id);
  });

  test('is an argument that means the same again', () => {
    const { reference, settings } = parseScenarioArgument(scenarioId('files', { ms: 0.5, count: 7 }));
    expect(reference).toBe('files');
    expect(resolveParameters('files', specs, settings)).toEqual({ ms: 0.5, count: 7 });
  });
});
