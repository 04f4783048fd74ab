import { charts, overviews } from '../../reports/charts/index.ts';
import { command } from '../command-line/command.ts';
import { boolean, hdr, keysOf, names, pairs, positional, requirements, salvage, text } from '../command-line/flags.ts';
import { formatFlag, summaryFormats } from './formats.ts';

export default command({
  summary: 'Rebuild a report from its run file, or show runs side by side',
  positionals: {
    run: {
      ...positional,
      array: true,
      describe: 'Folder of a run, or its run.ndjson; several are shown side by side, with labels as in before=runs/1',
    },
  },
  flags: {
    out: {
      ...text,
      describe:
        'New folder for the report; default: beside the run file, or fourways-runs/<time>-report for several runs',
    },
    chart: { ...names, describe: `Write only the images of these charts: ${keysOf({ ...overviews, ...charts })}` },
    title: { ...text, describe: 'Title of the images; default: what the chart shows' },
    subtitle: { ...text, describe: 'Subtitle of the images; default: the scenario in words' },
    theme: { ...text, describe: 'Theme of the images: light or dark; default: light' },
    width: { ...text, describe: 'Width of the images in pixels, or 16:9 for a slide; default: 960' },
    open: { ...boolean, describe: 'Open the page, or the image, in the default application' },
    hdr,
    salvage,
    ...requirements,
    pairs,
    format: formatFlag(summaryFormats),
  },
  examples: [
    ['report fourways-runs/2026-11-21T07-03-12', 'rebuild the report of that run'],
    ['report before=runs/1 after=runs/2 --open', 'two runs side by side'],
    ['report runs/1 --chart memory --width 16:9', 'one chart for a slide'],
  ],
  run: async (args, io) => (await import('./actions/report.ts')).reportRuns(args, io),
});
