/** What differs between two runs, and whether their figures may be compared nevertheless. */
import { UserError } from '../../errors.ts';
import type { Manifest, Placement, ScenarioPlan } from '../../store/schema.ts';
import type { Change, Pairing } from '../schema/change.ts';
import { percent } from '../words.ts';
import { type CellPair, type SideBySide, workRatio } from './cells.ts';

type Difference = Change['differences'][number];

/** How much work per request may differ: figures that are scaled to the same work are only nearly the same. */
const MOST_WORK_APART = 0.2;
const HASH_DIGITS = 12;
const MOST_NAMED = 3;

/**
 * Most important first. Sides of one `fourways ab` differ by what is compared, such as the version of Node or the
 * parameters of a scenario: nothing there needs force.
 */
export function differencesOf(
  base: Manifest,
  head: Manifest,
  { pairs, onlyIn }: SideBySide,
  pairing: Pairing,
): readonly Difference[] {
  const found: Difference[] = [];
  const note = (what: string, ofBase: unknown, ofHead: unknown, needsForce = true): void => {
    const [a, b] = [plainText(ofBase), plainText(ofHead)];
    if (a !== b) found.push({ what, base: a, head: b, needsForce: needsForce && pairing === 'apart' });
  };
  const each = (what: string, of: (manifest: Manifest) => unknown, needsForce = true): void =>
    note(what, of(base), of(head), needsForce);
  const here = (what: string, of: (environment: Manifest['environment']) => unknown, needsForce = true): void =>
    each(what, ({ environment }) => of(environment), needsForce);

  each('fourways', ({ version }) => version);
  here('Node', ({ node }) => node);
  here('platform', ({ platform, arch }) => `${platform} ${arch}`);
  here('CPU', ({ cpuModel }) => cpuModel);
  here('CPUs', ({ availableCpus }) => availableCpus.capacity);
  each('placement', ({ placement }) => placementText(placement));
  each('window', ({ measureMs }) => `${measureMs} ms`);
  each('stretching of windows', ({ latency }) => (latency.mayStretch ? 'on' : 'off'));
  here('UV_THREADPOOL_SIZE', ({ uvThreadpoolSize }) => uvThreadpoolSize);
  here('--runtime', ({ servers }) => servers.runtimes.join(' '));
  here('--node-arg', ({ servers }) => servers.nodeArgs.join(' '));
  here('--env', ({ servers }) => servers.env.join(' '));
  here('NODE_OPTIONS', ({ servers }) => servers.nodeOptions);
  here('kernel', ({ kernel }) => kernel, false);
  here('governor', ({ governor }) => governor, false);
  // What was taken out of the plan is not judged, and nobody would notice.
  const removed = onlyIn.base.filter((id) => base.cells.some((cell) => cell.id === id));
  note('cells that head lacks', removed.length === 0 ? null : removed.join(', '), null);
  for (const { id, base: a, head: b } of pairs) {
    note(`workers of ${id}`, a.cell.workers, b.cell.workers);
    note(`connections of ${id}`, a.cell.connections, b.cell.connections);
    note(`connection mode of ${id}`, a.cell.connectionMode, b.cell.connectionMode);
    note(`load of ${id}`, a.cell.load, b.cell.load);
  }
  for (const pair of oncePerScenario(pairs)) {
    const [a, b] = [pair.base.plan, pair.head.plan];
    note(`parameters of ${a.id}`, a.parameters, b.parameters);
    note(`requests of ${a.id}`, a.requestClasses, b.requestClasses);
    note(`source of ${a.id}`, a.source.kind, b.source.kind, false);
    note(`file of ${a.id}`, hashOf(a), hashOf(b), false);
    const apart = Math.abs(Math.log(workRatio(pair))) > Math.log(1 + MOST_WORK_APART);
    if (apart) note(`work of ${a.id}`, `${a.iterations} units`, `${b.iterations} units`);
  }
  return found;
}

const WAY_OUT = 'measure both the same way, or compare them anyway with --force';

/** Throws a UserError in one line when figures should not be set side by side. */
export function refuseUnlike(differences: readonly Difference[], wayOut: string | null = null): void {
  const grave = differences.filter(({ needsForce }) => needsForce);
  if (grave.length === 0) return;
  const named = grave.slice(0, MOST_NAMED).map(({ what, base, head }) => `${what} ${base} and ${head}`);
  const more = grave.length > MOST_NAMED ? ` and ${grave.length - MOST_NAMED} more` : '';
  throw new UserError(`base and head were not measured alike: ${named.join(', ')}${more}; ${wayOut ?? WAY_OUT}`);
}

/** How the work of a request differs, where each run calibrated it for itself. */
export function workNotes(pairs: readonly CellPair[]): readonly string[] {
  return oncePerScenario(pairs).flatMap((pair) => {
    const ratio = workRatio(pair);
    if (ratio === 1) return [];
    const size = `${percent(Math.abs(ratio - 1))} ${ratio > 1 ? 'more' : 'less'}`;
    return [
      `${pair.base.plan.id}: calibration gave a request of head ${size} work than one of base; throughput and CPU time per request of head are scaled to the work of base`,
    ];
  });
}

export function oncePerScenario(pairs: readonly CellPair[]): readonly CellPair[] {
  return pairs.filter(
    ({ base }, i) => pairs.findIndex(({ base: other }) => other.cell.scenario === base.cell.scenario) === i,
  );
}

function placementText(placement: Placement): string {
  if (placement.kind === 'shared') return `shared CPUs with generators: ${placement.generators}`;
  const { serverCpus, generatorCpus, generators } = placement;
  return `server CPUs: ${serverCpus.length} with generators: ${generators} on ${generatorCpus.length}`;
}

function hashOf({ source }: ScenarioPlan): string | null {
  return source.kind === 'file' ? source.sha256.slice(0, HASH_DIGITS) : null;
}

/** In one line. Keys are sorted, because their order in the file means nothing. */
function plainText(value: unknown): string {
  if (value === null) return 'none';
  if (Array.isArray(value)) return value.join('+');
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? 'none' : entries.map(([key, one]) => `${key}=${plainText(one)}`).join(',');
}
