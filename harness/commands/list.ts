import Table from 'cli-table3';
import { charts, overviews } from '../../reports/charts/index.ts';
import { defaultScenarios, scenarios } from '../../scenarios/index.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { models } from '../../servers/index.ts';
import { EXIT } from '../errors.ts';
import type { Io } from './io.ts';

interface Entry {
  readonly name: string;
  readonly summary: string;
}

/** `fourways list`: what there is, read from the registries. */
export async function listCommand({ format }: { readonly format: 'text' | 'json' }, io: Io): Promise<number> {
  const scenarioEntries = await Promise.all(
    entriesOf<Scenario>(scenarios).map(async ([name, load]) => {
      const { summary, parameters } = (await load()).default;
      return { name, summary, parameters, inDefaultSet: defaultScenarios.some((one) => one === name) };
    }),
  );
  const modelEntries = Object.entries(models).map(([name, { summary, style }]) => ({ name, summary, style }));
  const chartEntries = await Promise.all(
    entriesOf<Pick<Entry, 'summary'>>({ ...charts, ...overviews }).map(async ([name, load]) => ({
      name,
      summary: (await load()).default.summary,
    })),
  );
  if (format === 'json') {
    const all = { scenarios: scenarioEntries, models: modelEntries, charts: chartEntries };
    io.out.write(`${JSON.stringify(all, null, 2)}\n`);
    return EXIT.fine;
  }
  section(
    io,
    'Scenarios (-s), * in the default set',
    scenarioEntries.map(({ name, summary, parameters, inDefaultSet }) => {
      const settings = Object.entries(parameters).map(([key, spec]) => `${key}=${spec.default}`);
      return [`${name}${inDefaultSet ? ' *' : ''}`, summary, settings.join(',')];
    }),
  );
  section(
    io,
    'Models (-m)',
    modelEntries.map(({ name, summary, style }) => [name, summary, style]),
  );
  section(
    io,
    'Charts',
    chartEntries.map(({ name, summary }) => [name, summary]),
  );
  return EXIT.fine;
}

function entriesOf<T>(registry: Readonly<Record<string, () => Promise<{ default: Pick<T, keyof T> }>>>) {
  return Object.entries(registry);
}

function section(io: Io, title: string, rows: readonly string[][]): void {
  const none = {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '  ',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '  ',
  };
  const table = new Table({ chars: none, style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] } });
  table.push(...rows);
  io.out.write(`${title}\n${table.toString().replace(/ +$/gm, '')}\n\n`);
}
