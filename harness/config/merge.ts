/** Config file and flags as one request. A flag replaces the key that it stands for. */
import { isAbsolute, join } from 'node:path';
import { UserError } from '../errors.ts';
import type { RequestParts } from '../plan/options/requests.ts';
import type { RunRequest } from '../plan/options/run.ts';
import type { ServerNodeRequest } from '../plan/options/server-node.ts';
import { NO_SERVICE, type ServiceRequest } from '../plan/options/service.ts';
import { isPath } from '../plan/options/scenario.ts';
import { didYouMean } from '../plan/options/values.ts';
import { valuesOf } from '../plan/sendable.ts';
import type { CheckedConfig, Workload } from './schema.ts';

/** What a config file can say of a run. */
export interface ConfiguredRun extends RunRequest, ServerNodeRequest {
  readonly require?: readonly string[] | undefined;
  /** Required where it is measured, because flags may have left it out. */
  readonly requireIfMeasured?: readonly string[] | undefined;
  readonly strict?: boolean | undefined;
  readonly lenient?: boolean | undefined;
}

/** A config, and where it is. */
export interface ConfigFile {
  /** As it was given or found. */
  readonly file: string;
  /** Of the file, from the working folder, which is empty; paths in it are relative to this one. */
  readonly folder: string;
  readonly config: CheckedConfig;
}

/** Keys that are not called as their flag. */
const KEY_OF: Readonly<Record<string, string>> = {
  scenario: 'scenarios',
  model: 'models',
  rate: 'rates',
  request: 'requests',
  header: 'headers',
  command: 'commands',
  url: 'urls',
  'node-arg': 'nodeArgs',
  runtime: 'runtimes',
  'connection-mode': 'connectionModes',
  fault: 'faults',
  reload: 'reloads',
};

/** What a flag replaces beside its own key: what it decides as well, and what it excludes. */
const REPLACES: Readonly<Record<string, readonly string[]>> = {
  preset: ['budget', 'rounds', 'duration'],
  budget: ['rounds'],
  rounds: ['budget'],
  strict: ['lenient'],
  lenient: ['strict'],
};

/**
 * The request of these flags with this config; `chosen` are the workloads that are meant, all of them without. Throws
 * UserError.
 */
export function withConfig<T extends ConfiguredRun>(
  found: ConfigFile,
  flags: T,
  chosen: readonly string[] | undefined,
): T {
  return withFaults(merged(found, flags, chosen), found, flags);
}

/** What a file says of how models and commands are broken is of no matter where they are not. Flags are taken at their word. */
function withFaults<T extends ConfiguredRun>(asked: T, { config }: ConfigFile, flags: T): T {
  const { fault = [], command = [], restart, reload } = asked;
  const nameOf = (line: string): string => line.split('=', 1)[0] ?? '';
  const measured = command.map(nameOf);
  const leftOut = Object.keys(config.commands ?? {}).filter((name) => !measured.includes(name));
  const isReloaded = fault.some((one) => one.startsWith('reload'));
  const lines = isReloaded ? reload?.filter((line) => !leftOut.includes(nameOf(line))) : undefined;
  return {
    ...asked,
    restart: flags.restart ?? (fault.length === 0 ? undefined : restart),
    reload: flags.reload ?? lines,
  };
}

function merged<T extends ConfiguredRun>(
  { file, folder, config }: ConfigFile,
  flags: T,
  chosen: readonly string[] | undefined,
): T {
  const replaced = givenIn(flags).flatMap((key) => [key, ...(REPLACES[key] ?? [])]);
  const settings = Object.entries(settingsOf(config, folder)).filter(([key]) => !replaced.includes(key));
  const asked: T = narrowed({ ...flags, ...Object.fromEntries(settings) }, flags, chosen);
  const { scenario, app, request } = flags;
  // Who names a scenario wants that one.
  if (scenario !== undefined && app === undefined && chosen === undefined) {
    return { ...asked, command: flags.command, url: flags.url, ready: flags.ready };
  }
  if (chosen !== undefined && request !== undefined) {
    throw new UserError(`--workload ${chosen.join(',')} has requests of its own; leave out --workload or --request`);
  }
  const services = servicesOf(config, folder);
  if (chosen !== undefined) {
    const names = Object.keys(services.workloads ?? {});
    for (const name of chosen) {
      if (names.includes(name)) continue;
      throw new UserError(`--workload ${name}: ${file} has no such workload.${didYouMean(name, names)}`);
    }
  }
  const own = { ...services, ...sentBy(flags) };
  if (services.workloads === undefined || request !== undefined) return { ...asked, ...own, workloads: undefined };
  const meant = Object.entries(services.workloads).filter(([name]) => chosen?.includes(name) ?? true);
  const workloads = Object.fromEntries(meant.map(([name, one]) => [name, { ...one, ...sentBy(flags) }]));
  const beside = chosen === undefined ? {} : { scenario };
  return { ...asked, ...NO_SERVICE, ...beside, workloads };
}

/** What a file requires of everything in it need not be about the part that the flags leave. */
function narrowed<T extends ConfiguredRun>(asked: T, flags: T, chosen: readonly string[] | undefined): T {
  const isPart = chosen !== undefined || NARROWING.some((name) => flags[name] !== undefined);
  if (!isPart || flags.require !== undefined) return asked;
  return { ...asked, require: undefined, requireIfMeasured: asked.require };
}

const NARROWING = ['scenario', 'model', 'app', 'request', 'rate', 'connectionMode', 'preset'] as const;

/** The names of the flags that have a value. */
function givenIn(flags: object): readonly string[] {
  return Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}

/** The service as the flags have it. */
function sentBy({ app, request, header, body, har, verify, expect }: ServiceRequest): ServiceRequest {
  return {
    ...(app !== undefined && { app }),
    ...(request !== undefined && { request }),
    ...(header !== undefined && { header }),
    ...(body !== undefined && { body }),
    ...(har !== undefined && { har }),
    ...(verify !== undefined && { verify }),
    ...(expect !== undefined && { expect }),
  };
}

/** Everything but the service, as flags. */
function settingsOf(config: CheckedConfig, folder: string): ConfiguredRun {
  const { $schema, version, app, requests, headers, body, har, verify, expect, workloads, ...settings } = config;
  const {
    scenarios,
    models,
    rates,
    connectionModes,
    commands,
    urls,
    nodeArgs,
    env,
    runtimes,
    faults,
    reloads,
    ...same
  } = settings;
  return {
    ...same,
    ...(scenarios !== undefined && { scenario: scenarios.map((one) => (isPath(one) ? placed(folder, one) : one)) }),
    ...(models !== undefined && { model: models.map((one) => (isPath(one) ? placed(folder, one) : one)) }),
    ...(commands !== undefined && { command: linesOf(commands) }),
    ...(urls !== undefined && { url: linesOf(urls) }),
    ...(nodeArgs !== undefined && { nodeArg: nodeArgs }),
    ...(env !== undefined && { env: linesOf(env) }),
    ...(runtimes !== undefined && { runtime: runtimes.map((one) => placed(folder, one)) }),
    ...(rates !== undefined && { rate: rates }),
    ...(faults !== undefined && { fault: faults }),
    ...(reloads !== undefined && { reload: linesOf(reloads) }),
    ...(connectionModes !== undefined && { connectionMode: connectionModes }),
  };
}

/** As `name=line`. */
function linesOf(byName: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(byName).map(([name, line]) => `${name}=${line}`);
}

function servicesOf(
  { workloads, ...config }: CheckedConfig,
  folder: string,
): Pick<RunRequest, keyof ServiceRequest | 'workloads'> {
  if (workloads === undefined) return serviceOf(config, folder);
  const { app, headers, body, verify, expect } = config;
  const each = Object.entries(workloads).map(([name, one]) => {
    const shared = { app, body, verify, expect, ...one, headers: { ...headers, ...one.headers } };
    return [name, serviceOf(shared, folder)] as const;
  });
  return { ...(app !== undefined && { app: placed(folder, app) }), workloads: Object.fromEntries(each) };
}

function serviceOf(
  { app, requests, headers = {}, body, har, verify, expect }: Workload,
  folder: string,
): ServiceRequest {
  const bodyOf = (text: string): string => (text.startsWith('@') ? `@${placed(folder, text.slice(1))}` : text);
  const partsOf = (one: Exclude<NonNullable<Workload['requests']>[number], string>): RequestParts => {
    const all = { ...headers, ...one.headers };
    const isTyped = typeof one.body === 'string' || Object.keys(all).some((name) => name.toLowerCase() === TYPE);
    return {
      ...one,
      headers: headersOf(one.body === undefined || isTyped ? one.headers : { [TYPE]: JSON_TYPE, ...one.headers }),
      body: typeof one.body === 'string' ? bodyOf(one.body) : JSON.stringify(one.body),
    };
  };
  return {
    ...(app !== undefined && { app: placed(folder, app) }),
    ...(requests !== undefined && { request: requests.map((one) => (typeof one === 'string' ? one : partsOf(one))) }),
    header: headersOf(headers),
    ...(body !== undefined && { body: bodyOf(body) }),
    ...(har !== undefined && { har: placed(folder, har) }),
    ...(verify !== undefined && { verify }),
    ...(expect !== undefined && { expect }),
  };
}

const [TYPE, JSON_TYPE] = ['content-type', 'application/json'];

function headersOf(headers: Readonly<Record<string, string | readonly string[]>> = {}): readonly string[] {
  return Object.entries(headers).flatMap(([name, given]) => valuesOf(given).map((value) => `${name}: ${value}`));
}

/** A path in the file, from the working folder. */
function placed(folder: string, path: string): string {
  return folder === '' || isAbsolute(path) ? path : join(folder, path);
}

/** Whatever is wrong with a flag that stands in the file, as a mistake in the file. */
export function inConfig(error: unknown, { file, config }: ConfigFile, flags: object): unknown {
  if (!(error instanceof UserError)) return error;
  const [, where = '', flag = '', rest = ''] = /^(workload [\w-]+: )?--([a-z-]+)(.*)$/s.exec(error.message) ?? [];
  const name = flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const key = KEY_OF[flag] ?? name;
  const isInFile = JSON.stringify(config).includes(`"${key}":`);
  if (!isInFile || givenIn(flags).includes(name)) return error;
  return new UserError(`${file}: ${where}${key}${rest}`);
}
