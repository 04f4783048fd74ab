import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScenarioSummary, Summary } from '../harness/judge/summary-schema.ts';
import { charts } from './charts/index.ts';
import { htmlReport, type ReportChart } from './html.ts';
import { labelled } from './page/svg.ts';
import { renderSvg } from './render.ts';
import { slugs } from './slug.ts';

export interface OmittedChart {
  readonly chart: string;
  /** Id of the scenario. */
  readonly scenario: string;
  readonly reason: string;
}

export interface WrittenReport {
  /** Path of the page. */
  readonly index: string;
  /** Paths of the images. */
  readonly charts: readonly string[];
  readonly omitted: readonly OmittedChart[];
}

/**
 * Draws every chart of every scenario and writes the images, their Vega-Lite specifications and the page into a folder,
 * which is created when it is missing.
 */
export async function writeReport(summary: Summary, folder: string): Promise<WrittenReport> {
  await mkdir(folder, { recursive: true });
  const slugOf = slugs(summary.scenarios.map(({ id }) => id));
  const drawn: ReportChart[] = [];
  const images: string[] = [];
  for (const scenario of summary.scenarios) {
    for (const [name, load] of Object.entries(charts)) {
      const { default: chart } = await load();
      const drawing = chart.draw({ scenario, summary });
      if (drawing.kind === 'omitted') {
        drawn.push({ kind: 'omitted', name, scenario: scenario.id, reason: drawing.reason });
        continue;
      }
      const svg = await render(name, scenario, () => renderSvg(drawing.spec));
      const path = join(folder, `${name}-${slugOf(scenario.id)}`);
      await writeFile(`${path}.svg`, `${labelled(svg, drawing.alt)}\n`);
      await writeFile(`${path}.vl.json`, `${JSON.stringify(drawing.spec, null, 2)}\n`);
      images.push(`${path}.svg`);
      drawn.push({ kind: 'drawn', name, scenario: scenario.id, svg, alt: drawing.alt });
    }
  }
  const index = join(folder, 'index.html');
  await writeFile(index, htmlReport(summary, drawn));
  return { index, charts: images, omitted: omittedOf(drawn) };
}

async function render(name: string, scenario: ScenarioSummary, draw: () => Promise<string>): Promise<string> {
  try {
    return await draw();
  } catch (cause) {
    throw new Error(`chart ${name} of scenario ${scenario.id} failed`, { cause });
  }
}

function omittedOf(drawn: readonly ReportChart[]): OmittedChart[] {
  return drawn.flatMap((chart) =>
    chart.kind === 'omitted' ? [{ chart: chart.name, scenario: chart.scenario, reason: chart.reason }] : [],
  );
}
