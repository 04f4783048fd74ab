/** What `docs/claims` says is what its run files say. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isNewEnough } from '../../harness/claims/claim.ts';
import { decide } from '../../harness/claims/decide.ts';
import { run } from '../../harness/fixtures/command.ts';
import { fakeMeasuring } from '../../harness/fixtures/fake-measuring.ts';
import { temporaryFolder } from '../../harness/fixtures/temporary-folder.ts';
import { summarise } from '../../harness/judge/summary.ts';
import { readRun } from '../../harness/store/read-run.ts';
import {
  elsewhere,
  FOLDER,
  imageOf,
  README,
  type Repetition,
  readClaims,
  readNotDecidable,
  readOutcomes,
  runOf,
} from './outcomes.ts';
import { ASKED_IN_README, claimsPage, withOutcome, withSummary } from './page.ts';

const claims = readClaims();
const outcomes = readOutcomes(claims);

test('ten claims at least, each about a scenario that its command measures', () => {
  expect(claims.length).toBeGreaterThanOrEqual(10);
  for (const { command, decidedBy } of claims) {
    expect(command[1]?.split(':')[0]).toBe(decidedBy.scenario);
    expect(command[3]?.split(',')).toContain(decidedBy.model);
  }
});

/** Thrown where a machine would begin to measure: the command is valid. */
class Measured extends Error {}
const machine = {
  measuring: () =>
    fakeMeasuring(() => {
      throw new Measured();
    }),
};

test.each(claims.filter(({ needsNode }) => isNewEnough(process.versions.node, needsNode)))(
  '$name: its command is one of fourways run',
  async ({ command }) => {
    const words = ['run', ...command, '--config', 'none', '--out', join(temporaryFolder(), 'run')];
    await expect(run(words, machine)).rejects.toThrow(Measured);
  },
);

test.each(claims)('$name: verdict and page follow from the run that is kept', (claim) => {
  const outcome = outcomes[claim.name];
  const page = readFileSync(join(FOLDER, `${claim.name}.md`), 'utf8');
  expect(withOutcome(page, claim, outcome, existsSync(imageOf(claim.name)))).toBe(page);
  const [first] = outcome?.repetitions ?? [];
  if (first === undefined) return;
  const { verdict, point } = decide(claim, summarise(readRun(runOf(claim.name), { salvage: false })));
  expect(verdict).toBe(first.verdict);
  if (point !== null) expect(point).toBeCloseTo(first.point ?? 0, 6);
});

test('the table of all claims and the README are what they came to; npm run claims writes them', () => {
  expect(readFileSync(join(FOLDER, 'README.md'), 'utf8')).toBe(claimsPage(claims, outcomes, readNotDecidable()));
  const readme = readFileSync(README, 'utf8');
  expect(withSummary(readme, claims, outcomes)).toBe(readme);
});

const found: Repetition = {
  ...{ verdict: 'refuted', point: 2.41, low: 2.3, high: 2.52, why: null },
  ...{ startedAt: '2026-01-15T09:30:00.000Z', node: '20.20.0', cpuModel: 'a CPU', cpus: 2 },
};

test('a verdict replaces the one that stood there, and leaves the words alone', () => {
  const [claim] = claims;
  if (claim === undefined) throw new Error('there is no claim');
  const own = '# A title\n\nProse.\n';
  const before = withOutcome(own, claim, undefined, false);
  const after = withOutcome(before, claim, { asked: '', repetitions: [found, found] }, true);
  expect(before).toContain('## Not measured yet');
  expect(after).not.toContain('Not measured yet');
  expect(after.startsWith(own)).toBe(true);
  expect(after).toContain('## Verdict: refuted');
  expect(after).toContain(
    'Found: 2.41 (2.30–2.52). The same in 2 of 2 repetitions. On 2 CPUs (a CPU), Node.js 20.20.0, 2026-01-15.',
  );
  expect(after).toContain(`](images/${claim.name}.svg)`);
  expect(withOutcome(after, claim, { asked: '', repetitions: [found] }, false)).not.toContain('.svg');
  expect(claimsPage([claim], { [claim.name]: { asked: '', repetitions: [found] } }, [])).toContain(
    '| **refuted** | 2.41 (2.30–2.52) | 1 of 1 |',
  );
});

test('the README says how many claims came to what, and the verdicts of those that it asks about', () => {
  const asked = claims.filter(({ name }) => ASKED_IN_README.includes(name));
  expect(asked).toHaveLength(ASKED_IN_README.length);
  const [first, second, third] = asked;
  if (first === undefined || second === undefined || third === undefined) throw new Error('too few claims');
  const empty = withSummary(readFileSync(README, 'utf8'), asked, {});
  expect(empty).toContain('None of 3 claims has been measured yet.');
  const undecided: Repetition = { ...found, verdict: 'undecided' };
  const measured = withSummary(empty, asked, {
    [first.name]: { asked: '', repetitions: [found] },
    [second.name]: { asked: '', repetitions: [undecided] },
  });
  expect(measured).not.toContain('None of');
  expect(measured).toContain('Of 3 claims: 1 refuted, 1 not decidable on this machine, 1 not measured yet.');
  expect(measured).toContain(
    `- [${first.title}](docs/claims/${first.name}.md): **refuted**, the CPU time per request of cluster as a multiple of that of single is 2.41 (2.30–2.52)`,
  );
  expect(measured).not.toContain(`](docs/claims/${third.name}.md)`);
  expect(withSummary(measured, asked, {})).toBe(empty);
  expect(() => withSummary('# fourways', asked, {})).toThrow('README.md: ');
});

test.each<[string, number, Parameters<typeof elsewhere>[2], Repetition | null]>([
  ['the same machine', 2, found, null],
  ['another Node.js', 2, { ...found, node: '24.0.0' }, found],
  ['another CPU', 2, { ...found, cpuModel: 'another CPU' }, found],
  ['another Node.js, but nothing to add', 1, { ...found, node: '24.0.0' }, null],
])('repetitions of %s, %d wanted: which one was made elsewhere', (_, repeat, here, expected) => {
  expect(elsewhere([found], repeat, here)).toBe(expected);
});
