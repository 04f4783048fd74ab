/** Environments of processes that are started. */
import { fileURLToPath } from 'node:url';

/** Options of Node.js that a caller sets are meant for a service. In a load generator they would change what is measured with. */
export function withoutNodeOptions({ NODE_OPTIONS: _, ...env }: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return env;
}

/** Beside this file `.js` in the published package, and `.ts` where Node runs the sources. */
const PROFILER = fileURLToPath(
  new URL(`../../../servers/profiler.${import.meta.url.endsWith('.ts') ? 'cts' : 'cjs'}`, import.meta.url),
);

/** The same, with every process and thread of Node.js that comes from it profiled into this folder; without one, as it is. */
export function profiledInto(folder: string | undefined, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (folder === undefined) return env;
  const { NODE_OPTIONS = '' } = env;
  // https://nodejs.org/api/cli.html#node_optionsoptions: quotes for spaces, and a backslash before what would end them.
  const path = `"${PROFILER.replace(/["\\]/g, '\\$&')}"`;
  return { ...env, NODE_OPTIONS: `${NODE_OPTIONS} --require=${path}`.trim(), FOURWAYS_PROFILES: folder };
}
