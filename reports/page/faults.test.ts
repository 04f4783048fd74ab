import { expect, test } from 'vitest';
import { faultOf } from '../../harness/fixtures/faults.ts';
import { faultedReport, faultedRun } from '../fixtures/faults.ts';
import { summary } from '../fixtures/summary.ts';
import { HOSTILE, unlabelled } from '../fixtures/variants.ts';
import { chartsSection } from './charts.ts';
import { faultsSection } from './faults.ts';
import type { PageChart } from './figure.ts';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="960" height="200"></svg>';
const charts: PageChart[] = ['kill', 'block=1s'].flatMap((part, i): PageChart[] => {
  const of = { scenario: 'hello', part, alt: `What ${part} did.` };
  return [
    { ...of, name: 'fault-over-time', kind: 'drawn', svg: SVG, file: `fault-over-time-hello-${i}` },
    { ...of, name: 'fault-animation', kind: 'moving', file: `fault-animation-hello-${i}` },
  ];
});

test('each fault has its sentence, its table and its own charts, which do not stand with the others', () => {
  const { summary: faulted } = faultedReport();
  const section = faultsSection(faulted, charts);
  const [first] = faulted.scenarios;
  for (const { sentence } of first?.faults ?? []) expect(section).toContain(sentence);
  expect(section.match(/<table/gu)).toHaveLength(2);
  expect(section.match(/<figure/gu)).toHaveLength(2);
  expect(section.indexOf('What kill did.')).toBeLessThan(section.indexOf('What block=1s did.'));
  expect(section).toContain('<a href="./fault-animation-hello-1.svg">fault-animation-hello-1.svg</a>');
  expect(unlabelled(section)).toContain('cluster without restart');
  expect(chartsSection(faulted, charts)).not.toContain('<figure');
});

test('names are shown as text', () => {
  const { summary: faulted } = faultedReport(faultedRun([faultOf('kill')], [HOSTILE, 'cluster']));
  const section = faultsSection(faulted, charts);
  expect(section).toContain('&lt;img src=x');
  expect(section).not.toMatch(/<(?:img|script|\/script)/u);
  expect(section).not.toContain('\u001b');
});

test('there is no section without faults', () => {
  expect(faultsSection(summary, charts)).toBe('');
});
