import { describe, expect, test } from 'vitest';
import { UserError } from '../../errors.ts';
import { parseRunArgument, runLabels } from './run-labels.ts';

function labelsOf(...folders: readonly string[]): string[] {
  return runLabels(folders.map((folder) => ({ label: null, folder })));
}

describe('an argument', () => {
  test.each([
    ['runs/1', false, { label: null, path: 'runs/1' }],
    ['before=runs/1', false, { label: 'before', path: 'runs/1' }],
    ['before=runs/ms=2', false, { label: 'before', path: 'runs/ms=2' }],
    ['runs/ms=2', false, { label: null, path: 'runs/ms=2' }],
    ['ms=2', true, { label: null, path: 'ms=2' }],
    ['Node 24=runs/2', false, { label: 'Node 24', path: 'runs/2' }],
  ])('%s', (argument, isPath, named) => {
    expect(parseRunArgument(argument, isPath)).toEqual(named);
  });

  test.each(['=runs/1', 'before=', ' =runs/1'])('%s lacks a half', (argument) => {
    expect(() => parseRunArgument(argument, false)).toThrow(UserError);
    expect(() => parseRunArgument(argument, false)).toThrow(/give a run as label=path/);
  });

  test('a label that no table has room for', () => {
    expect(() => parseRunArgument(`${'x'.repeat(21)}=runs/1`, false)).toThrow(/more than 20 characters/);
    expect(parseRunArgument(`${'x'.repeat(20)}=runs/1`, false).label).toHaveLength(20);
  });
});

describe('labels', () => {
  test.each([
    [
      ['/runs/main', '/runs/branch'],
      ['main', 'branch'],
    ],
    [
      ['/main/run', '/branch/run'],
      ['main', 'branch'],
    ],
    [
      ['C:\\runs\\main', 'C:\\runs\\branch'],
      ['main', 'branch'],
    ],
    [
      ['/a/main/run', '/b/main/run', '/b/branch/run'],
      ['a/main/run', 'b/main/run', 'b/branch/run'],
    ],
    [
      ['/runs', '/runs/2'],
      ['runs', '2'],
    ],
    [
      ['/runs/2026-01-15T09-30-00', '/runs/2026-01-22T09-30-00'],
      ['2026-01-15', '2026-01-22'],
    ],
    [
      ['/runs/2026-01-15T09-30-00', '/runs/2026-01-15T10-00-00'],
      ['09-30-00', '10-00-00'],
    ],
    [['/runs/2026-01-15T09-30-00'], ['2026-01-15T09-30-00']],
  ])('%j', (folders, labels) => {
    expect(labelsOf(...folders)).toEqual(labels);
  });

  test('as given, beside others that are not', () => {
    const runs = [
      { label: null, folder: '/runs/main' },
      { label: 'after', folder: '/runs/branch' },
    ];
    expect(runLabels(runs)).toEqual(['main', 'after']);
  });
});

describe('mistakes', () => {
  test('one run twice', () => {
    expect(() => labelsOf('/runs/main', '/runs/main')).toThrow(
      new UserError('/runs/main is given twice; give each run once'),
    );
  });

  test('two runs of one name', () => {
    const runs = ['/runs/1', '/runs/2'].map((folder) => ({ label: 'mine', folder }));
    expect(() => runLabels(runs)).toThrow(/^two runs are called mine; give them labels/);
  });

  test('a folder whose name no table has room for', () => {
    expect(() => labelsOf(`/runs/${'x'.repeat(21)}`, '/runs/main')).toThrow(/is too long to name a run/);
  });
});
