/** The text of `--node-arg` and `--env`: how the Node.js of the servers is started. */
import { UserError } from '../../errors.ts';

/** What the servers get beyond what the harness itself was started with, and nothing else of the harness does. */
export interface ServerNode {
  /** Options of Node.js, before the file that it runs. */
  readonly args: readonly string[];
  /** Variables beside those of the caller. */
  readonly env: Readonly<Record<string, string>>;
}

/** What came from the command line. */
export interface ServerNodeRequest {
  readonly nodeArg?: readonly string[] | undefined;
  readonly env?: readonly string[] | undefined;
}

export const PLAIN_NODE: ServerNode = { args: [], env: {} };

/** With these, Node.js does something else than run the file that it is given. */
const OTHER_MODES =
  /^(?:-[cehipv]+|--(?:build-snapshot|check|completion-bash|eval|help|interactive|print|prof-process|run|test|v8-options|version|watch)(?:[=-].*)?)$/;
/** By these a process learns that it was started by another one. */
const OF_NODE: readonly string[] = ['NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE', 'NODE_UNIQUE_ID'];

/** Throws UserError. */
export function parseServerNode({ nodeArg = [], env = [] }: ServerNodeRequest): ServerNode {
  const variables = env.map(parseVariable);
  const names = variables.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new UserError(`--env ${twice} is given twice; give each variable once`);
  for (const arg of nodeArg) checkArgument(arg);
  return { args: nodeArg, env: Object.fromEntries(variables) };
}

function checkArgument(arg: string): void {
  if (!/^(?:-[^\s=-]|--[a-z])[^\s=]*(?:=.*)?$/s.test(arg)) {
    throw new UserError(
      `--node-arg ${arg}: give an option of Node.js with its value in one word, as in --node-arg=--import=./tracing.js`,
    );
  }
  if (OTHER_MODES.test(arg)) {
    throw new UserError(`--node-arg ${arg}: with it Node.js does not run the server; leave it out`);
  }
}

/** The value may be a secret, so it is in no message. */
function parseVariable(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  if (at < 0 || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new UserError(`--env ${name}: give a name and a value, as in --env LOG_LEVEL=warn`);
  }
  if (OF_NODE.includes(name)) throw new UserError(`--env ${name}: Node.js sets it itself; leave it out`);
  return [name, text.slice(at + 1)];
}
