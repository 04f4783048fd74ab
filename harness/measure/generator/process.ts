/**
 * The load generator: a process of its own, so that it never shares an event loop with a server or the harness. It sends one
 * load after the other, and its code stays warm.
 */
import { type GeneratorEvent, generatorCommandSchema } from './messages.ts';
import { GeneratorSession } from './session.ts';

const notify = (notice: GeneratorEvent): void => {
  process.send?.(notice);
};

let session: GeneratorSession | null = null;

process.on('message', (raw) => {
  const order = generatorCommandSchema.parse(raw);
  switch (order.type) {
    case 'start':
      session = new GeneratorSession(order, notify);
      return undefined;
    case 'go':
      return session?.go();
    case 'offer':
      return void session?.offer();
    case 'begin':
      return session?.begin(order);
    case 'finish':
      return void session?.finish();
    case 'stop':
      session?.stop();
      session = null;
      return notify({ type: 'stopped' });
    default:
      return order satisfies never;
  }
});
process.on('disconnect', () => process.exit());
notify({ type: 'ready' });
