import type { OmittedChart } from './write.ts';

/** Why charts were not drawn, each reason of a chart once: `no chart latency-at-rate of hello, io:ms=20: no latency …`. */
export function omissions(omitted: readonly OmittedChart[]): string[] {
  const groups: { chart: string; reason: string; scenarios: string[] }[] = [];
  for (const { chart, scenario, reason } of omitted) {
    let group = groups.find((one) => one.chart === chart && one.reason === reason);
    if (group === undefined) {
      group = { chart, reason, scenarios: [] };
      groups.push(group);
    }
    if (scenario !== null) group.scenarios.push(scenario);
  }
  return groups.map(
    ({ chart, reason, scenarios }) =>
      `no chart ${chart}${scenarios.length === 0 ? '' : ` of ${scenarios.join(', ')}`}: ${reason}`,
  );
}
