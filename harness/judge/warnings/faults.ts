/** What a reader must know before believing what is said of faults. */
import { faultText } from '../../plan/faults.ts';
import { modelLabel } from '../../plan/schedule/runtimes.ts';
import { FEWEST_TRIALS } from '../../stats/estimate.ts';
import type { Run } from '../../store/schema.ts';
import { type FaultCell, faultCells, recordsOf } from '../faults/summary.ts';
import { type FaultsOfTrial, faultsOf } from '../faults/trial.ts';
import type { ScenarioSummary, Warning } from '../schema/summary.ts';
import { list, msText } from '../words.ts';

/** A generator that was late by more has itself lost what is told of a server. */
const MOST_DELAY_MS = 50;

export function faultWarnings(
  scenarios: readonly ScenarioSummary[],
  run: Pick<Run, 'additions' | 'faulted'>,
): Warning[] {
  return scenarios.flatMap((scenario) => [
    ...unable(scenario),
    ...few(scenario),
    ...lostBefore(scenario.id, run),
    ...late(scenario.id, run),
  ]);
}

function unable({ id, faults = [] }: ScenarioSummary): Warning[] {
  return faults.flatMap(({ fault, models }) =>
    models.flatMap(({ model, unable: why }): Warning[] =>
      why === null
        ? []
        : [
            {
              code: 'unable',
              message: `${id}: ${modelLabel(model)} has no figures for ${faultText(fault)}: ${why}`,
              nextStep: 'the others were measured without it; fourways list says which faults there are',
            },
          ],
    ),
  );
}

function few({ id, faults = [] }: ScenarioSummary): Warning[] {
  const cells = faults.flatMap((summary) =>
    summary.models.flatMap((model) => (model.figures !== null && model.trials < FEWEST_TRIALS ? [model.cell] : [])),
  );
  if (cells.length === 0) return [];
  return [
    {
      code: 'few-samples',
      message: `${id}: fewer than ${FEWEST_TRIALS} valid trials with faults of ${list(cells)}, so no model is shown to lose more than another`,
      nextStep: `give --rounds ${FEWEST_TRIALS} or more`,
    },
  ];
}

function lostBefore(id: string, run: Pick<Run, 'additions' | 'faulted'>): Warning[] {
  const found = faultCells(run, id).flatMap((cell) => {
    const before = trialsOf(cell, run).map((one) => one.before);
    const lost = before.reduce((sum, one) => sum + one.lost, 0);
    return lost === 0 ? [] : [{ cell, lost, due: before.reduce((sum, one) => sum + one.due, 0) }];
  });
  if (found.length === 0) return [];
  const texts = found.map(({ cell, lost, due }) => `${lost} of ${due.toLocaleString('en-US')} (${cell.id})`);
  return [
    {
      code: 'lost-before',
      message: `${id}: requests were lost before there was any fault: ${list(texts)}; the same share of those after it is subtracted`,
      nextStep: 'give a lower --rate, or find out why the server fails without a fault',
    },
  ];
}

function late(id: string, run: Pick<Run, 'additions' | 'faulted'>): Warning[] {
  const found = faultCells(run, id).flatMap((cell) => {
    const ms = Math.max(0, ...trialRecords(cell, run).map(({ sendDelayMs }) => sendDelayMs));
    return ms > MOST_DELAY_MS ? [{ cell, ms }] : [];
  });
  if (found.length === 0) return [];
  const most = Math.max(...found.map(({ ms }) => ms));
  return [
    {
      code: 'late-generator',
      message: `${id}: the generator sent up to ${msText(most)} late while there were faults, so an outage or a recovery may be longer by that than the server's own: ${list(found.map(({ cell }) => cell.id))}`,
      nextStep:
        'give the generator a CPU of its own (--isolate 1), or a lower --rate; fourways doctor shows what disturbs this machine',
    },
  ];
}

function trialRecords({ id }: FaultCell, { faulted = [] }: Pick<Run, 'faulted'>) {
  return recordsOf(faulted.filter(({ cell }) => cell === id));
}

function trialsOf(cell: FaultCell, run: Pick<Run, 'faulted'>): readonly FaultsOfTrial[] {
  return trialRecords(cell, run).map(faultsOf);
}
