import { expect, test } from 'vitest';
import { numbered, placementBrief, placementText } from './placement.ts';

const isolated = {
  kind: 'isolated',
  generators: 2,
  why: 'automatic',
  serverCpus: [0, 1],
  generatorCpus: [2, 3],
} as const;

test('generators with CPUs of their own', () => {
  expect(placementText(isolated)).toBe('2 generators on CPUs 2–3, server on CPUs 0–1');
  expect(placementText({ ...isolated, generators: 1, generatorCpus: [3], why: 'asked' })).toBe(
    '1 generator on CPU 3, server on CPUs 0–1 (as asked)',
  );
  expect(placementBrief(isolated)).toBe('server on 2, generators on 2');
});

test.each([
  ['few-cpus', 'fewer than four CPUs'],
  ['asked', 'as asked'],
  ['no-taskset', 'no taskset to reserve CPUs with'],
] as const)('a generator on the CPUs of the server, because: %s', (why, words) => {
  expect(placementText({ kind: 'shared', generators: 1, why })).toBe(
    `1 generator, on the same CPUs as the server (${words})`,
  );
});

test('the brief form agrees with the number of generators', () => {
  const brief = (generators: number) => placementBrief({ kind: 'shared', generators, why: 'asked' });
  expect([1, 2].map(brief)).toEqual(['generator on the same CPUs', 'generators on the same CPUs']);
});

test('one CPU is not several', () => {
  expect([numbered([3]), numbered([0, 1, 2, 5])]).toEqual(['CPU 3', 'CPUs 0–2, 5']);
});
