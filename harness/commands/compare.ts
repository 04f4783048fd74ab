import { command } from '../command-line/command.ts';
import { boolean, failAbove, GROUP, lenient, margin, names, positional, salvage } from '../command-line/flags.ts';
import { changeFormats, formatFlag } from './formats.ts';

export default command({
  summary: 'Compare two runs: did a change make anything worse?',
  positionals: {
    base: { ...positional, describe: 'Folder of the run before the change, or its run.ndjson' },
    head: { ...positional, describe: 'The same for the run after the change' },
  },
  flags: {
    margin,
    'fail-above': failAbove,
    control: {
      ...names,
      group: GROUP.verdict,
      takes: '<cells>',
      values: ['auto', 'none'],
      describe: 'Cells that the change cannot have affected, or none; default: auto, found automatically',
    },
    force: {
      ...boolean,
      default: false,
      group: GROUP.verdict,
      describe: 'Compare even what was measured under different conditions',
    },
    strict: {
      ...boolean,
      group: GROUP.verdict,
      describe: 'Exit with 3 if head is probably worse, and that is not certain; default where CI=true',
    },
    lenient,
    salvage,
    format: formatFlag(changeFormats),
  },
  examples: [['compare runs/1 runs/2 --format markdown', 'for a comment on a pull request']],
  epilogue: 'Exit code 1 if anything is worse, 3 if nothing can be concluded. See docs/gates.md.',
  run: async (args, io) => (await import('./actions/compare.ts')).compareTwo(args, io),
});
