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
import { FOLDER, imageOf, readClaims, readOutcomes, runOf } from './outcomes.ts';
import { claimsPage, withOutcome } from './page.ts';

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
  expect(withOutcome(page, claim, outcome)).toBe(page);
  const [first] = outcome?.repetitions ?? [];
  if (first === undefined) return;
  const { verdict, point } = decide(claim, summarise(readRun(runOf(claim.name), { salvage: false })));
  expect(verdict).toBe(first.verdict);
  if (point !== null) expect(point).toBeCloseTo(first.point ?? 0, 6);
  expect(existsSync(imageOf(claim.name))).toBe(true);
});

test('the table of all claims is what they came to; npm run claims writes it', () => {
  expect(readFileSync(join(FOLDER, 'README.md'), 'utf8')).toBe(claimsPage(claims, outcomes));
});

test('a verdict replaces the one that stood there, and leaves the words alone', () => {
  const [claim] = claims;
  if (claim === undefined) throw new Error('there is no claim');
  const own = '# A title\n\nProse.\n';
  const finding = { verdict: 'refuted', point: 2.41, low: 2.3, high: 2.52, why: null } as const;
  const first = { ...finding, startedAt: '2026-01-15T09:30:00.000Z', node: '20.20.0', cpuModel: 'a CPU', cpus: 2 };
  const before = withOutcome(own, claim, undefined);
  const after = withOutcome(before, claim, { asked: '', repetitions: [first, first] });
  expect(before).toContain('## Not measured yet');
  expect(after).not.toContain('Not measured yet');
  expect(after.startsWith(own)).toBe(true);
  expect(after).toContain('## Verdict: refuted');
  expect(after).toContain(
    'Found: 2.41 (2.30–2.52). The same in 2 of 2 repetitions. On 2 CPUs (a CPU), Node.js 20.20.0, 2026-01-15.',
  );
  expect(claimsPage([claim], { [claim.name]: { asked: '', repetitions: [first] } })).toContain(
    '| **refuted** | 2.41 (2.30–2.52) | 1 of 1 |',
  );
});
