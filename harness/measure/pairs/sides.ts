/** Finds out what the two arguments of `ab` are: from the disk, and by asking a Node.js binary for its version. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { type AppRequest, parseApp } from '../../plan/options/app.ts';
import { parseScenarioArgument } from '../../plan/options/scenario.ts';
import { SIDES, type Side } from '../../plan/schedule/pairs.ts';
import {
  checkSameKind,
  missingText,
  type NodeVersions,
  type SideWorkload,
  type Subject,
  workloadsOf,
} from './arguments.ts';

/** One side, ready to be loaded. */
export interface AbSide {
  /** As the user wrote it; with its version where it is a Node.js. */
  readonly label: string;
  readonly subject: Subject;
  readonly workloads: readonly SideWorkload[];
}

export type BySide<T> = Readonly<Record<Side, T>>;

const ANSWER_LIMIT_MS = 20_000;
const versionsSchema = z.object({ node: z.string().min(1), v8: z.string(), uv: z.string() });

/** What is measured: two versions of it, each named by an argument. */
export interface SidesRequest extends BySide<string>, AppRequest {
  readonly scenario?: readonly string[] | undefined;
}

/** Finds out what base and head are, and checks that they can be compared. Throws UserError. */
export function openSides(args: SidesRequest): BySide<AbSide> {
  // A request is sent to a service: files are services when there is one, and scenarios when there is none.
  const isService = args.request !== undefined && args.app === undefined;
  const subjects = { base: subjectOf('base', args.base, isService), head: subjectOf('head', args.head, isService) };
  checkSameKind(subjects.base, subjects.head);
  const app = parseApp(subjects.base.kind === 'service' ? { ...args, app: args.base } : args);
  const asked = { scenarios: args.scenario, app };
  const opened = (side: Side): AbSide => ({
    label: labelOf(args[side], subjects[side]),
    subject: subjects[side],
    workloads: workloadsOf(subjects[side], asked, { join: joined, isAbsolute }),
  });
  const sides = { base: opened('base'), head: opened('head') };
  for (const side of SIDES) {
    for (const workload of sides[side].workloads) {
      if (workload.file === null || isFile(workload.file)) continue;
      throw new UserError(missingText(workload, side, args[side]));
    }
  }
  return sides;
}

function subjectOf(side: Side, text: string, isService: boolean): Subject {
  if (kindOnDisk(text) === 'folder') return { kind: 'folder', path: text };
  const { reference } = parseScenarioArgument(asPath(text));
  const kind = kindOnDisk(reference);
  if (/\.[cm]?[jt]s$/.test(reference)) {
    if (kind !== 'file') throw new UserError(`${side} ${text}: there is no such file; give an existing one`);
    return isService ? { kind: 'service', path: asPath(text) } : { kind: 'scenario', argument: asPath(text) };
  }
  if (kindOnDisk(text) !== 'file') {
    throw new UserError(
      `${side} ${text}: there is no such file or folder; give a folder, a file of a service or scenario, or the path of a Node.js binary`,
    );
  }
  const path = resolve(text);
  return { kind: 'node', path, versions: versionsOf(side, text, path) };
}

/** Asks the binary itself; if it is something else, it is started only once. */
function versionsOf(side: Side, text: string, path: string): NodeVersions {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw new UserError(
      `${side} ${text}: not a folder, a file of a service or scenario (.js, .mjs, .cjs, .ts) or an executable Node.js binary`,
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
    `${side} ${text}: it does not report a version as Node.js does; give a Node.js binary, such as ~/.nvm/versions/node/v22.12.0/bin/node`,
  );
}

function jsonOr<T>(text: string, otherwise: T): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}

function labelOf(argument: string, subject: Subject): string {
  return subject.kind === 'node' ? `${argument} (Node.js ${subject.versions.node})` : argument;
}

/** A bare file name would be taken for a built-in scenario. */
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
