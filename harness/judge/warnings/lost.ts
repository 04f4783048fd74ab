/** What could not be measured, and the command that shows why. */
import { modelLabel, partsOf } from '../../plan/schedule/runtimes.ts';
import { scenarioOfPoint } from '../../plan/series/points.ts';
import type { Manifest } from '../../store/schema.ts';
import type { RateCell } from '../schema/rate.ts';
import type { CellSummary, ScenarioSummary, Warning } from '../schema/summary.ts';
import { list } from '../words.ts';

/** A model that cannot run at all has the same reason in every scenario, and is told of once. */
export function unable(scenarios: readonly ScenarioSummary[], manifest: Manifest): Warning[] {
  const found = scenarios.flatMap(({ id, cells }) =>
    cells.flatMap(({ model, unable: isUnable, givenUp }) =>
      isUnable && givenUp !== null ? [{ scenario: id, model, why: givenUp.message }] : [],
    ),
  );
  const isFirst = (one: (typeof found)[number], i: number): boolean =>
    found.findIndex(({ model, why }) => model === one.model && why === one.why) === i;
  return found.filter(isFirst).map(({ model, scenario, why }) => {
    const same = found.filter((one) => one.model === model && one.why === why).map((one) => one.scenario);
    return {
      code: 'unable',
      message: `${modelLabel(model)} cannot run ${list([...new Set(same)])}: ${why}`,
      nextStep: `the others were measured without it; ${serveLine(model, scenario, manifest)} shows the error again`,
    };
  });
}

/** A cell whose trials kept failing. */
export function lost(cell: CellSummary | RateCell, scenario: string, manifest: Manifest): Warning[] {
  const { id, givenUp, trialsOk } = cell;
  if (givenUp === null) return [];
  if ('unable' in cell && cell.unable) return [];
  const valid =
    trialsOk === 0 ? '' : `; its ${trialsOk} valid trial${trialsOk === 1 ? ' is' : 's are'} not shown as a result`;
  return [
    {
      code: 'given-up',
      message: `${id} kept failing and was given up: ${givenUp.message}${valid}`,
      nextStep: `try ${cell.style === 'external' ? 'it by hand' : serveLine(cell.model, scenario, manifest)}; --retries says how often a failed trial is tried again`,
    },
  ];
}

/** The command that starts the server of a model as its trials do. */
function serveLine(cellModel: string, point: string, manifest: Manifest): string {
  const { scenarios, ownModels, cells } = manifest;
  const scenario = scenarioOfPoint(point, manifest);
  const workers = cells.find((one) => one.scenario === point && one.model === cellModel)?.workers;
  const count = scenario === point || workers == null ? '' : ` -w ${workers}`;
  const { model } = partsOf(cellModel);
  const name = ownModels.find((own) => own.name === model)?.path ?? model;
  const plan = scenarios.find(({ id }) => id === point);
  switch (plan?.source.kind) {
    case 'service':
      return `fourways serve ${name} --app ${plan.source.file?.path ?? scenario}${count}`;
    case 'file':
      return `fourways serve ${name} ${scenario.replace(plan.name, plan.source.path)}${count}`;
    default:
      return `fourways serve ${name} ${scenario}${count}`;
  }
}
