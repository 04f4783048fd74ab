/** What the two arguments of `ab` are: looked up on the disk, and asked where they can answer. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { parseScenarioArgument } from '../../plan/options/scenario.ts';
import { SIDES, type Side } from '../../plan/schedule/pairs.ts';
import {
  checkSameKind,
  missingText,
  type NodeVersions,
  type SideScenario,
  type Subject,
  scenariosOf,
} from './arguments.ts';

/** One side, ready to be loaded. */
export interface AbSide {
  /** As it was given; with its version where it is a Node.js. */
  readonly label: string;
  readonly subject: Subject;
  readonly scenarios: readonly SideScenario[];
}

export type BySide<T> = Readonly<Record<Side, T>>;

const ANSWER_LIMIT_MS = 20_000;
const versionsSchema = z.object({ node: z.string().min(1), v8: z.string(), uv: z.string() });

/** Finds out what base and head are, and checks that they can be compared. Throws UserError. */
export function openSides(given: BySide<string>, scenarios: readonly string[] | undefined): BySide<AbSide> {
  const subjects = { base: subjectOf('base', given.base), head: subjectOf('head', given.head) };
  checkSameKind(subjects.base, subjects.head);
  const opened = (side: Side): AbSide => ({
    label: labelOf(given[side], subjects[side]),
    subject: subjects[side],
    scenarios: scenariosOf(subjects[side], scenarios, { join: joined, isAbsolute }),
  });
  const sides = { base: opened('base'), head: opened('head') };
  for (const side of SIDES) {
    for (const scenario of sides[side].scenarios) {
      if (scenario.file === null || isFile(scenario.file)) continue;
      throw new UserError(missingText(scenario, side, given[side]));
    }
  }
  return sides;
}

function subjectOf(side: Side, text: string): Subject {
  if (kindOnDisk(text) === 'folder') return { kind: 'folder', path: text };
  const { reference } = parseScenarioArgument(asPath(text));
  const kind = kindOnDisk(reference);
  if (/\.[cm]?[jt]s$/.test(reference)) {
    if (kind === 'file') return { kind: 'scenario', argument: asPath(text) };
    throw new UserError(`${side} ${text}: there is no such file; name a scenario file that is there`);
  }
  if (kindOnDisk(text) !== 'file') {
    throw new UserError(
      `${side} ${text}: there is no such file or folder; name a folder, a scenario file, or a Node.js binary by its path`,
    );
  }
  const path = resolve(text);
  return { kind: 'node', path, versions: askedForVersions(side, text, path) };
}

/** Asks the binary itself; whatever else it may be, it is not started twice. */
function askedForVersions(side: Side, text: string, path: string): NodeVersions {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw new UserError(
      `${side} ${text}: neither a folder, nor a scenario file (.js, .mjs, .cjs, .ts), nor a Node.js binary that may be executed`,
    );
  }
  const { stdout } = spawnSync(path, ['-p', 'JSON.stringify(process.versions)'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: ANSWER_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const versions = versionsSchema.safeParse(jsonOr(stdout ?? '', null));
  if (versions.success) return versions.data;
  throw new UserError(
    `${side} ${text}: asked for its version, it did not answer as Node.js does; name the binary of a Node.js, such as ~/.nvm/versions/node/v22.12.0/bin/node`,
  );
}

function jsonOr<T>(text: string, otherwise: T): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}

function labelOf(given: string, subject: Subject): string {
  return subject.kind === 'node' ? `${given} (Node.js ${subject.versions.node})` : given;
}

/** A bare name of a file would read as that of a built-in scenario. */
function asPath(text: string): string {
  return text.includes(sep) || text.includes('/') ? text : `./${text}`;
}

function joined(folder: string, file: string): string {
  return asPath(join(folder, file));
}

function kindOnDisk(path: string): 'file' | 'folder' | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : null;
}

function isFile(path: string): boolean {
  return kindOnDisk(path) === 'file';
}
