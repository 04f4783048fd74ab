/** The measuring step: base and head side by side, or head alone where there is nothing to compare with. */
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quoted } from '../command-line/again.ts';
import { EXIT } from '../errors.ts';
import { type Change, changeSchema } from '../judge/schema/change.ts';
import { type Base, checkOutBase, short } from './base.ts';
import { flagsOf, type Inputs, type Job } from './inputs.ts';
import { outcomeOf, RESULT_FILE, type Result } from './result.ts';

/** Measures, leaves everything in the folder of the report, and sets the outputs of the step. */
export async function measure(job: Job, inputs: Inputs, env: NodeJS.ProcessEnv): Promise<void> {
  rmSync(job.folder, { recursive: true, force: true });
  mkdirSync(job.folder, { recursive: true });
  const report = join(job.folder, 'report');
  const base = await checkOutBase(job, inputs);
  const result = await measured(job, inputs, base, report);
  mkdirSync(report, { recursive: true });
  writeFileSync(join(report, RESULT_FILE), `${JSON.stringify(result, null, 2)}\n`);
  const outputs = {
    outcome: outcomeOf(result),
    'exit-code': result.exitCode,
    report,
    artifact: job.slug === 'fourways' ? job.slug : `fourways-${job.slug}`,
  };
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`);
  if (env['GITHUB_OUTPUT'] !== undefined) appendFileSync(env['GITHUB_OUTPUT'], lines.join(''));
}

async function measured(job: Job, inputs: Inputs, base: Base, report: string): Promise<Result> {
  if (base.kind === 'failed') {
    return {
      kind: 'failed',
      exitCode: EXIT.untrusted,
      what: 'there is no base, so head was not judged',
      lines: [base.why],
    };
  }
  const head = join(job.workspace, inputs['working-directory']);
  const sides = [
    ...(base.kind === 'found'
      ? [{ name: `base (${short(base.commit)})`, folder: join(base.folder, inputs['working-directory']) }]
      : []),
    { name: 'head', folder: head },
  ];
  for (const { name, folder } of sides) {
    const failed = await install(name, folder, inputs);
    if (failed !== null) return failed;
  }
  const cli = join(job.actionPath, 'dist', 'harness', 'cli.js');
  if (base.kind === 'none') return measureHead(cli, head, inputs, base.why, report);
  const [other] = sides;
  const words = [
    'ab',
    other?.folder ?? base.folder,
    '.',
    ...flagsOf(inputs, 'ab'),
    '--out',
    report,
    '--format',
    'json',
  ];
  const ran = await run(process.execPath, [cli, ...words], head);
  const change = changeIn(ran.out);
  if (change === null) return { kind: 'failed', exitCode: ran.code === 0 ? EXIT.bug : ran.code, ...blame(ran.lines) };
  return {
    kind: 'compared',
    exitCode: ran.code,
    change: namedFor(change, job, base.commit, inputs),
    notes: [...base.notes],
  };
}

async function install(name: string, folder: string, { install: line }: Inputs): Promise<Result | null> {
  if (line === '') return null;
  process.stderr.write(`::group::${line} in ${name}\n`);
  const ran = await run('bash', ['-e', '-o', 'pipefail', '-c', line], folder);
  process.stderr.write(`${ran.out}::endgroup::\n`);
  if (ran.code === 0) return null;
  const what = `${name} does not install: ${line} ended with ${ran.code}${name === 'head' ? '' : '; head was not judged'}`;
  return { kind: 'failed', exitCode: EXIT.untrusted, what, lines: [...ran.lines] };
}

/** The first run of a gate: what later ones can be compared with, and nothing to fail. */
async function measureHead(cli: string, folder: string, inputs: Inputs, why: string, report: string): Promise<Result> {
  const ran = await run(
    process.execPath,
    [cli, 'run', ...flagsOf(inputs, 'run'), '--out', report, '--format', 'markdown'],
    folder,
  );
  if (ran.code === 0) return { kind: 'baseline', exitCode: EXIT.fine, why, summary: ran.out };
  const what = `there is nothing to compare with (${why}), and head cannot be measured`;
  return { kind: 'failed', exitCode: ran.code, what, lines: [...ran.lines] };
}

/** Whose fault it is that nothing was compared: a base that does not start says nothing of head. */
function blame(lines: readonly string[]): { what: string; lines: string[] } {
  const said = lines.findLast((line) => /^(?:fourways: |Nothing can be compared: )/.test(line)) ?? '';
  const [, side] = /^(?:fourways: |Nothing can be compared: )(base|head)\b/.exec(said) ?? [];
  const what =
    side === undefined
      ? 'nothing was compared'
      : `${side} does not run${side === 'base' ? ', so head was not judged' : ''}`;
  return { what, lines: [...lines] };
}

function changeIn(out: string): Change | null {
  try {
    return changeSchema.parse(JSON.parse(out));
  } catch {
    return null;
  }
}

/** With words that mean the same elsewhere: commits for folders of this job, and how to get base before the command. */
function namedFor(change: Change, { event }: Job, commit: string, inputs: Inputs) {
  return changeSchema.parse({
    ...change,
    base: { ...change.base, label: event.pull_request?.base.ref ?? short(commit) },
    head: { ...change.head, label: event.pull_request === undefined ? 'this commit' : 'this pull request' },
    again: change.again === null ? null : withCheckout(change.again, commit, inputs),
  });
}

function withCheckout(again: string, commit: string, { 'working-directory': within, install: line }: Inputs): string {
  const below = within === '.' ? '' : within.replace(/^\.\//, '').replace(/\/$/, '');
  const base = quoted(below === '' ? '../base' : `../base/${below}`);
  const installed = line === '' ? '' : ` && (cd ${base} && ${line})`;
  const sides = below === '' ? 'ab ../base .' : `ab ${base} ${quoted(below)}`;
  return `git worktree add ../base ${short(commit)}${installed}\n${again.replace('ab ../base .', sides)}`;
}

interface Ran {
  readonly code: number;
  readonly out: string;
  /** The last lines of both streams. */
  readonly lines: readonly string[];
}

const LAST_LINES = 20;

/** Runs to its end; what it writes on stderr is in the log at once. Our inputs are nobody's business. */
function run(file: string, args: readonly string[], cwd: string): Promise<Ran> {
  const { INPUTS: _, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, all] = ['', ''];
    child.stdout.on('data', (data) => {
      out += data;
      all += data;
    });
    child.stderr.on('data', (data) => {
      all += data;
      process.stderr.write(data);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code: code ?? EXIT.interrupted, out, lines: all.trimEnd().split('\n').slice(-LAST_LINES) });
    });
  });
}
