/** The only process that the harness spawns for a server: it loads one model, and starts, asks and stops it by message. */
import { importDefault } from '../scenarios/import.ts';
import { keepChannel } from './app/process.ts';
import { GRACEFUL } from './http/connections.ts';
import type { Model, Running, ServerContext, ServerSnapshot } from './model.ts';
import { printError } from './http/reply.ts';
import { failureOf, whileStarting } from './workers/failure.ts';

/** Harness to host. `model` is the URL of its module. */
export type HostCommand =
  | { readonly type: 'describe'; readonly model: string }
  | { readonly type: 'start'; readonly model: string; readonly context: ServerContext }
  | { readonly type: 'snapshot'; readonly ticket: number }
  | { readonly type: 'reload'; readonly ticket: number }
  | { readonly type: 'stop' };

/** Host to harness. */
export type HostMessage =
  /** What the default export of the module says of itself, and the type of its `start`; null when there is none. */
  | { readonly type: 'described'; readonly model: Readonly<Record<string, unknown>> | null }
  /** `canReload`: whether it can replace its workers one by one. */
  | { readonly type: 'ready'; readonly port: number; readonly workers: number; readonly canReload: boolean }
  | { readonly type: 'failed'; readonly message: string; readonly code: string | null }
  | { readonly type: 'snapshot'; readonly ticket: number; readonly snapshot: ServerSnapshot }
  /** Every worker has been replaced, or why not. */
  | { readonly type: 'reloaded'; readonly ticket: number; readonly failure: string | null };

/** Of a process that it has ended, as shells have it. */
const SIGTERM_CODE = 143;

let running: Running | undefined;
const tell = process.send?.bind(process);

async function follow(command: HostCommand): Promise<void> {
  keepChannel();
  switch (command.type) {
    case 'describe':
      send({ type: 'described', model: await described(await importDefault<Model | undefined>(command.model)) });
      return;
    case 'start':
      running = await whileStarting(
        command.context,
        () => started(command.model, command.context),
        (failure) => send({ type: 'failed', ...failure }),
      );
      if (running !== undefined)
        send({ type: 'ready', port: running.port, workers: running.workers, canReload: running.reload !== undefined });
      return;
    case 'snapshot':
      if (running === undefined) return;
      send({ type: 'snapshot', ticket: command.ticket, snapshot: await running.snapshot() });
      return;
    case 'reload':
      send({ type: 'reloaded', ticket: command.ticket, failure: await reloaded() });
      return;
    case 'stop':
      await running?.stop();
      process.exit(0);
  }
}

async function started(url: string, context: ServerContext): Promise<Running> {
  const model = await importDefault<Model>(url);
  const why = (await model.unavailable?.()) ?? null;
  if (why !== null) throw new Error(why);
  return model.start(context);
}

/** Why not every worker was replaced; null where each of them was. */
async function reloaded(): Promise<string | null> {
  if (running?.reload === undefined) return NO_RELOAD;
  try {
    await running.reload();
    return null;
  } catch (error) {
    return failureOf(error).message;
  }
}

const NO_RELOAD = 'this model cannot replace its workers one by one: it has nobody to take over';

/** A file of a user may export anything, so the harness checks what is returned here. */
async function described(exported: Model | undefined): Promise<Record<string, unknown> | null> {
  if (exported === undefined || exported === null) return null;
  const { summary, style, effort, start } = exported;
  const unavailable = (await exported.unavailable?.()) ?? null;
  return { summary, style, effort, start: typeof start, unavailable };
}

function send(message: HostMessage): void {
  tell?.(message);
}

process.on('message', (command: HostCommand) => {
  follow(command).catch((error: unknown) => send({ type: 'failed', ...failureOf(error) }));
});
// As from whoever runs a service: its clients lose nothing.
process.on('SIGTERM', () => {
  if (running === undefined) process.exit(SIGTERM_CODE);
  running.stop(GRACEFUL).then(
    () => process.exit(0),
    (error: unknown) => {
      printError(error);
      process.exit(1);
    },
  );
});
// When the harness goes, it goes.
process.on('disconnect', () => process.exit());
