/** The version to compare with: which commit it is, and a working tree of it. */
import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, type Inputs, type Job } from './inputs.ts';

export type Base =
  | {
      readonly kind: 'found';
      readonly commit: string;
      /** Of its working tree. */
      readonly folder: string;
      /** What a reader must know of how it was found. */
      readonly notes: readonly string[];
    }
  /** There is nothing to compare with yet. */
  | { readonly kind: 'none'; readonly why: string }
  /** There ought to be, and it cannot be had: a gate must not pass then. */
  | { readonly kind: 'failed'; readonly why: string };

/** Finds and checks out the base; none on a first run, or where it lacks what is measured. */
export async function checkOutBase(job: Job, inputs: Inputs): Promise<Base> {
  const git = gitIn(job.workspace);
  const found = await baseCommit(git, job, inputs);
  if ('why' in found) return found;
  if (found.commit === (await git('rev-parse', 'HEAD'))) {
    const why = `base and head are the same commit, ${short(found.commit)}; check out the head of the pull request, or name another base`;
    return { kind: 'failed', why };
  }
  const folder = join(job.folder, 'base');
  rmSync(folder, { recursive: true, force: true });
  await git('worktree', 'prune');
  const added = await git('worktree', 'add', '--detach', folder, found.commit);
  if (added === null) return { kind: 'failed', why: `${short(found.commit)} cannot be checked out: ${git.error()}` };
  const missing = filesOf(inputs).find((file) => !existsSync(join(folder, inputs['working-directory'], file)));
  if (missing !== undefined) return { kind: 'none', why: `base (${short(found.commit)}) has no ${missing}` };
  return { kind: 'found', commit: found.commit, folder, notes: found.notes };
}

export function short(commit: string): string {
  return commit.slice(0, 10);
}

type Found = { readonly commit: string; readonly notes: readonly string[] } | Exclude<Base, { kind: 'found' }>;

/**
 * What head was made from. A merge of a pull request names it; else it is the commit at which head branched off, so that nobody is
 * blamed for what others changed on the base since then.
 */
async function baseCommit(git: Git, { event }: Job, inputs: Inputs): Promise<Found> {
  const pull = event.pull_request;
  const parents = await parentsOfHead(git);
  const merged = pull !== undefined && parents.length === 2 && parents[1] === pull.head.sha ? parents[0] : undefined;
  const before = event.merge_group?.base_sha ?? event.before;
  const exact = merged ?? (pull === undefined && before !== undefined && !/^0+$/.test(before) ? before : undefined);
  if (inputs.base === '' && exact !== undefined) {
    const commit = await fetched(git, exact);
    return commit === null ? unfetched(short(exact), git) : { commit, notes: [] };
  }
  const ref = inputs.base === '' ? pull?.base.sha : inputs.base;
  if (ref === undefined) return { kind: 'none', why: 'this event has no base, and the input base is empty' };
  const tip = await fetched(git, ref);
  return tip === null ? unfetched(ref, git) : branchedOff(git, tip);
}

function unfetched(ref: string, git: Git): Found {
  return { kind: 'failed', why: `base ${ref} cannot be fetched: ${git.error()}` };
}

/** Also those that a shallow clone does not have. */
async function parentsOfHead(git: Git): Promise<readonly string[]> {
  const commit = (await git('cat-file', 'commit', 'HEAD')) ?? '';
  const [head = ''] = commit.split('\n\n');
  return [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, parent = '']) => parent);
}

/** The commit of a name, from the remote where it is not here; null where there is none. */
async function fetched(git: Git, ref: string): Promise<string | null> {
  const here = (name: string) => git('rev-parse', '--verify', '--quiet', `${name}^{commit}`);
  if (/^[0-9a-f]{40,64}$/.test(ref) && (await here(ref)) !== null) return ref;
  const depth = (await isShallow(git)) ? ['--depth=1'] : [];
  // A branch may have moved since the checkout.
  if ((await git('fetch', '--no-tags', '--quiet', ...depth, 'origin', ref)) !== null) return here('FETCH_HEAD');
  return (await here(`refs/remotes/origin/${ref}`)) ?? (await here(ref));
}

/** So many commits more, each time; then all of them. */
const DEEPENINGS = ['--deepen=50', '--deepen=500', '--unshallow'] as const;

async function branchedOff(git: Git, tip: string): Promise<Found> {
  const head = (await git('rev-parse', 'HEAD')) ?? 'HEAD';
  let base = await git('merge-base', tip, head);
  for (const deepening of DEEPENINGS) {
    if (base !== null || !(await isShallow(git))) break;
    if ((await git('fetch', '--no-tags', '--quiet', deepening, 'origin', tip, head)) === null) break;
    base = await git('merge-base', tip, head);
  }
  if (base !== null) return { commit: base, notes: [] };
  if (!(await isShallow(git))) return { kind: 'none', why: `base ${short(tip)} and head have no commit in common` };
  const why = `the clone is shallow and could not be deepened (${git.error()})`;
  return {
    commit: tip,
    notes: [
      `${why}: head is compared with the tip of base; check out with fetch-depth: 0 to compare with where it branched off`,
    ],
  };
}

async function isShallow(git: Git): Promise<boolean> {
  return (await git('rev-parse', '--is-shallow-repository')) === 'true';
}

/** Runs git: what it printed, or null where it failed. */
interface Git {
  (...args: readonly string[]): Promise<string | null>;
  /** The last line of the last failure. */
  readonly error: () => string;
}

function gitIn(cwd: string): Git {
  let last = '';
  const run = (...args: readonly string[]): Promise<string | null> =>
    new Promise((resolve) => {
      const env = { ...process.env, GIT_TERMINAL_PROMPT: '0' };
      execFile('git', [...args], { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
        // What says nothing keeps the reason of what failed before it.
        if (error !== null && stderr.trim() !== '') last = stderr.trim().split('\n').at(-1) ?? error.message;
        resolve(error === null ? stdout.trim() : null);
      });
    });
  return Object.assign(run, { error: () => last });
}
