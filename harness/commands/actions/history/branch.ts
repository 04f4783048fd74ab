import { gitBranch } from '../../../measure/host/git-state.ts';

/**
 * The branch of this checkout: as CI names it, where there is none, and a request to merge a branch as `pull/<branch>`, because a fork
 * may call its branch main (GitHub Actions, GitLab, Jenkins); else as git does. Null where nobody tells.
 */
export function branchHere(env: Readonly<Record<string, string | undefined>>): string | null {
  const { GITHUB_HEAD_REF, GITHUB_REF_NAME, GITHUB_REF_TYPE, CI_COMMIT_REF_NAME, BRANCH_NAME } = env;
  const pull = [GITHUB_HEAD_REF, env['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME']].find((name = '') => name !== '');
  if (pull !== undefined) return `pull/${pull}`;
  const pushed = GITHUB_REF_TYPE === 'tag' ? undefined : GITHUB_REF_NAME;
  return [pushed, CI_COMMIT_REF_NAME, BRANCH_NAME].find((name = '') => name !== '') ?? gitBranch();
}
