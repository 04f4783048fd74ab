import { command } from '../command-line/command.ts';
import {
  boolean,
  failAbove,
  GROUP,
  historyFile,
  margin,
  names,
  optional,
  salvage,
  strictness,
  text,
} from '../command-line/flags.ts';
import { changeFormats, formatFlag } from './formats.ts';

export default command({
  summary: 'Compare two runs: did a change make anything worse?',
  positionals: {
    base: { ...optional, describe: 'Folder of the run before the change, or its run.ndjson; left out with --baseline' },
    head: { ...optional, describe: 'The same for the run after the change' },
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
    ...strictness,
    baseline: {
      ...text,
      group: GROUP.input,
      takes: '<branch>',
      describe: 'Compare with the newest run of this branch that fourways history has kept',
    },
    history: historyFile,
    salvage,
    format: formatFlag(changeFormats),
  },
  examples: [
    ['compare runs/1 runs/2 --format markdown', 'for a comment on a pull request'],
    ['compare --baseline main runs/today', 'with the newest run of the main branch'],
  ],
  epilogue:
    'Exit code 0 if nothing is shown to be worse, 1 if something is, 3 if head is broken or nothing can be concluded. See docs/gates.md.',
  run: async (args, io) => (await import('./actions/compare.ts')).compareTwo(args, io),
});
