import { seedFrom } from '../../stats/arrivals.ts';
import type { LatencyPlan, Rate } from '../../store/schema.ts';

/** What is measured, whenever that is. */
interface Named {
  /** Arguments: names, and paths of files. */
  readonly scenarios: readonly string[];
  readonly models: readonly string[];
  readonly services: readonly {
    readonly name: string | null;
    readonly file: string | null;
    readonly requests: readonly unknown[];
  }[];
  readonly externals: readonly { readonly name: string }[];
  readonly connectionModes: readonly string[];
  readonly rates: readonly Rate[] | undefined;
  readonly latency: Pick<LatencyPlan, 'arrivals' | 'slo'>;
}

/**
 * The same for every run of one plan, on whatever day and in whatever checkout: then two runs send the same requests at the same moments
 * in each round, and what an unlucky schedule does is not taken for a change.
 */
export function seedOfPlan(plan: Named): number {
  const { scenarios, models, services, externals, connectionModes, rates = [], latency } = plan;
  const parts = [
    scenarios.map(withoutFolder),
    models.map(withoutFolder),
    services.map(({ name, file, requests }) => [name ?? withoutFolder(file ?? ''), requests]),
    externals.map(({ name }) => name),
    connectionModes,
    rates,
    [latency.arrivals, latency.slo],
  ];
  return seedFrom(JSON.stringify(parts));
}

function withoutFolder(argument: string): string {
  return argument.replace(/^.*[\\/]/u, '');
}
