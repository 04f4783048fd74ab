import type { SeriesChart } from '../../drawing/input.ts';
import { quantityName, settingChart } from './drawing.ts';
import { pointsOf, settingLines } from './lines.ts';

/** The first sentence says what was found, and over a parameter the first that has a break-even; the others are for the page. */
function titleOf(sentence: string): string | null {
  const all = sentence.split(/(?<=\.)\s/u);
  const found = all.find((one) => one.includes(' on (')) ?? all[0] ?? '';
  return found === '' ? null : found.replace(/\.$/u, '');
}

const throughputBySetting: SeriesChart = {
  summary: 'Requests per second against workers, connections or a parameter, by model',
  draw: (input, series) => {
    const lines = settingLines(series, input.summary, ({ requestsPerSec: { point, low, high } }) => {
      return { y: point, low, high };
    });
    const all = lines.flatMap(({ points }) => points);
    const limits = pointsOf(series, input.summary).map(({ limit }) => limit?.requestsPerSec ?? null);
    const hasLimit = limits.filter((limit) => limit !== null).length > 1;
    const hasLaw = lines.some(({ law }) => law?.kind === 'fitted');
    return settingChart(input, series, {
      lines,
      what: 'requests per second',
      good: 'more',
      title: titleOf(series.sentence) ?? `Requests per second by ${quantityName(series)}`,
      limits,
      notes: [
        'Bars: 95% interval.',
        ...(hasLimit ? ['Dotted: what the CPUs or the connections could do at most.'] : []),
        ...(hasLaw ? ['Dashed: extrapolated by the Universal Scalability Law, beyond what was measured.'] : []),
        ...(all.every(({ isRanked }) => isRanked) ? [] : ['Cross: not shown to be limited by the server, not ranked.']),
      ],
    });
  },
};

export default throughputBySetting;
