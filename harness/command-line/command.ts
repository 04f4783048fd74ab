/** What a command of fourways is made of, and what it works with. */
import type { ArgumentsCamelCase, InferredOptionTypes, Options, PositionalOptions } from 'yargs';
import type { writeChange } from '../../reports/change/write.ts';
import type { writeReport } from '../../reports/write.ts';
import type { Launching } from '../costs/measure.ts';
import type { Examining } from '../doctor/examining.ts';
import type { Measuring } from '../measure/measuring.ts';
import type { ServerNode } from '../plan/options/server-node.ts';

export interface Stream {
  write(text: string): unknown;
  /** The same of what a CI is to take for commands: names in it are escaped already. */
  writeCommands?(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  /** Width of a terminal, in characters. */
  readonly columns?: number | undefined;
}

/** The outside world: results go to `out`, progress and warnings to `err`. What is optional replaces the real thing in tests. */
export interface Io {
  readonly out: Stream;
  readonly err: Stream;
  readonly now: () => Date;
  /** What was typed, in the form that the parser gets: the command, its arguments, then `--flag=value`. */
  readonly words?: readonly string[];
  /** Variables of the environment; none where they are left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly measuring?: (servers: ServerNode) => Measuring;
  readonly examining?: () => Examining;
  readonly launching?: () => Launching;
  readonly writeReport?: typeof writeReport;
  readonly writeChange?: typeof writeChange;
  /** Opens a file or folder, an absolute path, in the default application. Rejects when it cannot. */
  readonly open?: (path: string) => Promise<void>;
}

/** What a shell can complete. Other values may be allowed as well. */
interface Named {
  readonly values?: readonly string[];
}

export interface Flag extends Options, Named {
  /** The heading in `--help` that it stands under. */
  readonly group: string;
  /** The value as help calls it; none for a flag that is on or off. */
  readonly takes?: string;
}

export type Positionals = Readonly<Record<string, PositionalOptions & Named>>;
export type Flags = Readonly<Record<string, Flag>>;

/** One command, named by its key in the registry. */
export interface Command<P extends Positionals = Positionals, F extends Flags = Flags> {
  readonly summary: string;
  /** The arguments without a flag, in order; those that may be left out come last. */
  readonly positionals: P;
  readonly flags: F;
  /** What follows `fourways`, and what it does. */
  readonly examples: readonly (readonly [command: string, purpose: string])[];
  /** The last paragraph of `--help`. */
  readonly epilogue?: string;
  /** Returns the exit code. What takes long to load is imported here, so that `--help` is quick. */
  run(args: ArgumentsCamelCase<InferredOptionTypes<P & F>>, io: Io): Promise<number>;
}

/** Declares a command: the types of its arguments follow from its flags. */
export function command<const P extends Positionals, const F extends Flags>(declared: Command<P, F>): Command<P, F> {
  return declared;
}
