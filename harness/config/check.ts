/** Whether what a file has is a config, and in one line what is wrong with it. */
import type { z } from 'zod';
import { UserError } from '../errors.ts';
import { didYouMean } from '../plan/options/values.ts';
import { CONFIG_VERSION, type CheckedConfig, configJsonSchema, configSchema } from './schema.ts';

/** The config of this file. Throws a UserError that names the file, the key and the nearest right one. */
export function checkConfig(file: string, exported: unknown): CheckedConfig {
  if (exported === undefined) {
    throw new UserError(`${file}: the file exports nothing; write 'export default { … }', or module.exports in a .cjs`);
  }
  if (typeof exported === 'object' && exported !== null && 'version' in exported) {
    const { version } = exported;
    if (version !== undefined && version !== CONFIG_VERSION) {
      throw new UserError(
        `${file}: version ${String(version)}: this fourways reads version ${CONFIG_VERSION}; use the fourways that the file was written for, or write the file anew with fourways init`,
      );
    }
  }
  const checked = configSchema.safeParse(exported);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new UserError(`${file}: ${issue === undefined ? checked.error.message : problemOf(issue, [])}`);
  }
  if (checked.data.workloads !== undefined && checked.data.requests !== undefined) {
    throw new UserError(
      `${file}: requests and workloads exclude each other; make the requests a workload of their own`,
    );
  }
  return checked.data;
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

function problemOf(issue: Issue, above: Path): string {
  const path = [...above, ...issue.path];
  const at = path.length === 0 ? '' : `${pathText(path)}: `;
  switch (issue.code) {
    case 'unrecognized_keys':
      return `${at}unknown key '${issue.keys[0]}'.${didYouMean(issue.keys[0] ?? '', keysAt(path))}`;
    case 'invalid_key':
      return `${at}${issue.issues[0]?.message ?? issue.message}`;
    case 'invalid_union': {
      // Of the alternatives, the one that was begun: it fails further down.
      const begun = issue.errors.find(([first]) => first !== undefined && isInside(first))?.[0];
      if (begun !== undefined) return problemOf(begun, path);
      const expected = issue.errors.flatMap(([first]) => (first?.code === 'invalid_type' ? [first.expected] : []));
      return `${at}give ${expected.length === 0 ? 'another value' : expected.map(inWords).join(' or ')}`;
    }
    case 'invalid_type':
      if (issue.expected === 'nonoptional') return `${at}it is missing`;
      return `${at}give ${inWords(issue.expected)}${/, received .*$/.exec(issue.message)?.[0] ?? ''}`.replace(
        ', received',
        ', not',
      );
    default:
      return `${at}${issue.message}`;
  }
}

function isInside(issue: Issue): boolean {
  return issue.path.length > 0 || issue.code === 'unrecognized_keys';
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function inWords(type: string): string {
  return WORDS[type] ?? type;
}

/** As in `workloads.orders.requests[0].path`. */
function pathText(path: Path): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`)).join('');
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/** The keys that an object at this place may have. */
function keysAt(path: Path): readonly string[] {
  let nodes: readonly SchemaNode[] = [configJsonSchema()];
  for (const key of path) {
    nodes = nodes.flatMap(alternatives).flatMap(({ properties, additionalProperties, items }) => {
      const next = typeof key === 'number' ? items : (properties?.[String(key)] ?? additionalProperties);
      return typeof next === 'object' ? [next] : [];
    });
  }
  return nodes.flatMap(alternatives).flatMap(({ properties }) => Object.keys(properties ?? {}));
}

function alternatives(node: SchemaNode): readonly SchemaNode[] {
  return [node, ...(node.anyOf ?? [])];
}
