/** Everything that can be named on the command line, read from the registries. */
import { wrap, wrapItem } from '../../../reports/words/wrap.ts';
import type { Look } from '../formats.ts';
import { allCharts } from '../../../reports/charts/index.ts';
import { THEMES } from '../../../reports/images/options.ts';
import { defaultScenarios, scenarioGroups } from '../../../scenarios/index.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { defaultModels, modelGroups, models } from '../../../servers/index.ts';
import type { BuiltInModel } from '../../../servers/model.ts';
import { GROUPS } from '../../costs/operations.ts';
import { RUN_METRICS } from '../../judge/metrics/derived.ts';
import { REQUIREMENTS } from '../../judge/requirements/text.ts';
import { FAULTS, RESTARTS } from '../../plan/options/faults.ts';
import { VERIFICATIONS } from '../../plan/options/requests.ts';
import { defaultPreset, type Preset, presets } from '../../plan/options/presets.ts';
import { ARRIVALS, CONNECTION_MODES } from '../../plan/options/run.ts';
import { SLO_KEYS } from '../../plan/options/slo.ts';
import { changeFormats, examinationFormats, historyFormats, summaryFormats } from '../formats.ts';

export type Listed = Awaited<ReturnType<typeof everything>>;

/** What there is; `--format json` prints it. */
export async function everything() {
  return {
    scenarios: await Promise.all(
      scenarioGroups.flatMap(({ about, registry }) =>
        entriesOf<Scenario>(registry).map(async ([name, load]) => {
          const { summary, parameters } = (await load()).default;
          return { name, about, summary, parameters, inDefaultSet: defaultScenarios.some((one) => one === name) };
        }),
      ),
    ),
    models: await Promise.all(
      Object.entries<BuiltInModel>(models).map(async ([name, model]) => ({
        name,
        summary: model.summary,
        style: model.style,
        inDefaultSet: defaultModels.some((one) => one === name),
        way: (await model.way?.()) ?? null,
        // In this Node.js; that of `--runtime` may be able to.
        unavailable: (await model.unavailable?.()) ?? null,
      })),
    ),
    presets: Object.entries<Preset>(presets).map(([name, preset]) => ({
      name,
      summary: presetText(preset),
      isDefault: name === defaultPreset,
    })),
    charts: await Promise.all(
      entriesOf<{ readonly summary: string }>(allCharts).map(async ([name, load]) => ({
        name,
        summary: (await load()).default.summary,
      })),
    ),
    requirements: REQUIREMENTS,
    values: [
      { flag: '--model', values: ['all', "'listener*'"], of: 'run, ab' },
      { flag: '--verify', values: VERIFICATIONS, of: 'run' },
      { flag: '--slo', values: SLO_KEYS, of: 'run' },
      { flag: '--rate', values: ['200', '50%', '80%', 'none'], of: 'run, ab' },
      { flag: '--arrivals', values: ARRIVALS, of: 'run' },
      { flag: '--connection-mode', values: CONNECTION_MODES, of: 'run, ab' },
      { flag: '--fault', values: [...FAULTS, "'kill@5s*3'"], of: 'run' },
      { flag: '--restart', values: RESTARTS, of: 'run' },
      { flag: '--control', values: ['auto', 'none'], of: 'compare' },
      { flag: '--only', values: GROUPS, of: 'costs' },
      { flag: '--metric', values: RUN_METRICS.map(({ name }) => name), of: 'history' },
      { flag: '--theme', values: THEMES, of: 'report' },
      { flag: '--format', values: Object.keys(summaryFormats), of: 'run, report' },
      { flag: '--format', values: Object.keys(changeFormats), of: 'ab, compare' },
      { flag: '--format', values: Object.keys(historyFormats), of: 'history' },
      { flag: '--format', values: Object.keys(examinationFormats), of: 'doctor, list' },
    ],
  };
}

function presetText({ rounds, measureMs, budgetMs }: Preset): string {
  return `${rounds} rounds of ${measureMs / 1000} s, and more within ${budgetMs / 1000} s until every scenario is answered`;
}

function entriesOf<T>(registry: Readonly<Record<string, () => Promise<{ default: Pick<T, keyof T> }>>>) {
  return Object.entries(registry);
}

/** As sections of a name and what it means; no line is longer than `width`. */
export function textOf(listed: Listed, { width }: Pick<Look, 'width'>): string {
  const scenarioSections = scenarioGroups.map(({ about }, i) => {
    const rows = listed.scenarios.filter((one) => one.about === about).map(scenarioRow);
    return section(`Scenarios (-s): ${about}${i === 0 ? ', * in the default set' : ''}`, rows, width);
  });
  const rowsOf = (group: keyof typeof modelGroups): string[][] =>
    listed.models
      .filter(({ name }) => modelGroups[group].includes(name))
      .map(({ name, summary, inDefaultSet, way, unavailable }) => [
        `${name}${inDefaultSet ? ' *' : ''}`,
        `${summary}${way === null ? '' : `; here: ${way}`}${unavailable === null ? '' : `; not here: ${unavailable}`}`,
      ]);
  return [
    ...scenarioSections,
    section('Models (-m): listeners, where each worker has the HTTP server, * by default', rowsOf('listeners'), width),
    section('Models (-m): pools, where a front end passes jobs to workers, * by default', rowsOf('pools'), width),
    section(
      'Presets (--preset), * the default',
      listed.presets.map(({ name, summary, isDefault }) => [`${name}${isDefault ? ' *' : ''}`, summary]),
      width,
    ),
    section(
      'Charts (report --chart)',
      listed.charts.map(({ name, summary }) => [name, summary]),
      width,
    ),
    section(
      "Metrics (--require 'cpu/cluster p99<50ms'), with their limits",
      listed.requirements.map(({ names, limit }) => [names.join(', '), limit]),
      width,
    ),
    section(
      'Values of flags',
      listed.values.map(({ flag, values, of }) => [flag, values.join(', '), of]),
      width,
    ),
  ].join('');
}

function scenarioRow({ name, summary, parameters, inDefaultSet }: Listed['scenarios'][number]): readonly string[] {
  const settings = Object.entries(parameters).map(([key, spec]) => `${key}=${spec.default}`);
  return [`${name}${inDefaultSet ? ' *' : ''}`, summary, settings.join(',')];
}

/** A title, and rows in columns as wide as they need; what does not fit goes on below, beside the names where these leave room. */
function section(title: string, rows: readonly (readonly string[])[], width: number): string {
  const widthOf = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const lines = rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widthOf(i))).join('  ')}`.trimEnd());
  const isNarrow = widthOf(0) > width / 2;
  const broken = rows.map(([name = '', ...rest]) => {
    const text = rest.filter((part) => part !== '').join(' · ');
    return isNarrow
      ? wrapItem('  ', `${name}: ${text}`, width)
      : wrapItem(`  ${name.padEnd(widthOf(0))}  `, text, width);
  });
  const shown = lines.every(({ length }) => length <= width) ? lines : broken;
  return `${[...wrap(title, width), ...shown].join('\n')}\n\n`;
}
