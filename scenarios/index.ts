import { entryBeside } from './entry.ts';
import type { Scenario } from './scenario.ts';
import { state } from './state/index.ts';
import { wire } from './wire/index.ts';

/** Scenarios about what the model costs, work and waiting. */
const work = {
  hello: () => import('./hello.ts'),
  cpu: () => import('./cpu.ts'),
  hash: () => import('./hash.ts'),
  json: () => import('./json.ts'),
  io: () => import('./io.ts'),
  files: () => import('./files.ts'),
  gzip: () => import('./gzip.ts'),
  'pbkdf2-async': () => import('./pbkdf2-async.ts'),
  mixed: () => import('./mixed.ts'),
} satisfies Record<string, () => Promise<{ default: Scenario }>>;

/** The built-in scenarios. The key is the file name, the value on the command line and the label in a report. */
export const scenarios = { ...work, ...wire, ...state };

export type ScenarioName = keyof typeof scenarios;

/** Measured when no scenario is named: the cost of the model, CPU-bound work, and waiting. */
export const defaultScenarios: readonly ScenarioName[] = ['hello', 'cpu', 'io'];

/** Those that have a process of their own which they ask for what they answer. */
export const scenariosWithService: readonly ScenarioName[] = ['io', 'postgres', 'redis'];

/** All of them by what they are about: a folder each, but for the first. */
export const scenarioGroups = [
  { about: 'work and waiting', folder: '', registry: work },
  { about: 'bytes on the wire', folder: 'wire/', registry: wire },
  { about: 'state of workers', folder: 'state/', registry: state },
] as const;

/** Where the module of a built-in scenario is. */
export function scenarioUrl(name: string): string {
  const folder = scenarioGroups.find(({ registry }) => Object.hasOwn(registry, name))?.folder ?? '';
  return entryBeside(import.meta.url, `${folder}${name}`).href;
}
