/** CPU time per request by who used it, as parts of a bar. */
import type { CellResult } from '../../../harness/judge/schema/summary.ts';
import type { Bar } from '../../drawing/row-chart.ts';
import type { MeasuredRow } from '../../drawing/rows.ts';
import { figure, percent } from '../../words/figures.ts';
import { isUnsettled } from '../../words/spread.ts';

/** The roles within a server, in the order in which their parts follow each other; told apart by how strong their colour is. */
export const ROLES = [
  { role: 'front', opacity: 0.6 },
  { role: 'workers', opacity: 1 },
  { role: 'helpers', opacity: 0.28 },
] as const;

/** Of all figures of one chart. */
export interface CpuUnit {
  readonly name: 'ms' | 'µs';
  readonly perMs: number;
}

/** Microseconds where every server takes less than 1 ms. */
export function cpuUnit(results: readonly CellResult[]): CpuUnit {
  const highest = Math.max(...results.map(({ cpuMsPerRequest }) => cpuMsPerRequest.point));
  return highest < 1 ? { name: 'µs', perMs: 1000 } : { name: 'ms', perMs: 1 };
}

/** Roles that any of the results has; none where threads are not told apart. */
export function rolesOf(results: readonly CellResult[]): readonly (typeof ROLES)[number][] {
  return ROLES.filter(({ role }) => results.some(({ cpuByRole }) => cpuByRole[role] !== null));
}

/** CPU time of a role, in the unit of the chart. */
export interface RolePart {
  readonly role: (typeof ROLES)[number]['role'];
  readonly opacity: number;
  readonly time: number;
}

/**
 * The total told apart by the shares of the roles, so that the parts add up to it: medians over trials, which the summary has of
 * the roles, do not. Empty where threads are not told apart.
 */
export function roleParts({ cpuByRole, cpuMsPerRequest }: CellResult, { perMs }: CpuUnit): RolePart[] {
  const told = ROLES.flatMap(({ role, opacity }) => {
    const ms = cpuByRole[role];
    return ms === null ? [] : [{ role, opacity, ms }];
  });
  const sum = told.reduce((before, { ms }) => before + ms, 0);
  const total = cpuMsPerRequest.point * perMs;
  return sum === 0 ? [] : told.map(({ role, opacity, ms }) => ({ role, opacity, time: total * (ms / sum) }));
}

/** From zero to the total, a part for each role; one for all where threads are not told apart. */
export function partsOf({ label, colour, result }: MeasuredRow, unit: CpuUnit): Bar[] {
  const total = result.cpuMsPerRequest.point * unit.perMs;
  const whole = { label, colour, isApart: isUnsettled(result.cpuMsPerRequest) };
  const of = `${figure(total)} ${unit.name} of CPU time per request`;
  const parts = roleParts(result, unit);
  if (parts.length === 0) return [{ ...whole, from: 0, to: total, description: `${label}: ${of}` }];
  let before = 0;
  return parts.map(({ role: name, opacity, time }) => {
    const from = before;
    before += time;
    const description = `${label}: ${name} ${percent(time / total)}% of ${of}`;
    return { ...whole, name, opacity, from, to: before, description };
  });
}

/** What used CPU time beside the server: `generators 16.0 µs, services 72.3 µs`. */
export function besideText({ cpuByRole: { generators, services } }: CellResult, { name, perMs }: CpuUnit): string {
  const parts = [`generators ${figure(generators * perMs)} ${name}`];
  if (services !== null) parts.push(`services ${figure(services * perMs)} ${name}`);
  return parts.join(', ');
}
