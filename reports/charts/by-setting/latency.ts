import type { SeriesChart } from '../../drawing/input.ts';
import { quantityName, settingChart } from './drawing.ts';
import { settingLines } from './lines.ts';

const latencyBySetting: SeriesChart = {
  summary: 'p99 at full load against workers, connections or a parameter, by model',
  draw: (input, series) =>
    settingChart(input, series, {
      lines: settingLines(series, input.summary, ({ latencyMs: { p99 } }) =>
        p99 === null || p99.ms <= 0 ? null : { y: p99.ms, low: p99.low, high: p99.high },
      ),
      what: 'p99 in ms at full load',
      good: 'less',
      title: `p99 at full load by ${quantityName(series)}`,
      limits: [],
      notes: [
        'Closed loop: every connection sends its next request when the reply arrives, so this is mostly a queue. Bars: 95% interval.',
        ...(series.along.kind === 'workers' ? ['The number of connections is the same at all points.'] : []),
      ],
    }),
};

export default latencyBySetting;
