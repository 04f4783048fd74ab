/** Latencies for the plotters of HdrHistogram: a file of percentiles for each cell. */
import { join } from 'node:path';
import { codeOf, UserError } from '../harness/errors.ts';
import { addedUp } from '../harness/stats/latency.ts';
import { makeFolderIn, writeAnew } from '../harness/store/out-folder.ts';
import type { Cell, Measurement, Run } from '../harness/store/schema.ts';
import { slugs } from './images/draw.ts';

const FOLDER = 'hdr';
const US_PER_MS = 1000;
/** Rows from one percentile to the one half as far from 100%: what HdrHistogram's own tools write. */
const TICKS_PER_HALF_DISTANCE = 5;

interface Export {
  /** What the file name says besides the cell; empty for all latencies of the cell. */
  readonly part: string;
  readonly histograms: readonly string[];
}

/**
 * Writes the latencies of every cell with valid trials to `<folder>/hdr/<cell>.hgrm`, in milliseconds and over all
 * trials. Under rate load they count from when a request was due, and there are further files: `-service` from when it
 * was given to a connection, `-send-delay` until the generator took it in hand, and `-class-<name>` where there are
 * several classes. Returns the paths. Throws a UserError where nothing can be written.
 */
export function writeHdr(run: Run, folder: string): readonly string[] {
  const planned = [...run.manifest.cells, ...run.additions.flatMap((addition) => addition.cells)];
  // A search that asks for one rate again adds the same cell again.
  const cells = [...new Map(planned.map((cell) => [cell.id, cell])).values()];
  const fileNameOf = fileNames(cells);
  const files = new Map<string, string>();
  for (const cell of cells) {
    for (const { part, histograms } of exportsOf(measurementsOf(run, cell))) {
      const text = percentileDistribution(histograms);
      if (text !== null) files.set(join(folder, FOLDER, fileNameOf(cell, part)), text);
    }
  }
  try {
    if (files.size > 0) makeFolderIn(folder, FOLDER);
    for (const [path, text] of files) writeAnew(path, text);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new UserError(
      `${join(folder, FOLDER)} cannot be written (${codeOf(error)}); name a folder that you may write to`,
    );
  }
  return [...files.keys()];
}

function measurementsOf(run: Run, { id }: Cell): readonly Measurement[] {
  return run.trials.flatMap(({ cell, outcome }) =>
    cell === id && outcome.status === 'ok' ? [outcome.measurement] : [],
  );
}

function exportsOf(measurements: readonly Measurement[]): readonly Export[] {
  const all: Export = { part: '', histograms: measurements.map(({ latencyHistogram }) => latencyHistogram) };
  const open = measurements.flatMap((one) => (one.open === null ? [] : [one.open]));
  if (open.length === 0) return [all];
  const classes = [...new Set(open.flatMap((one) => one.classes.map(({ name }) => name)))];
  return [
    all,
    { part: 'service', histograms: open.map(({ serviceHistogram }) => serviceHistogram) },
    { part: 'send-delay', histograms: open.map(({ sendDelayHistogram }) => sendDelayHistogram) },
    ...(classes.length < 2 ? [] : classes).map((name) => ({
      part: `class-${name}`,
      histograms: open.flatMap((one) =>
        one.classes.filter((candidate) => candidate.name === name).map(({ latencyHistogram }) => latencyHistogram),
      ),
    })),
  ];
}

/** No two files have one name, also where a cell is called what a part of another is. */
function fileNames(cells: readonly Cell[]): (cell: Cell, part: string) => string {
  const slugOf = slugs(cells.map(({ id }) => id));
  const taken = new Set(cells.map(({ id }) => slugOf(id)));
  return ({ id }, part) => {
    if (part === '') return `${slugOf(id)}.hgrm`;
    const base = `${slugOf(id)}-${slugs([part])(part)}`;
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}-${n}`;
    taken.add(name);
    return `${name}.hgrm`;
  };
}

/**
 * The text that HdrHistogram calls a percentile distribution; null without a sample. hdr-histogram-js ends the last row
 * after three columns. Readers want the fourth in every row, and `inf` is what wrk2 writes there: the plotter of
 * HdrHistogram takes it for no number and leaves the row out, as it has to on an axis without an end.
 */
function percentileDistribution(histograms: readonly string[]): string | null {
  const histogram = addedUp(histograms);
  if (histogram.totalCount === 0) return null;
  const text = histogram.outputPercentileDistribution(TICKS_PER_HALF_DISTANCE, US_PER_MS);
  return text.replace(/^( *\S+ +1\.0+ +\d+)$/m, `$1${'inf'.padStart(15)}`);
}
