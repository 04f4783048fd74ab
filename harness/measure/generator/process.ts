/**
 * The load generator: a process of its own, so that it shares no event loop with a server or the harness. It sends one load
 * after the other, so that its code stays warm.
 */
import { type GeneratorCommand, type GeneratorEvent, generatorCommandSchema } from './messages.ts';
import { GeneratorSession, senderOf } from './session.ts';

const notify = (event: GeneratorEvent): void => {
  process.send?.(event);
};

let session: GeneratorSession | null = null;
/** What is being started, until it is stopped. */
let started: GeneratorCommand | null = null;

async function start(command: Extract<GeneratorCommand, { type: 'start' }>): Promise<void> {
  started = command;
  const sender = await senderOf(command);
  if (started === command) session = new GeneratorSession(command, sender, notify);
}

process.on('message', (raw) => {
  const command = generatorCommandSchema.parse(raw);
  switch (command.type) {
    case 'start':
      return void start(command);
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
      started = null;
      return notify({ type: 'stopped' });
    default:
      return command satisfies never;
  }
});
process.on('disconnect', () => process.exit());
notify({ type: 'ready' });
