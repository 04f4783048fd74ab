/** Why a server or a worker could not start, in words for whoever wrote what it was to run. */
import type { ServerContext } from '../model.ts';

export interface StartFailure {
  readonly message: string;
  /** Of the error, where the harness knows better what to say of it: the port of the server itself. */
  readonly code: string | null;
}

/**
 * What `start` resolves with; undefined when it failed, which `fail` was told. It is told also of an error that ends this process or
 * thread, such as that of a second port of a service: an exit code would be all that is left of it.
 */
export async function whileStarting<T>(
  context: ServerContext,
  start: () => Promise<T>,
  fail: (failure: StartFailure) => void,
): Promise<T | undefined> {
  const onUncaught = (error: unknown): void => fail(failureOf(error, context));
  process.once('uncaughtExceptionMonitor', onUncaught);
  try {
    return await start();
  } catch (error) {
    fail(failureOf(error, context));
    return undefined;
  } finally {
    process.off('uncaughtExceptionMonitor', onUncaught);
  }
}

/** What an error stands for. `context` is that of a start. */
export function failureOf(error: unknown, context?: Pick<ServerContext, 'port' | 'workers'>): StartFailure {
  if (!(error instanceof Error)) return { message: String(error), code: null };
  const code = 'code' in error ? String(error.code) : null;
  const port: unknown = Reflect.get(error, 'port');
  if (context !== undefined && typeof port === 'number' && port !== context.port) {
    const why = portText(code, context.workers);
    if (why !== null) return { message: `it also listens on port ${port}, which ${why}`, code: null };
  }
  const hint = HINTS.find((one) => one.code === code)?.text ?? placeOf(error);
  return hint === undefined ? { message: error.message, code } : { message: `${error.message}; ${hint}`, code: null };
}

/** Of a syntax error, whose message does not say where it is. */
function placeOf(error: Error): string | undefined {
  return error instanceof SyntaxError ? /^(?:file:)?\S*:\d+(?=\n)/u.exec(error.stack ?? '')?.[0] : undefined;
}

function portText(code: string | null, workers: number): string | null {
  if (code === 'EACCES') return 'is not allowed for this user; have the service take one above 1023';
  if (code !== 'EADDRINUSE') return null;
  return workers > 1
    ? 'is taken: every worker opens it, and one alone can have it; let only one open it, or each a free one'
    : 'is taken; end what has it, or have the service take another';
}

const HINTS: readonly { readonly code: string; readonly text: string }[] = [
  { code: 'ERR_WORKER_UNSUPPORTED_OPERATION', text: 'what is loaded does that, and threads cannot' },
  { code: 'ERR_DLOPEN_FAILED', text: 'this native addon cannot be loaded here' },
  {
    code: 'ERR_UNKNOWN_FILE_EXTENSION',
    text: 'TypeScript takes Node 22.18 or newer for the servers, or a loader as in --node-arg=--import=tsx; or compile it',
  },
  {
    code: 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
    text: 'this takes more than removing types: compile it, or give a loader as in --node-arg=--import=tsx',
  },
];
