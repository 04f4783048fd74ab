/** Environments of processes that are started. */

/** Options of Node.js that a caller sets are meant for a service. In a load generator they would change what is measured with. */
export function withoutNodeOptions({ NODE_OPTIONS: _, ...env }: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return env;
}
