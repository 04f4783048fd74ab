/** Measures a side against itself, in turn and as a duet, until the time for each way is spent. */
import type { Measuring } from '../../measure/measuring.ts';
import type { PreparedAb, PreparedSide } from '../../measure/pairs/prepare.ts';
import { AbRecord, measureAb } from '../../measure/pairs/run.ts';
import type { RunListener } from '../../measure/run.ts';
import { SIDES } from '../../plan/schedule/pairs.ts';
import { pairsSpentMs } from '../../plan/schedule/pairs-due.ts';
import { givenUp } from '../../plan/schedule/remaining.ts';
import { FEWEST_TRIALS } from '../../stats/estimate.ts';
import type { Manifest } from '../../store/schema.ts';
import { type AaRuns, WAYS, type Way } from './resolution.ts';

interface Course {
  readonly way: Way;
  readonly prepared: PreparedAb;
  readonly record: AbRecord;
  rounds: number;
}

const SILENT: RunListener = {
  ...{ preparing: () => {}, told: () => {}, planned: () => {}, looked: () => {} },
  ...{ trialBegins: () => {}, trialEnded: () => {} },
};

/**
 * Measures round by round, each time in the way that has had less time, so that both see the machine at the same moments.
 * The number of rounds depends on time alone and never on the results. `begins` is called for each round, counted from 1, with
 * the time left in milliseconds. Throws on an abort, when no trial is left running.
 */
export async function measureEquals(
  measuring: Measuring,
  prepared: PreparedAb,
  forMs: number,
  begins: (way: Way, nth: number, leftMs: number) => void,
  signal: AbortSignal,
): Promise<readonly AaRuns[]> {
  const eachMs = forMs / WAYS.length;
  const courses = WAYS.map((way): Course => {
    const own = preparedFor(prepared, way, {});
    return { way, prepared: own, record: new AbRecord(own, () => {}), rounds: 0 };
  });
  for (let course = dueCourse(courses, eachMs); course !== undefined; course = dueCourse(courses, eachMs)) {
    course.rounds++;
    const leftMs = courses.reduce((sum, one) => sum + Math.max(0, eachMs - spentMs(one)), 0);
    begins(course.way, course.rounds, leftMs);
    // Rounds that were recorded are not due again, so only the last of these is measured.
    const fixed = preparedFor(course.prepared, course.way, { budgetMs: null, rounds: course.rounds });
    await measureAb(measuring, fixed, course.record, 0, SILENT, signal);
  }
  return courses.map(({ way, record }) => ({ way, runs: record.runs }));
}

function dueCourse(courses: readonly Course[], eachMs: number): Course | undefined {
  return courses
    .filter((course) => !isLost(course))
    .filter((course) => {
      if (course.rounds < FEWEST_TRIALS) return true;
      return spentMs(course) * (1 + 1 / course.rounds) <= eachMs;
    })
    .toSorted((a, b) => spentMs(a) - spentMs(b))[0];
}

function spentMs({ record, way }: Course): number {
  return pairsSpentMs(record.trials, () => way === 'duet');
}

function isLost({ record, prepared }: Course): boolean {
  const { cells, retries } = prepared.base.manifest;
  return cells.some(({ id }) => SIDES.some((side) => givenUp(id, record.trials[side], retries) !== null));
}

function preparedFor(prepared: PreparedAb, way: Way, changes: Partial<Manifest>): PreparedAb {
  const ofSide = (side: PreparedSide): PreparedSide => {
    const { ab } = side.manifest;
    const manifest = { ...side.manifest, ab: ab === null ? null : { ...ab, duet: way === 'duet' }, ...changes };
    return { ...side, manifest };
  };
  return { ...prepared, base: ofSide(prepared.base), head: ofSide(prepared.head) };
}
