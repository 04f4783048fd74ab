/** The telling step: annotations, job summary, the comment, and the exit code. */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changeGithub, workflowCommand } from '../../reports/change/github.ts';
import { changeMarkdown, codeBlock } from '../../reports/change/markdown.ts';
import { bullets, folded } from '../../reports/tables/markdown.ts';
import { markdown } from '../../reports/words/escape.ts';
import type { Io } from '../command-line/command.ts';
import { putComment } from './github.ts';
import type { Inputs, Job } from './inputs.ts';
import { RESULT_FILE, type Result, resultSchema } from './result.ts';

/** Returns the exit code, which a comment that may not be written does not change. */
export async function tell(
  job: Job,
  inputs: Inputs,
  env: NodeJS.ProcessEnv,
  { out }: Pick<Io, 'out'>,
): Promise<number> {
  const file = join(env['REPORT'] ?? join(job.folder, 'report'), RESULT_FILE);
  const result = resultSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const text = `${bodyOf(result)}\n${footer(job, env['ARTIFACT_URL'] ?? '')}\n`;
  out.write(annotations(result));
  if (env['GITHUB_STEP_SUMMARY'] !== undefined) appendFileSync(env['GITHUB_STEP_SUMMARY'], text);
  const refused = await comment(job, inputs, env['TOKEN'] ?? '', text);
  if (refused !== null) out.write(`${workflowCommand('notice', 'fourways', refused)}\n`);
  return result.exitCode;
}

function annotations(result: Result): string {
  switch (result.kind) {
    case 'compared':
      return changeGithub(result.change, { strict: result.exitCode !== 0 });
    case 'baseline':
      return `${workflowCommand('notice', 'fourways', baselineLine(result))}\n`;
    case 'failed':
      return `${workflowCommand('error', 'fourways', `${result.what}: ${result.lines.at(-1) ?? ''}`)}\n`;
    default:
      return result satisfies never;
  }
}

function bodyOf(result: Result): string {
  switch (result.kind) {
    case 'compared':
      return [changeMarkdown(result.change), ...(result.notes.length === 0 ? [] : [`${bullets(result.notes)}\n`])].join(
        '\n',
      );
    case 'baseline':
      return `### ${markdown(`✓ ${baselineLine(result)}`)}\n\n${folded('What was measured', result.summary)}\n`;
    case 'failed':
      return `### ${markdown(`✗ ${result.what}`)}\n\n${codeBlock(result.lines.join('\n'))}\n`;
    default:
      return result satisfies never;
  }
}

function baselineLine({ why }: Extract<Result, { kind: 'baseline' }>): string {
  return `nothing to compare with yet: ${why}; head was measured, and its run is uploaded`;
}

/** Addresses of GitHub's own, which need no escaping. */
function footer({ runUrl }: Job, artifactUrl: string): string {
  const report = artifactUrl === '' ? [] : [`[report, with the chart](${artifactUrl})`];
  return `<sub>${[...report, `[run](${runUrl})`].join(' · ')}</sub>`;
}

/** GitHub takes no longer comment. */
const MOST_CHARACTERS = 65_000;

/** Why there is no comment although there should be one; null where all is well. */
async function comment(
  job: Job,
  { comment: wanted, name }: Inputs,
  token: string,
  text: string,
): Promise<string | null> {
  const number = job.event.pull_request?.number;
  if (wanted === 'false' || number === undefined) return null;
  // Two hyphens and a bracket would end it.
  const marker = `<!-- fourways gate: ${encodeURIComponent(name)} -->`;
  const body = text.length <= MOST_CHARACTERS ? text : cutOff(text);
  const { apiUrl, repository } = job;
  const done = await putComment({ apiUrl, repository, number, token }, marker, body);
  if (done.kind !== 'refused') return null;
  const way = 'the job needs permissions: pull-requests: write, which pull requests from forks do not get; ';
  return `no comment on the pull request (${done.why}): ${done.isForbidden ? way : ''}the result is in the job summary`;
}

function cutOff(text: string): string {
  const kept = text.slice(0, MOST_CHARACTERS);
  return `${kept.slice(0, kept.lastIndexOf('\n'))}\n\nThe rest is in the job summary.\n`;
}
