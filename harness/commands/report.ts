import { allCharts } from '../../reports/charts/index.ts';
import { THEMES } from '../../reports/images/options.ts';
import { command } from '../command-line/command.ts';
import {
  boolean,
  detail,
  folder,
  GROUP,
  hdr,
  keysOf,
  names,
  positional,
  requirements,
  salvage,
  text,
} from '../command-line/flags.ts';
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
    salvage,
    chart: {
      ...names,
      group: GROUP.images,
      values: Object.keys(allCharts),
      describe: `Write only the images of these charts: ${keysOf(allCharts)}`,
    },
    title: { ...text, group: GROUP.images, describe: 'Title of the images; default: what was found' },
    subtitle: {
      ...text,
      group: GROUP.images,
      describe: 'Subtitle of the images; default: the scenario in words, and what was measured',
    },
    theme: {
      ...text,
      group: GROUP.images,
      takes: '<name>',
      values: THEMES,
      describe: 'Theme of the images: light or dark; default: light',
    },
    width: {
      ...text,
      group: GROUP.images,
      takes: '<px>',
      describe: 'Width of the images in pixels, or 16:9 for a slide; default: 960',
    },
    plain: {
      ...boolean,
      group: GROUP.images,
      describe: 'Images without notes and columns, for a slide: figures stand at their marks',
    },
    ...requirements,
    out: {
      ...folder,
      group: GROUP.output,
      describe:
        'New folder for the report; default: beside the run file, or fourways-runs/<time>-report for several runs',
    },
    format: formatFlag(summaryFormats),
    detail,
    hdr,
    open: { ...boolean, group: GROUP.output, describe: 'Open the page, or the image, in the default application' },
  },
  examples: [
    ['report fourways-runs/2026-11-21T07-03-12', 'rebuild the report of that run'],
    ['report before=runs/1 after=runs/2 --open', 'two runs side by side'],
    ['report runs/1 --chart memory --width 16:9 --plain', 'one chart for a slide'],
  ],
  run: async (args, io) => (await import('./actions/report.ts')).reportRuns(args, io),
});
