import { models } from '../../servers/index.ts';
import { command } from '../command-line/command.ts';
import { boolean, keysOf, number, text } from '../command-line/flags.ts';
import { UserError } from '../errors.ts';
import { examinationFormats, formatFlag } from './formats.ts';

const noise = {
  budget: { ...text, describe: 'With --noise: total time, such as 2m; default: 60s' },
  scenario: { ...text, alias: 's', describe: 'With --noise: one scenario, as for run; default: cpu:ms=2' },
  model: { ...text, alias: 'm', describe: `With --noise: ${keysOf(models)}, or a file of your own; default: single` },
  margin: { ...text, describe: 'With --noise: differences up to this count as equivalent; default: 3%' },
} as const;

export default command({
  summary: 'Check that this machine measures correctly; takes two minutes',
  positionals: {},
  flags: {
    noise: {
      ...boolean,
      describe: 'Measure a model against itself: the smallest change that fourways ab can detect here',
    },
    ...noise,
    seed: { ...number, describe: 'Seed for the order in which servers are measured; default: the current time' },
    format: formatFlag(examinationFormats),
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
