/** A chart as the page needs it: drawn, or left out for a reason. */
export type ReportChart = {
  /** Key in the chart registry. */
  readonly name: string;
  /** Id of the scenario; null where the chart is of the whole run. */
  readonly scenario: string | null;
} & (
  | {
      readonly kind: 'drawn';
      readonly svg: string;
      readonly alt: string;
      /** Name of its files beside the page, without folder and ending. */
      readonly file: string;
    }
  | { readonly kind: 'omitted'; readonly reason: string }
);

/** A chart that would make the page too large: it is beside the page and not on it. */
export interface ChartApart {
  readonly kind: 'apart';
  readonly name: string;
  readonly scenario: string | null;
  readonly alt: string;
  readonly file: string;
}

/** A chart as the page shows it. */
export type PageChart = ReportChart | ChartApart;

export type DrawnChart = Extract<ReportChart, { kind: 'drawn' }>;

/** Words that are not written like others. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['cpu', 'CPU'],
  ['gc', 'GC'],
  ['slo', 'SLO'],
]);

/** A chart's name for people: `cpu-per-request` is “CPU per request”. */
export function chartTitle(name: string): string {
  const words = name.split('-').map((word) => SPELLINGS.get(word) ?? word);
  const title = words.join(' ');
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** Why charts are missing: a sentence per reason, in plain text. */
export function omittedLines(charts: readonly PageChart[]): string[] {
  const namesByReason = new Map<string, string[]>();
  for (const chart of charts) {
    if (chart.kind !== 'omitted') continue;
    namesByReason.set(chart.reason, [...(namesByReason.get(chart.reason) ?? []), `“${chartTitle(chart.name)}”`]);
  }
  return [...namesByReason].map(
    ([reason, names]) => `No ${names.length === 1 ? 'chart' : 'charts'} ${names.join(', ')}: ${reason}.`,
  );
}
