import { join } from 'node:path';
import type { Change } from '../../harness/judge/schema/change.ts';
import type { Summary } from '../../harness/judge/schema/summary.ts';
import { writeAnew } from '../../harness/store/out-folder.ts';
import type { DrawnChart } from '../images/draw.ts';
import { DEFAULT_IMAGES } from '../images/options.ts';
import { renderSvg } from '../images/render.ts';
import { pageAssets } from '../page/assets.ts';
import { reportChart } from '../page/figure.ts';
import { sideBySide } from '../side-by-side/summary.ts';
import { writeImages } from '../write.ts';
import { changeChart } from './chart.ts';
import { type ChangeReport, changePage } from './page.ts';

/** What an `ab` has come to. */
export interface Compared {
  readonly change: Change;
  readonly base: Summary;
  readonly head: Summary;
}

/** Writes `report.html`, and the chart as `change.svg`, `.png`, `@2x.png` and `.vl.json`, into a folder. Returns the path of the page. */
export async function writeChange(
  { change, base, head }: Compared,
  folder: string,
  flameGraph: ChangeReport['flameGraph'] = null,
): Promise<string> {
  const chart = await drawn(change);
  await writeImages([chart], folder, DEFAULT_IMAGES);
  const { summary: sides } = sideBySide([
    { label: 'base', summary: base },
    { label: 'head', summary: head },
  ]);
  const page = join(folder, 'report.html');
  writeAnew(page, changePage({ change, sides, chart: reportChart(chart), flameGraph }, await pageAssets()));
  return page;
}

async function drawn(change: Change): Promise<DrawnChart> {
  const identity = { name: 'change', scenario: null };
  const drawing = changeChart(change);
  if (drawing.kind === 'omitted') return { ...identity, ...drawing };
  const svg = await renderSvg(drawing.spec);
  return { ...identity, kind: 'drawn', file: 'change', spec: drawing.spec, svg, light: svg, alt: drawing.alt };
}
