/** What a service sees of the process or thread that it is loaded in: what it would see if it had been started by hand. */
import cluster from 'node:cluster';
import { existsSync, readFileSync } from 'node:fs';
import Module, { syncBuiltinESMExports } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import workerThreads, { isMainThread, MessageChannel } from 'node:worker_threads';

/** To be called before a service is loaded: it has itself in `process.argv`, and no channel to whoever started this process or thread. */
export function standAlone(url: string): void {
  process.argv.splice(1, Number.POSITIVE_INFINITY, fileURLToPath(url));
  keepChannel();
}

let isKept = false;

/**
 * Keeps the channel to the parent for those that hold it: to be called when they do, before code of the user is loaded. From then on that
 * code tells nobody that it is ready, as PM2 asks it to, hears no messages that are not for it, and can close nothing.
 */
export function keepChannel(): void {
  if (isKept) return;
  isKept = true;
  if (isMainThread) keepProcessChannel();
  else keepParentPort();
}

/** Whoever imports the port from now on gets one that is closed, which takes messages and passes none on. */
function keepParentPort(): void {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  Reflect.set(workerThreads, 'parentPort', port1);
  syncBuiltinESMExports();
}

function keepProcessChannel(): void {
  const { send, disconnect } = process;
  if (send === undefined) return;
  process.send = (message: unknown, ...rest: readonly unknown[]) => {
    // Workers of node:cluster share ports with these.
    if (isOfNode(message)) return Reflect.apply(send, process, [message, ...rest]);
    const callback = rest.findLast((one) => typeof one === 'function');
    if (typeof callback === 'function') process.nextTick(() => Reflect.apply(callback, undefined, [null]));
    return true;
  };
  process.disconnect = () => {
    if (cluster.worker?.exitedAfterDisconnect === true) {
      disconnect.call(process);
      return;
    }
    // Node.js calls this as well, when the parent is gone, and then has no channel any more.
    setImmediate(() => {
      if ((process.channel ?? null) === null) process.exit();
    });
  };
  const { channel } = process;
  if (channel !== undefined) Object.assign(channel, { ref: () => {}, unref: () => {} });
  process.on('newListener', (event, listener) => {
    if (event === 'message') process.nextTick(() => process.off('message', listener));
  });
}

function isOfNode(message: unknown): boolean {
  const cmd: unknown = typeof message === 'object' && message !== null ? Reflect.get(message, 'cmd') : undefined;
  return typeof cmd === 'string' && cmd.startsWith('NODE_');
}

/** Imports a file as Node does with one that it is started with: for CommonJS `require.main === module` holds. */
export async function importMain(url: string): Promise<object> {
  if (mayBeCommonJs(fileURLToPath(url))) {
    const load: unknown = Reflect.get(Module, '_load');
    if (typeof load === 'function') Reflect.apply(load, Module, [fileURLToPath(url), null, true]);
  }
  // What has been loaded is not loaded again.
  const module: object = await import(url);
  return module;
}

function mayBeCommonJs(path: string): boolean {
  const extension = extname(path);
  if (extension !== '.js') return extension === '.cjs' || extension === '.cts';
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) return !/"type"\s*:\s*"module"/u.test(readFileSync(manifest, 'utf8'));
    if (folder === dirname(folder)) return true;
  }
}
