/** Finds out what the two arguments of `ab` are: from the disk, and by asking a Node.js binary for its version. */
import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { UserError } from '../../errors.ts';
import { parseService, type ServiceRequest } from '../../plan/options/service.ts';
import { parseScenarioArgument } from '../../plan/options/scenario.ts';
import { SIDES, type Side } from '../../plan/schedule/pairs.ts';
import { type NodeVersions, versionsOf } from '../server/node-binary.ts';
import { checkSameKind, missingText, type SideWorkload, type Subject, workloadsOf } from './arguments.ts';

/** One side, ready to be loaded. */
export interface AbSide {
  /** As the user wrote it; with its version where it is a Node.js. */
  readonly label: string;
  readonly subject: Subject;
  readonly workloads: readonly SideWorkload[];
}

export type BySide<T> = Readonly<Record<Side, T>>;

/** What is measured: two versions of it, each named by an argument. */
export interface SidesRequest extends BySide<string>, ServiceRequest {
  readonly scenario?: readonly string[] | undefined;
}

/** Finds out what base and head are, and checks that they can be compared. Throws UserError. */
export function openSides(args: SidesRequest): BySide<AbSide> {
  // A request is sent to a service: files are services when there is one, and scenarios when there is none.
  const isService = (args.request ?? args.har) !== undefined && args.app === undefined;
  const subjects = { base: subjectOf('base', args.base, isService), head: subjectOf('head', args.head, isService) };
  checkSameKind(subjects.base, subjects.head);
  const service = parseService(subjects.base.kind === 'service' ? { ...args, app: args.base } : args, false);
  const asked = { scenarios: args.scenario, service };
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
  return { kind: 'node', path, versions: askedVersions(side, text, path) };
}

function askedVersions(side: Side, text: string, path: string): NodeVersions {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw new UserError(
      `${side} ${text}: not a folder, a file of a service or scenario (.js, .mjs, .cjs, .ts) or an executable Node.js binary`,
    );
  }
  const versions = versionsOf(path);
  if (versions !== null) return versions;
  throw new UserError(
    `${side} ${text}: it does not report a version as Node.js does; give a Node.js binary, such as ~/.nvm/versions/node/v22.12.0/bin/node`,
  );
}

/** The Node.js that the servers of this side run on, when it is not our own. */
export function nodeOf({ subject }: AbSide): string | undefined {
  return subject.kind === 'node' ? subject.path : undefined;
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
