/** Finds out what the two arguments of `ab` are: from the disk, and by asking a Node.js binary for its version. */
import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { UserError } from '../../errors.ts';
import { parseExternals, type ServerRequest } from '../../plan/options/external.ts';
import { checkAlone } from '../../plan/options/run.ts';
import { eachAlone, parseService, type ServiceRequest } from '../../plan/options/service.ts';
import { parseScenarioArgument } from '../../plan/options/scenario.ts';
import { SIDES, type Side } from '../../plan/schedule/pairs.ts';
import type { External } from '../../store/schema.ts';
import { type NodeVersions, versionsOf } from '../server/node-binary.ts';
import { checkSameKind, missingText, type SideWorkload, type Subject, workloadsOf } from './arguments.ts';

/** One side, ready to be loaded. */
export interface AbSide {
  /** As the user wrote it; with its version where it is a Node.js. */
  readonly label: string;
  readonly subject: Subject;
  readonly workloads: readonly SideWorkload[];
  /** Commands that serve them in its folder, beside the models or in their place. */
  readonly externals: readonly External[];
}

export type BySide<T> = Readonly<Record<Side, T>>;

/** What is measured: two versions of it, each named by an argument. */
export interface SidesRequest extends BySide<string>, ServiceRequest, Pick<ServerRequest, 'command' | 'ready'> {
  readonly scenario?: readonly string[] | undefined;
  readonly model?: readonly string[] | undefined;
}

/** Finds out what base and head are, and checks that they can be compared. Throws UserError. */
export function openSides(args: SidesRequest): BySide<AbSide> {
  const { command: lines } = args;
  const isServed = lines !== undefined;
  // A request is sent to a service: files are services when there is one, and scenarios when there is none.
  const isService = (args.request ?? args.har) !== undefined && args.app === undefined && !isServed;
  const subjects = { base: subjectOf('base', args.base, isService), head: subjectOf('head', args.head, isService) };
  checkSameKind(subjects.base, subjects.head);
  const service = parseService(subjects.base.kind === 'service' ? { ...args, app: args.base } : args, isServed);
  const services = service === null ? [] : eachAlone(service, args);
  if (isServed) {
    if (subjects.base.kind !== 'folder') {
      throw new UserError(`--command ${lines[0]}: it is started in base and in head, so these must be two folders`);
    }
    checkAlone(args, service?.file !== null);
  }
  const externals = parseExternals({ ...args, command: lines?.map(withName) }, [], services);
  const asked = { scenarios: args.scenario, services };
  const opened = (side: Side): AbSide => ({
    label: labelOf(args[side], subjects[side]),
    subject: subjects[side],
    workloads: workloadsOf(subjects[side], asked, { join: joined, isAbsolute }),
    externals,
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

/** Nothing else is called so, and the one command that is usual needs no name. `NODE_ENV=test node server.js` has none either. */
function withName(line: string): string {
  return /^(?![A-Z_\d]+=)[A-Za-z][\w.-]*=/.test(line.trim()) ? line : `command=${line}`;
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

/** Whether there is something that models run, and not commands alone. */
export function isHosted({ workloads }: AbSide): boolean {
  return workloads.some((one) => one.kind === 'scenario' || one.service.file !== null);
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
