import { charts, overviews } from '../../reports/charts/index.ts';
import { defaultScenarios, scenarios } from '../../scenarios/index.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { models } from '../../servers/index.ts';
import { command } from '../command-line/command.ts';
import { EXIT } from '../errors.ts';
import { type Formats, formatFlag, json, print } from './formats.ts';

const formats: Formats<Listed> = { text: async (listed) => textOf(listed), json };

export default command({
  summary: 'List scenarios, models and charts',
  positionals: {},
  flags: { format: formatFlag(formats) },
  examples: [],
  run: async (args, io) => {
    await print(await everything(), formats, args, io);
    return EXIT.fine;
  },
});

type Listed = Awaited<ReturnType<typeof everything>>;

/** What there is, read from the registries. */
async function everything() {
  return {
    scenarios: await Promise.all(
      entriesOf<Scenario>(scenarios).map(async ([name, load]) => {
        const { summary, parameters } = (await load()).default;
        return { name, summary, parameters, inDefaultSet: defaultScenarios.some((one) => one === name) };
      }),
    ),
    models: Object.entries(models).map(([name, { summary, style }]) => ({ name, summary, style })),
    charts: await Promise.all(
      entriesOf<{ readonly summary: string }>({ ...charts, ...overviews }).map(async ([name, load]) => ({
        name,
        summary: (await load()).default.summary,
      })),
    ),
  };
}

function entriesOf<T>(registry: Readonly<Record<string, () => Promise<{ default: Pick<T, keyof T> }>>>) {
  return Object.entries(registry);
}

function textOf(listed: Listed): string {
  const scenarioRows = listed.scenarios.map(({ name, summary, parameters, inDefaultSet }) => {
    const settings = Object.entries(parameters).map(([key, spec]) => `${key}=${spec.default}`);
    return [`${name}${inDefaultSet ? ' *' : ''}`, summary, settings.join(',')];
  });
  return [
    section('Scenarios (-s), * in the default set', scenarioRows),
    section(
      'Models (-m)',
      listed.models.map(({ name, summary, style }) => [name, summary, style]),
    ),
    section(
      'Charts',
      listed.charts.map(({ name, summary }) => [name, summary]),
    ),
  ].join('');
}

/** A title, and rows in columns as wide as they need. */
function section(title: string, rows: readonly (readonly string[])[]): string {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const lines = rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(width(i))).join('  ')}`.trimEnd());
  return `${[title, ...lines].join('\n')}\n\n`;
}
