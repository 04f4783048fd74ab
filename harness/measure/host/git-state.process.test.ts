import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { gitState } from './git-state.ts';

let folder = '';

/** Settings of the machine, such as signed commits or hooks, must not decide whether these tests pass. */
function git(...command: readonly string[]): string {
  const author = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false'];
  const { status, stdout } = spawnSync('git', [...author, ...command], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${command.join(' ')} failed`);
  return stdout.trim();
}

function commitFile(): string {
  git('init', '-q');
  writeFileSync(join(folder, 'code.js'), '1;\n');
  git('add', 'code.js');
  git('commit', '-q', '--no-verify', '-m', 'code');
  return git('rev-parse', 'HEAD');
}

beforeEach(() => {
  // A git hook that runs the tests names its own repository here, and the commits below would land in it.
  for (const name of Object.keys(process.env)) if (name.startsWith('GIT_')) vi.stubEnv(name, undefined);
  folder = mkdtempSync(join(tmpdir(), 'fourways-git-'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test('a clean folder has its commit, and new files leave it clean', () => {
  const commit = commitFile();
  writeFileSync(join(folder, 'run.jsonl'), '{}\n');
  expect(gitState(folder)).toEqual({ commit, dirty: false });
});

test('a changed file makes it dirty, also seen from a folder below', () => {
  const commit = commitFile();
  writeFileSync(join(folder, 'code.js'), '2;\n');
  mkdirSync(join(folder, 'below'));
  expect(gitState(join(folder, 'below'))).toEqual({ commit, dirty: true });
});

test('a file that was added to the index makes it dirty', () => {
  const commit = commitFile();
  writeFileSync(join(folder, 'more.js'), '');
  git('add', 'more.js');
  expect(gitState(folder)).toEqual({ commit, dirty: true });
});

test('there is no state outside a repository, before the first commit, or in a folder that is gone', () => {
  expect(gitState(folder)).toBeNull();
  git('init', '-q');
  expect(gitState(folder)).toBeNull();
  expect(gitState(join(folder, 'gone'))).toBeNull();
});

test('there is no state without git', () => {
  commitFile();
  vi.stubEnv('PATH', folder);
  expect(gitState(folder)).toBeNull();
});
