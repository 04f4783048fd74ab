import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Io } from '../../command-line/command.ts';
import { configIn } from '../../config/load.ts';
import { type Found, findService, findTypedSource, type Project, styleOf } from '../../config/starter/project.ts';
import { starterName, starterText } from '../../config/starter/text.ts';
import { codeOf, EXIT, messageOf, UserError } from '../../errors.ts';
import { findModule, runsTypeScript } from '../../measure/user-file.ts';
import { COMMAND } from './recording.ts';

/** Writes a config file for the service that is found in the folder, and says what it found and what comes next. */
export async function init({ app }: { readonly app?: string | undefined }, { out }: Io, folder = '.'): Promise<number> {
  const found = app === undefined ? null : given(app);
  const before = configIn(folder);
  if (before !== null) {
    throw new UserError(`${before} exists already; nothing is overwritten, so edit it, or remove it first`);
  }
  const project = projectIn(folder);
  const service = found ?? foundIn(project);
  const style = styleOf(project);
  const name = starterName(style);
  try {
    writeFileSync(join(folder, name), starterText(service.app, style), { flag: 'wx' });
  } catch (error) {
    throw new UserError(`${name}: it cannot be written (${codeOf(error)}); change the permissions of this folder`);
  }
  const framework = style.framework === null ? '' : `, ${style.framework}`;
  out.write(`Found ${service.app} (by ${service.by}${framework}).
Wrote ${name}: it sends GET / to it; put requests there that your service answers, as 404 is refused; what else can be said is in it as comments.
Next: ${COMMAND} run --preset quick
`);
  return EXIT.fine;
}

function given(app: string): Found {
  findModule('--app', app);
  return { app: isAbsolute(app) || app.startsWith('.') ? app : `./${app}`, by: '--app' };
}

function foundIn(project: Project): Found {
  const found = findService(project);
  if (found !== null) return found;
  const source = project.runsTypeScript ? null : findTypedSource(project);
  const why =
    source === null
      ? 'no service was found in this folder'
      : `${source} is TypeScript, which Node ${process.versions.node} does not run`;
  throw new UserError(
    `${why}; name the JavaScript file that production starts, as in fourways init --app ./dist/server.js`,
  );
}

function projectIn(folder: string): Project {
  return {
    manifest: manifestIn(join(folder, 'package.json')),
    exists: (path) => statSync(join(folder, path), { throwIfNoEntry: false })?.isFile() === true,
    runsTypeScript: runsTypeScript(),
  };
}

function manifestIn(path: string): unknown {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UserError(`package.json: it cannot be read: ${messageOf(error)}`);
  }
}
