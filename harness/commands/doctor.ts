import { scenarios } from '../../scenarios/index.ts';
import { models } from '../../servers/index.ts';
import { command } from '../command-line/command.ts';
import { boolean, GROUP, modelNames, quiet, seed, text, time } from '../command-line/flags.ts';
import { UserError } from '../errors.ts';
import { examinationFormats, formatFlag } from './formats.ts';

const WITH_NOISE = 'With --noise:';

const noise = {
  budget: { ...time, group: WITH_NOISE, describe: 'Total time, such as 2m; default: 60s' },
  scenario: {
    ...text,
    alias: 's',
    group: WITH_NOISE,
    takes: '<name>',
    values: Object.keys(scenarios),
    describe: 'One scenario, as for run; default: cpu:ms=2',
  },
  model: {
    ...text,
    alias: 'm',
    group: WITH_NOISE,
    takes: '<name>',
    values: Object.keys(models),
    describe: `One model; ${modelNames}; or a file of your own; default: single`,
  },
  margin: {
    ...text,
    group: WITH_NOISE,
    takes: '<share>',
    describe: 'Differences up to this count as equivalent; default: 3%',
  },
} as const;

export default command({
  summary: 'Check that this machine measures correctly; takes two minutes',
  positionals: {},
  flags: {
    noise: {
      ...boolean,
      group: GROUP.what,
      describe: 'Measure a model against itself: the smallest change that fourways ab can detect here',
    },
    seed: {
      ...seed,
      group: GROUP.what,
      describe: 'Seed for the order in which servers are measured; default: the current time',
    },
    ...noise,
    format: formatFlag(examinationFormats),
    quiet,
  },
  examples: [['doctor --noise --budget 2m', 'how small a change can fourways ab detect here?']],
  epilogue:
    'Exit code 0 if the machine is fit, 3 if it is not; with --noise, 3 if equal sides are told apart. See docs/doctor.md for each check.',
  run: async (args, io) => {
    if (args.noise === true) return (await import('./actions/noise.ts')).measureNoise(args, io);
    const other = Object.keys(noise).find((name) => args[name] !== undefined);
    if (other !== undefined) throw new UserError(`--${other} needs --noise; add --noise, or leave out --${other}`);
    return (await import('./actions/doctor.ts')).examineMachine(args, io);
  },
});
