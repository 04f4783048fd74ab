/** From the two arguments of `ab` to what is measured on each side. */
import { UserError } from '../../errors.ts';
import { isPath, parseScenarioArgument } from '../../plan/options/scenario.ts';
import type { AskedService } from '../../plan/options/service.ts';
import type { Side } from '../../plan/schedule/pairs.ts';
import type { NodeVersions } from '../server/node-binary.ts';

/** What an argument is. */
export type Subject =
  /** A checkout: the same files in each. */
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'scenario'; readonly argument: string }
  /** The file of a service. */
  | { readonly kind: 'service'; readonly path: string }
  /** A Node.js: the same on each. */
  | { readonly kind: 'node'; readonly path: string; readonly versions: NodeVersions };

const NAMES: Readonly<Record<Subject['kind'], string>> = {
  folder: 'a folder',
  scenario: 'a scenario file',
  service: 'the file of a service',
  node: 'a Node.js binary',
};

/** When two versions of Node.js are compared without --scenario and --app. */
const DEFAULT_ON_NODES: readonly string[] = ['cpu'];

/** Throws a UserError when they cannot be compared. */
export function checkSameKind(base: Subject, head: Subject): void {
  if (base.kind === head.kind) return;
  throw new UserError(
    `fourways ab: base is ${NAMES[base.kind]} and head is ${NAMES[head.kind]}; name two folders, two files or two Node.js binaries`,
  );
}

/** A workload of one side. */
export type SideWorkload = {
  /** As the user wrote it. */
  readonly asked: string;
  /** The file that must be there; null for a built-in scenario. */
  readonly file: string | null;
} & (
  | {
      readonly kind: 'scenario';
      /** As `-s` of `run` takes it. */
      readonly argument: string;
    }
  | {
      readonly kind: 'app';
      readonly service: AskedService;
      /** Where its servers run; null for where the harness does. */
      readonly folder: string | null;
    }
);

/** What `--scenario`, `--app` and `--command` name, with what is sent to the service: a workload each. */
export interface Asked {
  readonly scenarios: readonly string[] | undefined;
  readonly services: readonly AskedService[];
}

interface Paths {
  /** Puts a path together. */
  readonly join: (folder: string, file: string) => string;
  readonly isAbsolute: (file: string) => boolean;
}

/** The nth of one side belongs to the nth of the other. Throws UserError. */
export function workloadsOf(subject: Subject, { scenarios, services }: Asked, paths: Paths): readonly SideWorkload[] {
  const [service] = services;
  switch (subject.kind) {
    case 'folder': {
      const { path: folder } = subject;
      const apps = services.map((one) => appWithin(folder, one, paths));
      return [...apps, ...filesAsked(scenarios, services).map((text) => scenarioWithin(folder, text, paths))];
    }
    case 'scenario': {
      if (scenarios !== undefined) throw new UserError(`--scenario: ${NAMED_ALREADY}`);
      if (service !== undefined) throw new UserError(`--app ${service.file}: ${NAMED_ALREADY}`);
      const { reference } = parseScenarioArgument(subject.argument);
      return [{ kind: 'scenario', argument: subject.argument, file: reference, asked: reference }];
    }
    case 'service': {
      const { path } = subject;
      if (scenarios !== undefined) throw new UserError(`--scenario: ${NAMED_ALREADY}`);
      return services.map((one) => {
        return { kind: 'app', service: { ...one, file: path }, folder: null, file: path, asked: path };
      });
    }
    case 'node': {
      const apps = services.map((one) => {
        return { kind: 'app', service: one, folder: null, file: null, asked: one.file ?? '' } as const;
      });
      const others = scenarios ?? (service === undefined ? DEFAULT_ON_NODES : []);
      return [
        ...apps,
        ...others.map((argument) => ({ kind: 'scenario', argument, file: null, asked: argument }) as const),
      ];
    }
    default:
      return subject satisfies never;
  }
}

const NAMED_ALREADY = 'base and head are the files themselves; leave the flag out';

/** It runs where it would run in production: in the checkout. So does a command that serves it. */
function appWithin(folder: string, service: AskedService, paths: Paths): SideWorkload {
  const { file: asked } = service;
  if (asked === null) return { kind: 'app', service, folder, file: null, asked: '' };
  if (paths.isAbsolute(asked)) {
    throw new UserError(
      `--app ${asked}: that is the same file for both sides; name it by its path within the folders, such as ./server.js`,
    );
  }
  const file = paths.join(folder, asked);
  return { kind: 'app', service: { ...service, file }, folder, file, asked };
}

function scenarioWithin(folder: string, text: string, paths: Paths): SideWorkload {
  const { reference } = parseScenarioArgument(text);
  if (paths.isAbsolute(reference) || !isPath(reference)) {
    const why = isPath(reference) ? 'the same file for both sides' : 'built in, and so the same for both sides';
    throw new UserError(
      `--scenario ${text}: that is ${why}; name a file by its path within the folders, such as ./bench/scenario.js`,
    );
  }
  const file = paths.join(folder, reference);
  return { kind: 'scenario', argument: `${file}${text.slice(reference.length)}`, file, asked: reference };
}

function filesAsked(scenarios: readonly string[] | undefined, services: readonly AskedService[]): readonly string[] {
  if (scenarios !== undefined && scenarios.length > 0) return scenarios;
  if (services.length > 0) return [];
  throw new UserError(
    "fourways ab: to compare two folders, name the file to measure in each: your service with --app ./server.js --request 'GET /', what starts it with --command, or a scenario with -s ./bench/scenario.js",
  );
}

/** Why a workload cannot be measured whose file exists on one side only. */
export function missingText({ kind, asked }: SideWorkload, side: Side, folder: string): string {
  return `--${kind} ${asked}: ${side} has no such file in ${folder}; give one that is in both folders`;
}
