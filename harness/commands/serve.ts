import { scenarios } from '../../scenarios/index.ts';
import { models } from '../../servers/index.ts';
import { command } from '../command-line/command.ts';
import {
  GROUP,
  given,
  modelNames,
  number,
  optional,
  positional,
  serverNode,
  service,
  workers,
} from '../command-line/flags.ts';

export default command({
  summary: 'Start one server, to try it with curl',
  positionals: {
    model: {
      ...positional,
      values: Object.keys(models),
      describe: `Model; ${modelNames}; or a file of your own`,
    },
    scenario: { ...optional, values: Object.keys(scenarios), describe: 'As for run --scenario; none with --app' },
  },
  flags: {
    app: service.app,
    ...serverNode,
    ...given,
    workers: { ...workers, describe: 'Worker count of every model but single; default: one per available CPU' },
    port: { ...number, default: 0, group: GROUP.load, describe: 'Port on 127.0.0.1; default: a free one' },
  },
  examples: [
    ['serve cluster cpu:ms=2 --port 8080', 'then: curl http://127.0.0.1:8080/'],
    ['serve worker-threads --app ./server.js', 'your own service, unchanged, under that model'],
  ],
  run: async (args, io) => (await import('./actions/serve.ts')).serve(args, io),
});
