/** `--app`: a service of the user, and what is sent to it. */
import { UserError } from '../../errors.ts';
import { type AskedRequests, firstRequestFlag, parseRequests, type RequestFlags } from './requests.ts';

export interface AskedApp extends AskedRequests {
  /** What it is called in reports; null for the name of its file. */
  readonly name: string | null;
  /** As it was given. */
  readonly path: string;
}

/** What came from the command line, or from a workload of a config file. */
export interface AppRequest extends RequestFlags {
  readonly app?: string | undefined;
}

/** Null without `--app`. Throws UserError. */
export function parseApp(asked: AppRequest, name: string | null = null): AskedApp | null {
  const { app } = asked;
  if (app !== undefined) return { name, path: app, ...parseRequests(`--app ${app}`, asked) };
  const first = firstRequestFlag(asked);
  if (first !== null) throw new UserError(`${first} goes with --app: give the file of your service`);
  return null;
}
