/** Which file of a project is its service, from what is in its folder. */
import { z } from 'zod';

/** What there is to look at. */
export interface Project {
  /** Content of `package.json`, not checked; null without one. */
  readonly manifest: unknown;
  /** Whether this file exists, by its path from the folder. */
  readonly exists: (path: string) => boolean;
  readonly runsTypeScript: boolean;
}

/** A service that was found. */
export interface Found {
  readonly app: string;
  /** How it was found, as in `scripts.start`. */
  readonly by: string;
}

/** What a config file for it is like. */
export interface Style {
  /** As in `Express`; null when none is known. */
  readonly framework: string | null;
  readonly isTypeScript: boolean;
  /** Whether a `.js` or `.ts` file here is an ES module. */
  readonly isModule: boolean;
}

const words = z.record(z.string(), z.string()).catch({});
const manifestSchema = z.object({
  type: z.string().optional().catch(undefined),
  main: z.string().optional().catch(undefined),
  scripts: words.default({}),
  dependencies: words.default({}),
  devDependencies: words.default({}),
});

/** In this order: Nest runs on Express or Fastify. */
const FRAMEWORKS: Readonly<Record<string, string>> = {
  '@nestjs/core': 'Nest',
  fastify: 'Fastify',
  koa: 'Koa',
  hono: 'Hono',
  express: 'Express',
};
/** Sources after what was built from them, which every Node.js runs. */
const FOLDERS = ['', 'dist/', 'build/', 'src/'];
const NAMES = ['server', 'app', 'main', 'index'];
const EXTENSIONS = ['.js', '.mjs', '.cjs'];
const TYPED = ['.ts', '.mts', '.cts'];

function manifestOf({ manifest }: Project): z.infer<typeof manifestSchema> {
  return manifestSchema.catch({ scripts: {}, dependencies: {}, devDependencies: {} }).parse(manifest);
}

/** The file that production starts, else one with a usual name; null when there is none. */
export function findService(project: Project): Found | null {
  const { scripts, main } = manifestOf(project);
  const extensions = project.runsTypeScript ? [...EXTENSIONS, ...TYPED] : EXTENSIONS;
  const fits = (path: string): boolean => extensions.some((one) => path.endsWith(one)) && project.exists(path);
  const candidates: readonly (readonly [string, string])[] = [
    ...['start:prod', 'start'].flatMap((name) =>
      pathsIn(scripts[name]).map((path) => [path, `scripts.${name}`] as const),
    ),
    ...(main === undefined ? [] : [main, `${main}.js`, `${main}/index.js`].map((path) => [path, 'main'] as const)),
    ...usualPaths(extensions).map((path) => [path, 'its name'] as const),
  ];
  const [path, by] = candidates.find(([one]) => fits(one)) ?? [];
  return path === undefined || by === undefined ? null : { app: `./${path.replace(/^\.\//, '')}`, by };
}

/** A source that only a newer Node.js could run; null when there is none. */
export function findTypedSource({ exists }: Project): string | null {
  return usualPaths(TYPED).find(exists) ?? null;
}

function usualPaths(extensions: readonly string[]): readonly string[] {
  return FOLDERS.flatMap((folder) => NAMES.flatMap((name) => extensions.map((one) => `${folder}${name}${one}`)));
}

/** What may be the files in `NODE_ENV=production node --enable-source-maps dist/main`. */
function pathsIn(script = ''): readonly string[] {
  const [, rest] = /(?:^|[\s;&|])(?:node|tsx|ts-node|bun|nodemon)\s+([^;&|]*)/.exec(script) ?? [];
  const files = (rest ?? '').split(/\s+/).filter((word) => word !== '' && !word.startsWith('-'));
  return files.flatMap((path) => [path, `${path}.js`, `${path}/index.js`]);
}

export function styleOf(project: Project): Style {
  const { type, dependencies, devDependencies } = manifestOf(project);
  const all = { ...dependencies, ...devDependencies };
  const [, framework = null] = Object.entries(FRAMEWORKS).find(([name]) => Object.hasOwn(all, name)) ?? [];
  const isTyped = Object.hasOwn(all, 'typescript') || project.exists('tsconfig.json');
  return { framework, isTypeScript: isTyped && project.runsTypeScript, isModule: type === 'module' };
}
