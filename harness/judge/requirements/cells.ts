/** Which cells a requirement is about. */
import { UserError } from '../../errors.ts';
import { didYouMean } from '../../plan/options/values.ts';
import type { Cell, Manifest, ScenarioPlan } from '../../store/schema.ts';
import { type Requirement, wrong } from './text.ts';

type Planned = Pick<Manifest, 'scenarios' | 'cells' | 'latency'>;

/** A cell of capacity and the scenario that it belongs to. */
export interface Matched {
  readonly cell: Cell;
  readonly plan: ScenarioPlan;
}

/** Throws a UserError for a requirement that nothing in the plan can answer. */
export function checkRequirements(requirements: readonly Requirement[], planned: Planned): void {
  for (const requirement of requirements) check(requirement, planned);
}

/** Whether something in the plan can answer it. */
export function isMeasured(requirement: Requirement, planned: Planned): boolean {
  try {
    check(requirement, planned);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** The cells of capacity that are meant: those themselves, or those whose cells of an open loop are. */
export function cellsMatching({ cells, rate, figure }: Requirement, planned: Planned): readonly Matched[] {
  return named(cells, planned).filter(({ cell, plan }) => {
    if (rate !== null && !isOffered(plan, planned)) return false;
    if (figure.kind === 'ratio') return partnerOf(cell, figure.model, planned) !== null;
    if (figure.kind !== 'latency' || figure.requestClass === null) return true;
    return plan.requestClasses.some(({ name }) => name === figure.requestClass);
  });
}

/** The cell of another model beside this one, with the same use of connections; null when there is none. */
export function partnerOf(cell: Cell, model: string, { cells }: Pick<Planned, 'cells'>): Cell | null {
  const partner = cells.find(
    (one) => one.scenario === cell.scenario && one.connectionMode === cell.connectionMode && one.model === model,
  );
  return partner === undefined || partner.id === cell.id ? null : partner;
}

function check(requirement: Requirement, planned: Planned): void {
  const { asked, cells, rate, figure } = requirement;
  const found = named(cells, planned);
  if (found.length === 0) {
    const known = planned.cells.map((cell) => (cells.includes(':') ? cell.id : shortId(cell, planned)));
    throw wrong(asked, `no cell of this run matches ${cells}.${didYouMean(cells, [...new Set(known)])}`);
  }
  const models = [...new Set(planned.cells.map(({ model }) => model))];
  if (figure.kind === 'ratio' && cellsMatching(requirement, planned).length === 0) {
    const others = models.filter((model) => found.some(({ cell }) => partnerOf(cell, model, planned) !== null));
    throw wrong(asked, `there is no other cell of ${figure.model} to compare with.${didYouMean(figure.model, others)}`);
  }
  if (figure.kind === 'latency' && figure.requestClass !== null) {
    const classes = [...new Set(found.flatMap(({ plan }) => plan.requestClasses.map(({ name }) => name)))];
    if (!classes.includes(figure.requestClass)) {
      const what = `${cells} has no request class '${figure.requestClass}'.`;
      throw wrong(asked, `${what}${didYouMean(figure.requestClass, classes)}`);
    }
    if (rate === null) {
      throw wrong(asked, `requests are recorded by class only at a rate; write ${cells}@50%, or another --rate`);
    }
  }
  if (rate !== null) checkRate(requirement, rate, found, planned);
}

function checkRate(
  { asked, cells }: Requirement,
  rate: NonNullable<Requirement['rate']>,
  found: readonly Matched[],
  planned: Planned,
): void {
  const open = found.filter(({ plan }) => isOffered(plan, planned));
  if (open.length === 0) throw wrong(asked, `${cells} is offered no rate in this run; give one with --rate`);
  const rates = open.flatMap(({ plan }) => plan.rates);
  const shares = rates.flatMap((one) => (one.kind === 'share' ? [one.share] : []));
  const numbers = rates.flatMap((one) => (one.kind === 'number' ? [one.requestsPerSec] : []));
  // A sweep or a share of capacity may come to any number.
  const isKnown =
    rate.kind === 'any'
      ? rates.length > 0
      : rate.kind === 'share'
        ? shares.some((share) => isSame(share, rate.share))
        : planned.latency.sweep || shares.length > 0 || numbers.includes(rate.requestsPerSec);
  if (isKnown) return;
  const there = [...new Set([...shares.map((share) => `${plainNumber(share * 100)}%`), ...numbers.map(plainNumber)])];
  const way = there.length === 0 ? 'give one with --rate' : `offered: ${there.join(', ')}`;
  throw wrong(asked, `${cells} is not offered that rate; ${way}`);
}

/** 7% is 0.07 as a share, and 7 ÷ 100 need not be the same number. */
export function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-9;
}

function isOffered({ rates }: ScenarioPlan, { latency }: Planned): boolean {
  return rates.length > 0 || latency.sweep;
}

function plainNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function named(pattern: string, planned: Planned): readonly Matched[] {
  const source = pattern.split(/\*+/).map(literal).join('.*');
  const expression = new RegExp(`^${source}$`, 'su');
  return planned.cells.flatMap((cell): Matched[] => {
    const plan = planned.scenarios.find(({ id }) => id === cell.scenario);
    if (plan === undefined) return [];
    return expression.test(cell.id) || expression.test(shortId(cell, planned)) ? [{ cell, plan }] : [];
  });
}

function literal(text: string): string {
  return text.replace(/[\\^$.|?+()[\]{}/]/g, (character) => `\\${character}`);
}

/** `cpu/cluster` for `cpu:ms=10/cluster`. */
function shortId(cell: Cell, { scenarios }: Pick<Planned, 'scenarios'>): string {
  const name = scenarios.find(({ id }) => id === cell.scenario)?.name ?? cell.scenario;
  return `${name}${cell.id.slice(cell.scenario.length)}`;
}
