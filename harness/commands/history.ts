import { command } from '../command-line/command.ts';
import { folder, GROUP, historyFile, names, number, optional, salvage, text } from '../command-line/flags.ts';
import { RUN_METRICS } from '../judge/metrics/derived.ts';
import { formatFlag, historyFormats } from './formats.ts';

const metrics = RUN_METRICS.map(({ name }) => name);

export default command({
  summary: 'Keep a line of each run, and show where figures changed over commits',
  positionals: {
    action: { ...optional, values: ['add'], describe: 'add, to keep a run; left out, the history is shown' },
    run: {
      ...optional,
      describe: 'Run to add: its folder, its run.ndjson, or the folder of an ab, whose head is added',
    },
  },
  flags: {
    history: historyFile,
    salvage,
    branch: {
      ...text,
      group: GROUP.input,
      takes: '<name>',
      describe: 'Branch of the run to add, or to show; default: that of CI or git, or the one with most runs',
    },
    metric: {
      ...names,
      group: GROUP.what,
      values: metrics,
      describe: `What to show: ${metrics.join(', ')}; default: cpu-per-request`,
    },
    'fail-on-change': {
      ...number,
      group: GROUP.verdict,
      describe: 'Exit with 1 if anything changed for the worse within so many of the newest runs',
    },
    out: { ...folder, group: GROUP.output, describe: 'New folder for the charts, as SVG and PNG' },
    format: formatFlag(historyFormats),
  },
  examples: [
    ['history add runs/today', 'after each run of the main branch'],
    ['history --out charts', 'what changed, and between which commits'],
    ['history --fail-on-change 5', 'for a nightly job'],
  ],
  epilogue: 'Exit code 0, or 1 with --fail-on-change. See docs/history.md.',
  run: async (args, io) => (await import('./actions/history/history.ts')).history(args, io),
});
