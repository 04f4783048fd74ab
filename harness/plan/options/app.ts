/** `--app`: a service of the user, and what is sent to it. */
import { UserError } from '../../errors.ts';
import { type AskedRequests, firstRequestFlag, parseRequests, type RequestFlags } from './requests.ts';

export interface AskedApp extends AskedRequests {
  /** As it was given. */
  readonly path: string;
}

/** What came from the command line. */
export interface AppRequest extends RequestFlags {
  readonly app?: string | undefined;
}

/** Null without `--app`. Throws UserError. */
export function parseApp(asked: AppRequest): AskedApp | null {
  const { app } = asked;
  if (app !== undefined) return { path: app, ...parseRequests(`--app ${app}`, asked) };
  const first = firstRequestFlag(asked);
  if (first !== null) throw new UserError(`${first} goes with --app: give the file of your service`);
  return null;
}
