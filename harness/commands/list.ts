import { command } from '../command-line/command.ts';
import { EXIT } from '../errors.ts';
import type { Listed } from './actions/list.ts';
import { type Formats, formatFlag, json, print } from './formats.ts';

const formats: Formats<Listed> = {
  text: async (listed, look) => (await import('./actions/list.ts')).textOf(listed, look),
  json,
};

export default command({
  summary: 'List everything that can be named: scenarios, models, presets, charts, metrics',
  positionals: {},
  flags: { format: formatFlag(formats) },
  examples: [],
  run: async (args, io) => {
    const { everything } = await import('./actions/list.ts');
    await print(await everything(), formats, args, io);
    return EXIT.fine;
  },
});
