/** Where the load generators ran, in words. */
import type { CellSummary, ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import type { Placement } from '../../harness/store/schema.ts';
import { counted, cpuList } from './figures.ts';

/** In as few words as a line about the machine has room for; it stands after the number of CPUs. */
export function placementBrief(placement: Placement): string {
  const noun = placement.generators === 1 ? 'generator' : 'generators';
  return placement.kind === 'shared'
    ? `${noun} on the same CPUs`
    : `server on ${placement.serverCpus.length}, ${noun} on ${placement.generatorCpus.length}`;
}

/** In full: `2 generators on CPUs 2–3, server on CPUs 0–1`. */
export function placementText(placement: Placement): string {
  const generators = counted(placement.generators, 'generator');
  if (placement.kind === 'shared') {
    return `${generators}, on the same CPUs as the server (${whyShared(placement.why)})`;
  }
  const asked = placement.why === 'asked' ? ' (as asked)' : '';
  return `${generators} on ${numbered(placement.generatorCpus)}, server on ${numbered(placement.serverCpus)}${asked}`;
}

type Isolated = Extract<Placement, { kind: 'isolated' }>;

/** Where the cells of a scenario ran that were given CPUs apart from each other; null without such a cell. */
export function pinnedPlace(cells: readonly Pick<CellSummary, 'placement'>[]): Isolated | null {
  const [first = null] = cells.flatMap(({ placement }) => (placement.kind === 'isolated' ? [placement] : []));
  return first;
}

/** `its own CPU`, `2 CPUs of their own`. */
export function ownCpus({ generators, generatorCpus }: Isolated): string {
  const whose = generators === 1 ? 'its own' : 'their own';
  return generatorCpus.length === 1 ? `${whose} CPU` : `${generatorCpus.length} CPUs of ${whose}`;
}

/** Why a scenario was given CPUs otherwise than its run, and what that makes of its figures; nothing to say of the others. */
export function pinnedNote({ name, pinned, cells }: ScenarioSummary): string[] {
  const place = pinned ? pinnedPlace(cells) : null;
  if (place === null) return [];
  const cpus = place.serverCpus.length;
  const figures = cpus === 1 ? 'of one CPU' : `of ${cpus} CPUs`;
  return [
    `${name}: the server ran on ${numbered(place.serverCpus)} and the load generator on ${numbered(place.generatorCpus)}, so its figures are ${figures}. On shared CPUs the generator would have been the bottleneck.`,
  ];
}

/** `CPUs 0–2, 5`, or `CPU 3`. */
export function numbered(cpus: readonly number[]): string {
  return `${cpus.length === 1 ? 'CPU' : 'CPUs'} ${cpuList(cpus)}`;
}

function whyShared(why: Extract<Placement, { kind: 'shared' }>['why']): string {
  switch (why) {
    case 'asked':
      return 'as asked';
    case 'few-cpus':
      return 'fewer than four CPUs';
    case 'no-taskset':
      return 'no taskset to reserve CPUs with';
    default:
      return why satisfies never;
  }
}
