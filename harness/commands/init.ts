import { command } from '../command-line/command.ts';
import { GROUP, text } from '../command-line/flags.ts';

export default command({
  summary: 'Write a config file for the service in this folder',
  positionals: {},
  flags: {
    app: {
      ...text,
      group: GROUP.what,
      takes: '<file>',
      describe: 'File of the service; default: what package.json starts, or a file with a usual name',
    },
  },
  examples: [
    ['init', 'then: fourways run'],
    ['init --app ./src/server.js', 'a service that is not found by itself'],
  ],
  run: async (args, io) => (await import('./actions/init.ts')).init(args, io),
});
