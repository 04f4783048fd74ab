/** Environments of processes that are started. */
import { fileURLToPath } from 'node:url';
import { HEAP_UNDER_FAULTS_MIB } from '../../../servers/workers/threads.ts';

/** Options of Node.js that a caller sets are meant for a service. In a load generator they would change what is measured with. */
export function withoutNodeOptions({ NODE_OPTIONS: _, ...env }: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return env;
}

/** Beside this file `.js` in the published package, and `.ts` where Node runs the sources. */
const ENDING = import.meta.url.endsWith('.ts') ? 'cts' : 'cjs';
const preload = (name: string): string => fileURLToPath(new URL(`../../../servers/${name}.${ENDING}`, import.meta.url));
const PROFILER = preload('profiler');
const FAULT = preload('fault');

/** The same, with every process and thread of Node.js that comes from it profiled into this folder; without one, as it is. */
export function profiledInto(folder: string | undefined, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (folder === undefined) return env;
  return { ...withOption(env, preloading(PROFILER)), FOURWAYS_PROFILES: folder };
}

/**
 * The same for a server that faults are put into: every process and thread of Node.js has a heap that is soon full, and in a command, which
 * knows nothing of faults, what commits them is loaded before it. Null as it is.
 */
export function faultsInto(server: 'model' | 'command' | null, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (server === null) return env;
  const limited = withOption(env, `--max-old-space-size=${HEAP_UNDER_FAULTS_MIB}`);
  return server === 'model' ? limited : { ...withOption(limited, preloading(FAULT)), FOURWAYS_FAULTS: '1' };
}

function withOption(env: NodeJS.ProcessEnv, option: string): NodeJS.ProcessEnv {
  const { NODE_OPTIONS = '' } = env;
  return { ...env, NODE_OPTIONS: `${NODE_OPTIONS} ${option}`.trim() };
}

/** https://nodejs.org/api/cli.html#node_optionsoptions: quotes for spaces, and a backslash before what would end them. */
function preloading(file: string): string {
  return `--require="${file.replace(/["\\]/g, '\\$&')}"`;
}
