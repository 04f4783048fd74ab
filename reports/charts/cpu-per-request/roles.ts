/** CPU time per request by who used it, as parts of a bar. */
import type { CellResult } from '../../../harness/judge/schema/summary.ts';
import type { Bar } from '../../drawing/row-chart.ts';
import type { MeasuredRow } from '../../drawing/rows.ts';
import { figure, percent } from '../../words/figures.ts';

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

/**
 * From zero to the total, told apart by the shares of the roles: medians of them do not add up to an estimate of the total,
 * and a bar of another length than its total would rank models otherwise. One part for all where threads are not told apart.
 */
export function partsOf({ label, colour, result }: MeasuredRow, { name: unit, perMs }: CpuUnit): Bar[] {
  const { cpuByRole, cpuMsPerRequest } = result;
  const total = cpuMsPerRequest.point * perMs;
  const told = ROLES.flatMap(({ role, opacity }) => {
    const ms = cpuByRole[role];
    return ms === null ? [] : [{ name: role, opacity, ms }];
  });
  const sum = told.reduce((before, { ms }) => before + ms, 0);
  if (sum === 0) {
    const description = `${label}: ${figure(total)} ${unit} of CPU time per request`;
    return [{ label, colour, from: 0, to: total, isApart: false, description }];
  }
  let before = 0;
  return told.map(({ name, opacity, ms }) => {
    const from = total * (before / sum);
    before += ms;
    const share = `${percent(ms / sum)}% of ${figure(total)} ${unit} of CPU time per request`;
    return {
      label,
      colour,
      name,
      opacity,
      from,
      to: total * (before / sum),
      isApart: false,
      description: `${label}: ${name} ${share}`,
    };
  });
}

/** What used CPU time beside the server: `generators 16.0 µs, services 72.3 µs`. */
export function besideText({ cpuByRole: { generators, services } }: CellResult, { name, perMs }: CpuUnit): string {
  const parts = [`generators ${figure(generators * perMs)} ${name}`];
  if (services !== null) parts.push(`services ${figure(services * perMs)} ${name}`);
  return parts.join(', ');
}
