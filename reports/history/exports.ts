/** The newest run of a history in the formats of dashboards, which keep a history of their own. */
import { UserError } from '../../harness/errors.ts';
import { runMetric } from '../../harness/judge/metrics/derived.ts';
import type { HistoryRun, HistorySeries, HistoryView } from '../../harness/judge/schema/history.ts';
import { json, visible } from '../words/escape.ts';
import { figure } from '../words/figures.ts';
import { placeOf, shownIn, unitName } from './rows.ts';

/** The series that the newest run of the branch is in, with that run. */
function newest({ series }: HistoryView): readonly { readonly of: HistorySeries; readonly run: HistoryRun }[] {
  const last = series.flatMap((of) => of.points.slice(-1).map((run) => ({ of, run })));
  const latest = Math.max(...last.map(({ run }) => Date.parse(run.startedAt)));
  return last.filter(({ run }) => Date.parse(run.startedAt) === latest);
}

/**
 * What github-action-benchmark reads with `tool: customSmallerIsBetter`, or `customBiggerIsBetter` where more is better
 * (https://github.com/benchmark-action/github-action-benchmark, examples of custom tools). Throws UserError for metrics of
 * both directions, because the tool holds for the whole file.
 */
export function actionBenchmark(view: HistoryView): string {
  const all = newest(view);
  const directions = new Set(all.map(({ of }) => runMetric(of.metric).good));
  if (directions.size > 1) {
    throw new UserError(
      '--metric: github-action-benchmark takes less as better, or more as better, in a whole file; give throughput alone',
    );
  }
  const entries = all.map(({ of, run }) => {
    const half = run.low === null || run.high === null ? null : (run.high - run.low) / 2;
    return {
      name: visible(`${of.cell} ${runMetric(of.metric).title}`),
      unit: unitName(of.unit) === '' ? '1' : unitName(of.unit),
      value: inUnit(of, run.figure),
      ...(half === null ? {} : { range: `± ${figure(shownIn(of.unit, half))}` }),
      extra: [`${run.trials} trials, ${of.setting}`, placeOf(of)].map(visible).join('\n'),
    };
  });
  return `${json(entries)}\n`;
}

/** Bencher Metric Format, for `bencher run --adapter json` (https://bencher.dev/docs/reference/bencher-metric-format). */
export function bencherMetrics(view: HistoryView): string {
  const all = newest(view);
  const cells = [...new Set(all.map(({ of }) => of.cell))];
  const benchmarks = cells.map((cell) => {
    const own = all.filter(({ of }) => of.cell === cell);
    const measures = own.map(({ of, run }) => [
      of.metric,
      {
        value: inUnit(of, run.figure),
        ...(run.low === null ? {} : { lower_value: inUnit(of, run.low) }),
        ...(run.high === null ? {} : { upper_value: inUnit(of, run.high) }),
      },
    ]);
    return [visible(cell), Object.fromEntries(measures)];
  });
  return `${json(Object.fromEntries(benchmarks))}\n`;
}

/** In as many digits as mean something. */
function inUnit({ unit }: HistorySeries, value: number): number {
  return Number(shownIn(unit, value).toPrecision(6));
}
