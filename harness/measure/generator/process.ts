/**
 * The load generator: a process of its own, so that it shares no event loop with a server or the harness. It sends one load
 * after the other, so that its code stays warm.
 */
import { type GeneratorEvent, generatorCommandSchema } from './messages.ts';
import { GeneratorSession } from './session.ts';

const notify = (event: GeneratorEvent): void => {
  process.send?.(event);
};

let session: GeneratorSession | null = null;

process.on('message', (raw) => {
  const command = generatorCommandSchema.parse(raw);
  switch (command.type) {
    case 'start':
      session = new GeneratorSession(command, notify);
      return undefined;
    case 'go':
      return session?.go();
    case 'offer':
      return void session?.offer();
    case 'begin':
      return session?.begin(command);
    case 'finish':
      return void session?.finish();
    case 'stop':
      session?.stop();
      session = null;
      return notify({ type: 'stopped' });
    default:
      return command satisfies never;
  }
});
process.on('disconnect', () => process.exit());
notify({ type: 'ready' });
