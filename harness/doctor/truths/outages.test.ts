import { expect, test } from 'vitest';
import { outageTrial } from '../../fixtures/fake-examining.ts';
import { failedFaultTrial } from '../../fixtures/faults.ts';
import { AWAY_MS, OUTAGE_EACH_MS, SLOW_FOR_MS } from './known.ts';
import { outageFindings, type OutageTrials } from './outages.ts';

const right: OutageTrials = {
  away: [outageTrial('away')],
  dropping: [outageTrial('dropping')],
  slow: [outageTrial('slow')],
};

function levels(changes: Partial<OutageTrials>) {
  return outageFindings({ ...right, ...changes }).map(({ level }) => level);
}

test('what is measured as it is', () => {
  expect(outageFindings(right).map(({ name, truth, level }) => [name, truth, level])).toEqual([
    ['away for 500 ms, lost', '200', 'ok'],
    ['away for 500 ms, outage', '500 ms', 'ok'],
    ['away for 500 ms, recovery', '500 ms', 'ok'],
    ['drops every 50th request, lost', '16', 'ok'],
    ['300 ms later for 800 ms, late', '320', 'ok'],
    ['300 ms later for 800 ms, recovery', '800 ms', 'ok'],
  ]);
});

test('a harness that sees an outage too short, or too long, is wrong', () => {
  expect(levels({ away: [outageTrial('away', { lost: { forMs: AWAY_MS - 100 } })] }).slice(0, 3)).toEqual([
    'unfit',
    'unfit',
    'unfit',
  ]);
  expect(levels({ away: [outageTrial('away', { lost: { forMs: AWAY_MS + 100 } })] }).slice(0, 3)).toEqual([
    'unfit',
    'unfit',
    'unfit',
  ]);
  expect(levels({ dropping: [outageTrial('dropping', { lost: { forMs: OUTAGE_EACH_MS, every: 20 } })] })[3]).toBe(
    'unfit',
  );
  expect(levels({ slow: [outageTrial('slow', { held: { forMs: SLOW_FOR_MS + 80 } })] })[5]).toBe('unfit');
});

test('a trial that failed is no figure', () => {
  const [first] = outageFindings({ ...right, away: [failedFaultTrial({ id: 'doctor/away' }, 0)] });
  expect(first).toMatchObject({ level: 'unfit', value: 'failed: not-ready' });
  expect(outageFindings({ ...right, away: [] })[0]?.value).toBe('not measured');
});
