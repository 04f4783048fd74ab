/** The text of `-s`: `cpu`, `cpu:ms=2`, `files:count=2,kib=8`, or `./my-workload.js:n=3`. */
import type { ParameterSpec } from '../../../scenarios/scenario.ts';
import { UserError } from '../../errors.ts';
import { didYouMean } from './values.ts';

export interface ScenarioArgument {
  /** A built-in name, or a path. */
  readonly reference: string;
  readonly settings: Readonly<Record<string, string>>;
}

const SETTINGS = /^[A-Za-z][\w-]*=[^=,]*(,[A-Za-z][\w-]*=[^=,]*)*$/;

/** Splits the argument. A path may contain a colon; only what looks like settings is read as such. */
export function parseScenarioArgument(text: string): ScenarioArgument {
  const colon = text.lastIndexOf(':');
  const tail = colon < 0 ? '' : text.slice(colon + 1);
  if (colon < 0 || (isPath(text) && !SETTINGS.test(tail))) return { reference: text, settings: {} };
  if (!SETTINGS.test(tail)) {
    throw new UserError(`--scenario ${text}: write settings as name=value, for example ${text.slice(0, colon)}:ms=2`);
  }
  const settings: Record<string, string> = {};
  for (const pair of tail.split(',')) {
    const [name = '', value = ''] = pair.split('=');
    if (Object.hasOwn(settings, name)) throw new UserError(`--scenario ${text}: '${name}' is set twice; keep one`);
    settings[name] = value;
  }
  return { reference: text.slice(0, colon), settings };
}

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
    const text = settings[name];
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
  const pairs = Object.entries(parameters).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? name : `${name}:${pairs.join(',')}`;
}
