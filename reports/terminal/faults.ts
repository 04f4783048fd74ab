/** What faults did, on a terminal: for each a table of its models, and what it says. */
import type { ScenarioSummary } from '../../harness/judge/schema/summary.ts';
import { faultsOfRuns, faultTable, faultTitle } from '../tables/faults.ts';
import type { Several } from '../words/runs.ts';
import { paragraph } from '../words/wrap.ts';
import { type Colours, textTable } from './text-table.ts';

/** Where what clients saw is broken into lines, in columns of the terminal. */
const SEEN_WIDTH = 20;

/** None where there were no faults. */
export function faultBlocks(scenario: Several<ScenarioSummary>, width: number, c: Colours): string[] {
  return faultsOfRuns(scenario).map(({ label, of, fault }) => {
    const title = `${label === null ? '' : `${label}: `}${faultTitle(fault, of)}`;
    return [
      ...paragraph(title, width).split('\n').map(c.bold),
      textTable(faultTable(fault, of, { stacked: true, seenWidth: SEEN_WIDTH }), width, c),
      paragraph(fault.sentence, width),
    ].join('\n');
  });
}
