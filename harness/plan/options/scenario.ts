/** The text of `-s`: `cpu`, `cpu:ms=2`, `files:count=2,kib=8`, `cpu:ms=0.1..10`, or `./my-workload.js:n=1,2,5`. */
import type { ParameterSpec } from '../../../scenarios/scenario.ts';
import { UserError } from '../../errors.ts';
import type { SeriesAsked } from '../series/points.ts';
import { isSeries, valuesOf } from '../series/values.ts';
import { didYouMean } from './values.ts';

export interface ScenarioArgument {
  /** A built-in name, or a path. */
  readonly reference: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** A name and its value, or several that begin with a digit. */
const SETTING = '[A-Za-z][\\w-]*=[^=,]*(,\\d[^=,]*)*';
const SETTINGS = new RegExp(`^${SETTING}(,${SETTING})*$`);

/** Splits the argument. A path may contain a colon; only what looks like settings is read as such. */
export function parseScenarioArgument(text: string): ScenarioArgument {
  const colon = text.lastIndexOf(':');
  const tail = colon < 0 ? '' : text.slice(colon + 1);
  if (colon < 0 || (isPath(text) && !SETTINGS.test(tail))) return { reference: text, settings: {} };
  if (!SETTINGS.test(tail)) {
    throw new UserError(`--scenario ${text}: write settings as name=value, for example ${text.slice(0, colon)}:ms=2`);
  }
  const settings: Record<string, string> = {};
  for (const pair of tail.split(/,(?=[A-Za-z])/)) {
    const [name = '', value = ''] = pair.split('=');
    if (Object.hasOwn(settings, name)) throw new UserError(`--scenario ${text}: '${name}' is set twice; keep one`);
    settings[name] = value;
  }
  return { reference: text.slice(0, colon), settings };
}

/** Of one scenario: more take days, and their plan alone is large. */
const MOST_POINTS = 10_000;

/** Arguments of which each has one value of every parameter, and in which of these an argument that was given varies. */
export function expandScenarios(given: readonly string[]): {
  readonly scenarios: readonly string[];
  readonly parameters: SeriesAsked['parameters'];
} {
  const expanded = given.map((text) => {
    const { reference, settings } = parseScenarioArgument(text);
    const varied = Object.entries(settings).flatMap(([name, value]) =>
      isSeries(value) ? [{ name, values: valuesOf(`--scenario ${reference}:${name}=`, value, 'amount') }] : [],
    );
    if (varied.length === 0) return { scenarios: [text], parameters: [] };
    const points = varied.reduce((product, { values }) => product * values.length, 1);
    if (points > MOST_POINTS) {
      throw new UserError(
        `--scenario ${text}: these are ${points.toLocaleString('en-US')} points; give at most ${MOST_POINTS.toLocaleString('en-US')}`,
      );
    }
    const withValue = (before: readonly Settings[], name: string, values: readonly number[]): Settings[] =>
      before.flatMap((one) => values.map((value) => ({ ...one, [name]: String(value) })));
    const pointsOf = (some: typeof varied): Settings[] =>
      some.reduce<Settings[]>((before, { name, values }) => withValue(before, name, values), [settings]);
    const textOf = (one: Settings): string => `${reference}:${pairsText(one)}`;
    return {
      scenarios: pointsOf(varied).map(textOf),
      parameters: varied.flatMap(({ name, values }) =>
        pointsOf(varied.filter((one) => one.name !== name)).map((others) => ({
          name,
          points: values.map((value) => ({ argument: textOf({ ...others, [name]: String(value) }), value })),
        })),
      ),
    };
  });
  return {
    scenarios: [...new Set(expanded.flatMap(({ scenarios }) => scenarios))],
    parameters: expanded.flatMap(({ parameters }) => parameters),
  };
}

type Settings = ScenarioArgument['settings'];

/** Whether a reference names a file of the user rather than a built-in scenario. */
export function isPath(reference: string): boolean {
  return /[/\\]/.test(reference) || /\.(js|mjs|ts|mts)(:|$)/.test(reference);
}

/** The value of every parameter: what was set, checked against its range, or the default. */
export function resolveParameters(
  scenario: string,
  specs: Readonly<Record<string, ParameterSpec>>,
  settings: Readonly<Record<string, string>>,
): Record<string, number> {
  for (const name of Object.keys(settings)) {
    if (Object.hasOwn(specs, name)) continue;
    const known = Object.keys(specs);
    const way = known.length === 0 ? ' It takes none.' : didYouMean(name, known);
    throw new UserError(`--scenario ${scenario}: unknown parameter '${name}'.${way}`);
  }
  const values: Record<string, number> = {};
  for (const [name, spec] of Object.entries(specs)) {
    // A parameter may be called as what every object has.
    const text = Object.hasOwn(settings, name) ? settings[name] : undefined;
    values[name] = text === undefined ? spec.default : parseValue(scenario, name, spec, text);
  }
  return values;
}

function parseValue(scenario: string, name: string, spec: ParameterSpec, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const kind = spec.integer === true ? 'a whole number' : 'a number';
  const fits = value >= spec.min && value <= spec.max && (spec.integer !== true || Number.isInteger(value));
  if (fits) return value;
  throw new UserError(`--scenario ${scenario}:${name}=${text}: give ${kind} from ${spec.min} to ${spec.max}`);
}

/** Name and parameters in one word, the same for the same workload: `files:count=4,kib=64`. */
export function scenarioId(name: string, parameters: Readonly<Record<string, number>>): string {
  const pairs = pairsText(parameters);
  return pairs === '' ? name : `${name}:${pairs}`;
}

function pairsText(settings: Readonly<Record<string, number | string>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
