import { command } from '../command-line/command.ts';
import { GROUP, names, quiet, seed, text } from '../command-line/flags.ts';
import { GROUPS } from '../costs/operations.ts';
import { costFormats, formatFlag } from './formats.ts';

export default command({
  summary: 'Time what models are made of: starting workers, messages, passing a socket; takes two minutes',
  positionals: {},
  flags: {
    only: {
      ...names,
      group: GROUP.what,
      values: GROUPS,
      describe: `Some of it: ${GROUPS.join(', ')}; default: all`,
    },
    runtime: {
      ...text,
      group: GROUP.server,
      takes: '<file>',
      describe: 'Node.js binary to time; default: the one that runs fourways',
    },
    seed: { ...seed, group: GROUP.long, describe: 'Seed for the order; default: the current time' },
    format: formatFlag(costFormats),
    quiet,
  },
  examples: [
    ['costs', 'below how much work does a pool of workers cost more than it can save?'],
    ['costs --only messages --runtime ~/node-24/bin/node', 'messages on another Node.js'],
  ],
  epilogue: 'Exit code 3 if a figure cannot be true. See docs/costs.md.',
  run: async (args, io) => (await import('./actions/costs.ts')).timeCosts(args, io),
});
