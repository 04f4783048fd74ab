/** Is what faults cost measured as it is? Findings from trials of servers that go wrong for a known time. Pure. */
import { countText, timeText } from '../../judge/faults/words.ts';
import { type Faulted, faultedOf, type Figures, figuresOf } from '../../judge/faults/figures.ts';
import type { FaultTrial } from '../../store/schema.ts';
import { type Finding, judged } from '../finding.ts';
import { DISTURBED } from './findings.ts';
import {
  AWAY_MS,
  DROP_EVERY,
  OUTAGE_EACH_MS,
  OUTAGE_PER_SEC,
  OUTAGE_TOLERANCE_MS,
  type OutageName,
  SLOW_BY_MS,
  SLOW_FOR_MS,
} from './known.ts';

/** All trials of each server. */
export type OutageTrials = Readonly<Record<OutageName, readonly FaultTrial[]>>;

export function outageFindings(trials: OutageTrials): readonly Finding[] {
  const away = `away for ${AWAY_MS} ms`;
  const slow = `${SLOW_BY_MS} ms later for ${SLOW_FOR_MS} ms`;
  const [awayRequests, slowRequests] = [AWAY_MS, SLOW_FOR_MS].map((ms) => (OUTAGE_PER_SEC * ms) / 1000);
  return [
    countFinding(`${away}, lost`, trials.away, awayRequests ?? 0, ({ lost }) => lost),
    timeFinding(`${away}, outage`, trials.away, AWAY_MS, ({ outageMs }) => outageMs.median),
    timeFinding(`${away}, recovery`, trials.away, AWAY_MS, recovery),
    countFinding(
      `drops every ${DROP_EVERY}th request, lost`,
      trials.dropping,
      (OUTAGE_PER_SEC * OUTAGE_EACH_MS) / 1000 / DROP_EVERY,
      ({ lost }) => lost,
    ),
    countFinding(`${slow}, late`, trials.slow, slowRequests ?? 0, ({ late }) => late),
    timeFinding(`${slow}, recovery`, trials.slow, SLOW_FOR_MS, recovery),
  ];
}

function recovery({ recoveryMs }: Figures): number | null {
  return recoveryMs?.point ?? null;
}

/** The truth is to be in the interval of the figure. */
function countFinding(
  name: string,
  trials: readonly FaultTrial[],
  truth: number,
  of: (figures: Figures) => Figures['lost'],
): Finding {
  const read = readOf(trials);
  if (typeof read === 'string') return judged(name, 'unfit', read, DISTURBED, countText(truth));
  const { point, low, high } = of(read);
  const level = low <= truth && truth <= high ? 'ok' : 'unfit';
  const value = `${countText(point)} (${countText(low)}–${countText(high)})`;
  return judged(name, level, value, DISTURBED, countText(truth));
}

function timeFinding(
  name: string,
  trials: readonly FaultTrial[],
  truthMs: number,
  of: (figures: Figures) => number | null,
): Finding {
  const read = readOf(trials);
  const truth = timeText(truthMs);
  if (typeof read === 'string') return judged(name, 'unfit', read, DISTURBED, truth);
  const ms = of(read);
  if (ms === null) return judged(name, 'unfit', 'not over at the end', DISTURBED, truth);
  const level = Math.abs(ms - truthMs) <= OUTAGE_TOLERANCE_MS ? 'ok' : 'unfit';
  return judged(name, level, `${Math.round(ms)} ms`, DISTURBED, truth);
}

/** The figures, or why there are none. */
function readOf(trials: readonly FaultTrial[]): Figures | string {
  const failed = trials.flatMap(({ outcome }) => (outcome.status === 'failed' ? [outcome.reason.kind] : []))[0];
  if (failed !== undefined) return `failed: ${failed}`;
  const read: Faulted = faultedOf(trials.flatMap(({ outcome }) => (outcome.status === 'ok' ? [outcome.record] : [])));
  return figuresOf(read) ?? 'not measured';
}
