/** Starting the server of a trial, whatever it is: a model of ours, a command, or one that runs already. */
import type { HandlerContext } from '../../../scenarios/scenario.ts';
import type { ServerContext } from '../../../servers/model.ts';
import { frontRoutes } from '../../../servers/pool/front-handler.ts';
import type { Launch } from '../../plan/schedule/cells.ts';
import type { ServerReading } from '../../store/server-schema.ts';
import type { ProcessRegistry } from '../processes/registry.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { findServer } from './address.ts';
import { startCommand } from './command.ts';
import { startHosted } from './hosted.ts';
import type { RunningServer } from './running.ts';

export interface LaunchOptions {
  /** The CPUs that it is bound to; null for any. */
  readonly cpus?: readonly number[] | null;
  /** Working directory, if it is not our own. */
  readonly cwd?: string | undefined;
  /** Called with what its processes write. */
  readonly onOutput?: (text: string) => void;
  /** Folder for the profiles of all its processes and threads; without one it is not profiled. */
  readonly profilesInto?: string | undefined;
  /** Whether faults are put into it: then its heap is soon full, and a request may ask for one. */
  readonly faults?: boolean | undefined;
}

/** A built-in model, by the name of its cell. */
export const BUILT_IN: Launch = { kind: 'hosted' };

/** The same with another Node.js, where the server is started in one by us. */
export function withNode(launch: Launch, execPath: string | undefined): Launch {
  return launch.kind === 'hosted' ? { ...launch, execPath } : launch;
}

/** What a model is asked to run; with a free port, unless one is given. */
export function serverContext(
  { url: scenarioUrl, classes, tls, shares }: LoadedScenario,
  handlerContext: HandlerContext,
  { workers, port = 0 }: { readonly workers: number; readonly port?: number },
): ServerContext {
  return { scenarioUrl, handlerContext, workers, port, onFront: frontRoutes(classes), tls, shares };
}

/**
 * Starts a server of this name, or finds it. Rejects with a UserError when the port is taken or the command can never be measured, and
 * with a StartError or NoMessage when it does not come to answer.
 */
export function startServer(
  registry: ProcessRegistry,
  name: string,
  launch: Launch,
  context: ServerContext,
  signal: AbortSignal,
  options: LaunchOptions = {},
): Promise<RunningServer> {
  switch (launch.kind) {
    case 'hosted':
      return startHosted(registry, name, context, signal, { ...launch, ...options });
    case 'command':
      return startCommand(registry, launch, signal, options);
    case 'address':
      return findServer(launch);
    default:
      return launch satisfies never;
  }
}

/** The processes of a server. */
export function pidsOf({ processes }: ServerReading): readonly number[] {
  return processes.map(({ pid }) => pid);
}
