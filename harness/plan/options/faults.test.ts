import { describe, expect, test } from 'vitest';
import type { External } from '../../store/schema.ts';
import { type FaultRequest, parseFaults } from './faults.ts';

const command: External = { kind: 'command', name: 'pm2', line: 'pm2-runtime start server.js', ready: '/' };
const address: External = { kind: 'address', name: 'mine', port: 3000 };
const beside = { arrivals: 'poisson', rounds: 5, eachMs: undefined, mostConnections: 1000, rates: undefined } as const;
const parsed = (request: FaultRequest, changes: Partial<Parameters<typeof parseFaults>[1]> = {}) =>
  parseFaults(request, { ...beside, externals: [], ...changes });
const faultsOf = (...fault: string[]) => parsed({ fault })?.faults;
const problem = (request: FaultRequest, externals: readonly External[] = []): string => {
  try {
    parsed(request, { externals });
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'it was taken';
};

describe('--fault', () => {
  test('nothing asked for is null', () => {
    expect(parsed({})).toBeNull();
  });

  test('a fault alone has all defaults', () => {
    expect(faultsOf('kill', 'block', 'upstream-stall')).toEqual([
      { kind: 'kill', lastsMs: null, times: 1, beforeMs: 2000 },
      { kind: 'block', lastsMs: 1000, times: 1, beforeMs: 2000 },
      { kind: 'upstream-stall', lastsMs: 1000, times: 1, beforeMs: 2000 },
    ]);
  });

  test.each(['block=200ms@5s*3', 'block=200ms*3@5s'])('%s says all of it, in any order', (text) => {
    expect(faultsOf(text)).toEqual([{ kind: 'block', lastsMs: 200, times: 3, beforeMs: 5000 }]);
  });

  test('the time before it is no longer than that after it', () => {
    expect(parsed({ fault: ['kill'] }, { eachMs: 500 })?.faults[0]?.beforeMs).toBe(500);
  });

  test.each([
    ['kil', "--fault kil: unknown fault. Did you mean 'kill'?"],
    ['', '--fault : unknown fault. Known: kill, crash, block, loop, oom, leak, reload, upstream-stall.'],
    ['kill=1s', '--fault kill=1s: only block and upstream-stall last for a time that is given; write kill'],
    ['block=', '--fault block=: : give a time from 100ms to 1m, for example 5s'],
    ['block=soon', '--fault block=soon: soon: give a time from 100ms to 1m, for example 5s'],
    ['block=2m', '--fault block=2m: 2m: give a time from 100ms to 1m, for example 5s'],
    ['kill@1', '--fault kill@1: 1: give a time from 100ms to 1m, for example 5s'],
    ['kill*0', '--fault kill*0: behind * give how often, a whole number from 1 to 20'],
    ['kill*21', '--fault kill*21: behind * give how often, a whole number from 1 to 20'],
    ['kill*1.5', '--fault kill*1.5: behind * give how often, a whole number from 1 to 20'],
    ['kill@1s@2s', "--fault kill@1s@2s: '@' is in it twice; write it once"],
  ])('%j is a mistake', (text, message) => {
    expect(problem({ fault: [text] })).toBe(message);
  });

  test('one that differs in nothing but its time is the same one', () => {
    expect(problem({ fault: ['kill', 'kill@5s'] })).toBe('--fault kill was given twice; give each fault once');
    expect(faultsOf('kill', 'kill*2')).toHaveLength(2);
  });
});

describe('the rate', () => {
  const half = { kind: 'share', share: 0.5 } as const;
  const number = { kind: 'number', requestsPerSec: 300 } as const;

  test('is the only one of --rate, or half of what the slowest can do', () => {
    const rateOf = (rates: Parameters<typeof parseFaults>[1]['rates']) => parsed({ fault: ['kill'] }, { rates })?.rate;
    expect(rateOf(undefined)).toEqual(half);
    expect(rateOf([])).toEqual(half);
    expect(rateOf([number])).toEqual(number);
    expect(rateOf([number, { kind: 'share', share: 0.8 }])).toEqual(half);
  });
});

describe('--restart', () => {
  test('is on unless something else was asked for', () => {
    const restarts = (restart?: string) => parsed({ fault: ['kill'], restart })?.restarts;
    expect([restarts(), restarts('on'), restarts('off'), restarts('both')]).toEqual([
      [true],
      [true],
      [false],
      [true, false],
    ]);
  });

  test('mistakes', () => {
    expect(problem({ fault: ['kill'], restart: 'of' })).toBe("--restart of: unknown value. Did you mean 'on'?");
    expect(problem({ restart: 'off' })).toBe(
      '--restart off goes with --fault: it says how a model behaves when it is broken',
    );
  });
});

describe('--reload', () => {
  test('is a line for a command', () => {
    const request = { fault: ['reload'], reload: ['pm2=pm2 reload all'] };
    expect(parsed(request, { externals: [command] })?.reloads).toEqual([{ name: 'pm2', line: 'pm2 reload all' }]);
  });

  test('mistakes', () => {
    const fault = ['reload'];
    const own = [command, address];
    expect(problem({ fault, reload: ['pm=pm2 reload all'] }, own)).toBe(
      "--reload pm: there is no --command of that name. Did you mean 'pm2'?",
    );
    expect(problem({ fault, reload: ['mine=x'] }, own)).toBe(
      '--reload mine: there is no --command of that name. What runs at a --url is not started here, and so not broken.',
    );
    expect(problem({ fault, reload: ['cluster=x'] })).toBe(
      '--reload cluster: there is no --command of that name. It is for servers of --command; models of fourways reload by themselves.',
    );
    expect(problem({ fault, reload: ['pm2 reload all'] }, own)).toBe(
      "--reload pm2 reload all: give it a name, as in --reload 'mine=pm2 reload all'",
    );
    expect(problem({ fault, reload: ['pm2=a', 'pm2=b'] }, own)).toBe(
      '--reload pm2 was given twice; give one line for each command',
    );
    expect(problem({ fault: ['kill'], reload: ['pm2=a'] }, own)).toBe(
      '--reload pm2=a: nothing is reloaded; add --fault reload',
    );
    expect(problem({ reload: ['pm2=a'] }, own)).toBe(
      '--reload pm2=a goes with --fault: it says how a model behaves when it is broken',
    );
  });
});
