/** What the action is asked, and where it runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';

/** An input that is left out is empty. */
const text = z
  .string()
  .default('')
  .transform((value) => value.trim());

const inputsSchema = z.object({
  app: text,
  scenario: text,
  command: text,
  request: text,
  base: text,
  budget: text,
  'fail-above': text,
  margin: text,
  model: text,
  workers: text,
  flags: text,
  'working-directory': text,
  install: text,
  comment: text,
  name: text,
});

export type Inputs = z.infer<typeof inputsSchema>;

/** From the environment that `action.yml` gives its steps. */
export function inputsOf(env: NodeJS.ProcessEnv): Inputs {
  return inputsSchema.parse(JSON.parse(env['INPUTS'] ?? '{}'));
}

/** Flags of `fourways ab` that `fourways run` does not have. */
const OF_AB = /^--(?:duet|strict|lenient|fail-above)\b/;

/** The flags that say what is measured, and how. `run` measures head alone, as `ab` would. */
export function flagsOf(inputs: Inputs, command: 'ab' | 'run'): readonly string[] {
  const each = (flag: string, lines: string): string[] => linesOf(lines).flatMap((line) => [flag, line]);
  const isRun = command === 'run';
  const model = isRun && inputs.model === '' && inputs.command === '' ? 'single' : inputs.model;
  return [
    ...each('--app', inputs.app),
    ...each('--scenario', inputs.scenario),
    ...each('--command', inputs.command),
    ...each('--request', inputs.request),
    ...each('--budget', inputs.budget),
    ...each('--margin', inputs.margin),
    ...each('--model', model),
    ...each('--workers', inputs.workers),
    ...(isRun ? [] : each('--fail-above', inputs['fail-above'])),
    ...linesOf(inputs.flags)
      .filter((line) => !isRun || !OF_AB.test(line))
      .flatMap(flagWords),
  ];
}

/** `--rate 500` are two words, and everything behind the first space is the value. */
function flagWords(line: string): readonly string[] {
  if (!line.startsWith('-')) throw new UserError(`flags: ${line} is no flag; give one a line, such as --rate 500`);
  const [, flag = line, value] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
  return value === undefined ? [flag] : [flag, value];
}

function linesOf(lines: string): readonly string[] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Files that a version must have, from the folder of the service. */
export function filesOf({ app, scenario }: Inputs): readonly string[] {
  const files = linesOf(scenario).map((line) => line.replace(/:[\w.=,-]+$/, ''));
  return [...linesOf(app), ...files.filter((file) => /^\.{0,2}\//.test(file))];
}

/** Where the job runs: https://docs.github.com/en/actions/reference/workflows-and-actions/variables. */
export interface Job {
  /** Of this action, with its `dist/`. */
  readonly actionPath: string;
  /** The checkout. */
  readonly workspace: string;
  /** Everything of this gate: the other version and the report. */
  readonly folder: string;
  /** Of this gate, as a part of file names. */
  readonly slug: string;
  readonly event: GithubEvent;
  readonly repository: string;
  readonly apiUrl: string;
  readonly runUrl: string;
}

const commitSchema = z.object({ sha: z.string(), ref: z.string().optional() });
const eventSchema = z.object({
  before: z.string().optional(),
  pull_request: z.object({ number: z.int(), base: commitSchema, head: commitSchema }).optional(),
  merge_group: z.object({ base_sha: z.string() }).optional(),
});

export type GithubEvent = z.infer<typeof eventSchema>;

export function jobOf(env: NodeJS.ProcessEnv, { name }: Pick<Inputs, 'name'>): Job {
  const slug =
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'fourways';
  const event = env['GITHUB_EVENT_PATH'];
  const repository = needed(env, 'GITHUB_REPOSITORY');
  return {
    actionPath: needed(env, 'GITHUB_ACTION_PATH'),
    workspace: needed(env, 'GITHUB_WORKSPACE'),
    folder: join(needed(env, 'RUNNER_TEMP'), `fourways-${slug}`),
    slug,
    event: event === undefined ? {} : eventSchema.parse(JSON.parse(readFileSync(event, 'utf8'))),
    repository,
    apiUrl: env['GITHUB_API_URL'] ?? 'https://api.github.com',
    runUrl: `${env['GITHUB_SERVER_URL'] ?? 'https://github.com'}/${repository}/actions/runs/${env['GITHUB_RUN_ID'] ?? ''}`,
  };
}

function needed(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new UserError(`${name} is not set; this is a step of a GitHub Action`);
  return value;
}
