/** Series of points: one workload at several numbers of workers or connections, or values of a parameter. Pure. */
import { UserError } from '../../errors.ts';
import type { Manifest } from '../../store/schema.ts';

/** Points along one quantity. */
export type Series = Manifest['series'][number];

/** What was asked to vary. */
export interface SeriesAsked {
  /** Of the models that have several, ascending; null for one number. */
  readonly workers: readonly number[] | null;
  readonly connections: readonly number[] | null;
  /** Arguments of `-s` that differ in one parameter, in its order. */
  readonly parameters: readonly { readonly name: string; readonly points: readonly ParameterPoint[] }[];
  /** Whether the run looks for the value of a parameter from which on a model is ahead of the single process. */
  readonly breakEven: boolean;
}

interface ParameterPoint {
  readonly argument: string;
  readonly value: number;
}

/** Where a point lies beside its scenario; null for what does not vary. */
export interface Setting {
  readonly workers: number | null;
  readonly connections: number | null;
}

/** Every setting of a scenario. */
export function settingsOf({ workers, connections }: Pick<SeriesAsked, 'workers' | 'connections'>): readonly Setting[] {
  return (workers ?? [null]).flatMap((w) => (connections ?? [null]).map((c) => ({ workers: w, connections: c })));
}

/** Id of a point: that of its scenario with its setting, as in `cpu:ms=2,workers=4`. */
export function pointId(scenario: string, { workers, connections }: Setting): string {
  const parts = [
    ...(workers === null ? [] : [`workers=${workers}`]),
    ...(connections === null ? [] : [`connections=${connections}`]),
  ];
  return parts.length === 0 ? scenario : `${scenario}${scenario.includes(':') ? ',' : ':'}${parts.join(',')}`;
}

/** The id of the scenario that a point is of. */
export function scenarioOfPoint(id: string, { series }: Pick<Manifest, 'series'>): string {
  const isPoint = series.some(
    ({ along, points }) => along.kind !== 'parameter' && points.some((one) => one.scenario === id),
  );
  return isPoint ? id.replaceAll(/[:,](?:workers|connections)=\d+/gu, '') : id;
}

/** `4 workers, 64 connections`; empty where neither varies. */
export function settingWords({ workers, connections }: Setting): string {
  const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
  return [
    ...(workers === null ? [] : [counted(workers, 'worker')]),
    ...(connections === null ? [] : [counted(connections, 'connection')]),
  ].join(', ');
}

/** A scenario of the run. */
interface Scenario {
  /** As it was asked for; none for a service. */
  readonly arguments: readonly string[];
  readonly id: string;
  /** What its requests ask for; and without one parameter, that. */
  readonly words: (without: string | null) => string;
}

/** Every line of points in which one quantity varies and everything else is the same. */
export function seriesOf(asked: SeriesAsked, scenarios: readonly Scenario[]): Series[] {
  const { workers, connections, parameters } = asked;
  const of = (words: string, setting: Setting): string =>
    [words, settingWords(setting)].filter((text) => text !== '').join(', ');
  const ofWorkers = scenarios.flatMap(({ id, words }) =>
    workers === null
      ? []
      : settingsOf({ workers: null, connections }).map(
          (setting): Series => ({
            along: { kind: 'workers' },
            of: of(words(null), setting),
            points: workers.map((value) => ({ scenario: pointId(id, { ...setting, workers: value }), value })),
          }),
        ),
  );
  const ofConnections = scenarios.flatMap(({ id, words }) =>
    connections === null
      ? []
      : settingsOf({ workers, connections: null }).map(
          (setting): Series => ({
            along: { kind: 'connections' },
            of: of(words(null), setting),
            points: connections.map((value) => ({ scenario: pointId(id, { ...setting, connections: value }), value })),
          }),
        ),
  );
  const ofParameters = parameters.flatMap(({ name, points }) =>
    settingsOf(asked).map((setting): Series => {
      const found = points.flatMap(({ argument, value }) =>
        scenarios.filter((one) => one.arguments.includes(argument)).map((scenario) => ({ scenario, value })),
      );
      return {
        along: { kind: 'parameter', name },
        of: of(found[0]?.scenario.words(name) ?? name, setting),
        points: found.map(({ scenario, value }) => ({ scenario: pointId(scenario.id, setting), value })),
      };
    }),
  );
  return [...ofWorkers, ...ofParameters, ...ofConnections].filter(({ points }) => points.length > 1);
}

/** A series may take this long without being asked for twice, in milliseconds. */
const MOST_MS = 30 * 60_000;

/** Throws a UserError for a series whose least takes long, unless that is wanted. */
export function checkAmount(
  {
    cells,
    rounds,
    trialMs,
    isWanted,
  }: {
    readonly cells: number;
    /** That are measured in any case. */
    readonly rounds: number;
    /** Of one trial. */
    readonly trialMs: number;
    readonly isWanted: boolean;
  },
  flag: string,
): void {
  const ms = cells * rounds * trialMs;
  if (isWanted || ms <= MOST_MS) return;
  const count = cells.toLocaleString('en-US');
  throw new UserError(
    `${flag}: ${count} cells take ${durationWords(ms)} at least, with ${rounds} rounds each; give fewer values or models, or --yes to measure them all`,
  );
}

function durationWords(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  if (minutes < 100) return `${minutes} min`;
  const hours = ms / 3_600_000;
  return hours < 100 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}
