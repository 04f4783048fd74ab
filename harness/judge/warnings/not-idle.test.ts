import { expect, test } from 'vitest';
import { type Told, toldOnce } from './not-idle.ts';

const told = (code: Told['code'], message: string, ifBusy?: Told['ifBusy']): Told => ({
  code,
  message,
  nextStep: '',
  ...(ifBusy && { ifBusy }),
});
const shared = told('shared-cpus', 'shared');
const load = told('load', 'not idle before', { of: [], text: 'load average 9.0 on 2 CPUs before the run' });
const limited = (id: string): Told =>
  told('not-ranked', `${id} limited`, { of: [id], text: 'all models were limited by the machine' });
const disturbed = told('disturbed', 'disturbed', { of: ['a/x', 'a/y'], text: 'others took CPU' });

test('what other programs explain is told once, with the cells', () => {
  const [first, one, ...more] = toldOnce([shared, load, limited('a'), limited('b'), disturbed], ['a/x', 'a/y']);
  expect(first).toEqual({ code: 'shared-cpus', message: 'shared', nextStep: '' });
  expect(one?.message).toBe(
    'the machine was not idle: load average 9.0 on 2 CPUs before the run; all models were limited by the machine (a and b); others took CPU (every cell)',
  );
  expect(more).toEqual([]);
});

test('one alone, or what nothing shows to be of others, stays as it is', () => {
  const messages = (all: readonly Told[]): string[] => toldOnce(all, []).map(({ message }) => message);
  expect(messages([load, shared])).toEqual(['not idle before', 'shared']);
  expect(messages([limited('a'), limited('b')])).toEqual(['a limited', 'b limited']);
});
