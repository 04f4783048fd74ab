/** From the two arguments of `ab` to the scenarios of each side. */
import { UserError } from '../../errors.ts';
import { isPath, parseScenarioArgument } from '../../plan/options/scenario.ts';
import type { Side } from '../../plan/schedule/pairs.ts';

/** What an argument is. */
export type Subject =
  /** A checkout: the same scenario files in each. */
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'scenario'; readonly argument: string }
  /** A Node.js: the same scenarios on each. */
  | { readonly kind: 'node'; readonly path: string; readonly versions: NodeVersions };

export interface NodeVersions {
  readonly node: string;
  readonly v8: string;
  readonly uv: string;
}

const NAMES: Readonly<Record<Subject['kind'], string>> = {
  folder: 'a folder',
  scenario: 'a scenario file',
  node: 'a Node.js binary',
};

/** When two versions of Node.js are compared without --scenario. */
const DEFAULT_ON_NODES: readonly string[] = ['cpu'];

/** Throws a UserError when they cannot be compared. */
export function checkSameKind(base: Subject, head: Subject): void {
  if (base.kind === head.kind) return;
  throw new UserError(
    `fourways ab: base is ${NAMES[base.kind]} and head is ${NAMES[head.kind]}; name two folders, two scenario files or two Node.js binaries`,
  );
}

/** A scenario of one side, as `-s` of `run` takes it. */
export interface SideScenario {
  readonly argument: string;
  /** The file that must be there; null for a built-in scenario. */
  readonly file: string | null;
  /** As the user wrote it. */
  readonly asked: string;
}

/** The nth of one side belongs to the nth of the other. `join` puts a path together. Throws UserError. */
export function scenariosOf(
  subject: Subject,
  asked: readonly string[] | undefined,
  path: { readonly join: (folder: string, file: string) => string; readonly isAbsolute: (file: string) => boolean },
): readonly SideScenario[] {
  switch (subject.kind) {
    case 'folder':
      return filesAsked(asked).map((text) => {
        const { reference } = parseScenarioArgument(text);
        if (path.isAbsolute(reference) || !isPath(reference)) {
          const why = isPath(reference) ? 'the same file for both sides' : 'built in, and so the same for both sides';
          throw new UserError(
            `--scenario ${text}: that is ${why}; name a file by its path within the folders, such as ./bench/scenario.js`,
          );
        }
        const file = path.join(subject.path, reference);
        return { argument: `${file}${text.slice(reference.length)}`, file, asked: reference };
      });
    case 'scenario': {
      if (asked !== undefined) {
        throw new UserError('--scenario: base and head are scenario files themselves; leave the flag out');
      }
      const { reference } = parseScenarioArgument(subject.argument);
      return [{ argument: subject.argument, file: reference, asked: reference }];
    }
    case 'node':
      return (asked ?? DEFAULT_ON_NODES).map((argument) => ({ argument, file: null, asked: argument }));
    default:
      return subject satisfies never;
  }
}

function filesAsked(asked: readonly string[] | undefined): readonly string[] {
  if (asked !== undefined && asked.length > 0) return asked;
  throw new UserError(
    'fourways ab: to compare two folders, name the file to measure in each with --scenario, such as -s ./bench/scenario.js',
  );
}

/** Why a scenario cannot be measured whose file exists on one side only. */
export function missingText({ asked }: SideScenario, side: Side, folder: string): string {
  return `--scenario ${asked}: ${side} has no such file in ${folder}; give one that is in both folders`;
}
