/** Is a ranking of this tool ever against that of wrk, and is the implied capacity what wrk then finds? */
import { setTimeout } from 'node:timers/promises';
import Table from 'cli-table3';
import { scenarios } from '../../scenarios/index.ts';
import { defaultModels } from '../../servers/index.ts';
import type { Summary } from '../judge/schema/summary.ts';
import { summarise } from '../judge/summary.ts';
import { cpusToPlace } from '../measure/host/facts.ts';
import { measureHere } from '../measure/measuring.ts';
import { prepare } from '../measure/prepare.ts';
import type { ProcessRegistry } from '../measure/processes/registry.ts';
import { measureAll, type Prepared } from '../measure/run.ts';
import { loadScenario } from '../measure/scenario/load.ts';
import { moduleOpener } from '../measure/scenario/module.ts';
import { setUp } from '../measure/scenario/set-up.ts';
import { BUILT_IN, serverContext, startServer } from '../measure/server/launch.ts';
import type { RunningServer } from '../measure/server/running.ts';
import { answeredBy } from '../measure/trial/trial.ts';
import { resolveOptions } from '../plan/options/run.ts';
import type { AnyTrial } from '../plan/schedule/remaining.ts';
import { schedule } from '../plan/schedule/visits.ts';
import { median } from '../stats/spread.ts';
import type { Addition, Cell, Recalibration, Trial } from '../store/schema.ts';
import { type Claim, within } from './claim.ts';
import { hasWrk, loadedByWrk } from './wrk.ts';

const SEED = 1;
const ROUNDS = 3;
const WARM_UP_SEC = 2;
const MEASURE_SEC = 2;
const { signal } = new AbortController();

export async function ranking(registry: ProcessRegistry): Promise<readonly Claim[]> {
  if (!(await hasWrk())) {
    process.stderr.write('ranking: wrk is not installed, so there is nothing to compare with\n');
    return [];
  }
  const names = await scenariosOfOneClass(registry);
  const options = resolveOptions(
    { scenario: names, rounds: ROUNDS, duration: '2s', seed: SEED, isolate: 0, rate: ['none'] },
    { models: defaultModels, defaultModels, defaultScenarios: names, cpus: cpusToPlace(), seed: SEED, openFiles: null },
  );
  const measuring = measureHere();
  const silent = {
    preparing: () => {},
    told: () => {},
    planned: () => {},
    looked: () => {},
    trialBegins: () => {},
    trialEnded: () => {},
  };
  try {
    const about = { version: '', startedAt: new Date() };
    const prepared = await prepare(measuring, options, about, silent, signal);
    const trials: Trial[] = [];
    const additions: Addition[] = [];
    const record = (line: Addition | Recalibration | AnyTrial): void => {
      if (line.type === 'trial') trials.push(line);
      if (line.type === 'addition') additions.push(line);
    };
    await measureAll(measuring, prepared, { additions: [], trials }, record, silent, signal);
    const summary = summarise({ manifest: prepared.manifest, trials, additions, end: null });
    const witnessed = await witness(registry, prepared);
    show(summary, witnessed);
    return claims(summary, witnessed);
  } finally {
    await measuring.close();
  }
}

/** Beside a store the server has less than the CPUs it has in a trial, by as much as the store takes. */
const WITH_STORE = ['postgres', 'redis'];

/** wrk sends one request over and over, so it can say nothing of a scenario that mixes several or has them vary, nor what TLS takes of it. */
async function scenariosOfOneClass(registry: ProcessRegistry): Promise<readonly string[]> {
  const load = (name: string) => loadScenario(moduleOpener(registry), name, signal);
  const names = Object.keys(scenarios).filter((name) => !WITH_STORE.includes(name));
  const all = await Promise.all(names.map(load));
  return all
    .filter(({ classes, tls }) => classes.length === 1 && classes[0]?.varies !== true && !tls)
    .map(({ name }) => name);
}

/** By cell, the median of what the server that `serve` would start does under wrk, over rounds of random order. */
async function witness(
  registry: ProcessRegistry,
  { manifest, loaded }: Prepared,
): Promise<ReadonlyMap<string, number>> {
  const rates = new Map<string, number[]>();
  for (const { cell } of schedule(manifest.cells, ROUNDS, SEED)) {
    const one = loaded.get(cell.scenario);
    const plan = manifest.scenarios.find(({ id }) => id === cell.scenario);
    if (one === undefined || plan === undefined) throw new Error(`no plan for ${cell.id}`);
    const { classes, parameters } = one;
    const resources = await setUp(registry, one, { workers: cell.workers ?? 1 }, signal);
    const { iterations } = plan;
    const handlerContext = { parameters, iterations, addresses: resources.addresses };
    const context = serverContext(one, handlerContext, { workers: cell.workers ?? 1 });
    const server = await startServer(registry, cell.model, BUILT_IN, context, signal);
    const [request] = classes;
    if (request === undefined) throw new Error(`no request of ${cell.scenario}`);
    const load = { connections: cell.connections, seconds: WARM_UP_SEC + MEASURE_SEC + 1 };
    const rate = await loadedByWrk(server.url, request, load, () => rateInTheMiddle(server));
    rates.set(cell.id, [...(rates.get(cell.id) ?? []), rate]);
    await server.stop();
    await resources.dispose();
  }
  return new Map([...rates].map(([id, list]) => [id, median(list)]));
}

/**
 * wrk divides what was completed by the whole time, the beginning and the requests that were under way at the end
 * included: of 64 connections and requests of 10 ms, a fifth of three seconds. So the server counts, in the middle.
 */
async function rateInTheMiddle(server: RunningServer): Promise<number> {
  const answered = async (): Promise<number> => {
    const { inside } = await server.read(signal);
    return inside === null ? 0 : answeredBy(inside);
  };
  await setTimeout(WARM_UP_SEC * 1000);
  const [first, fromMs] = [await answered(), performance.now()];
  await setTimeout(MEASURE_SEC * 1000);
  const [last, toMs] = [await answered(), performance.now()];
  return ((last - first) * 1000) / (toMs - fromMs);
}

function show({ scenarios: all }: Summary, witnessed: ReadonlyMap<string, number>): void {
  const head = ['cell', 'measured', 'implied', 'wrk', 'limited by'];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const { id, result } of all.flatMap(({ cells }) => cells)) {
    const round = (rate: number | undefined): string => (rate === undefined ? '–' : rate.toFixed(0));
    table.push([
      id,
      round(result?.requestsPerSec.point),
      round(result?.impliedCapacity.requestsPerSec.point),
      round(witnessed.get(id)),
      result?.limitedBy.by ?? 'failed',
    ]);
  }
  process.stdout.write(`${table.toString()}\n`);
}

function claims({ scenarios: all }: Summary, witnessed: ReadonlyMap<string, number>): readonly Claim[] {
  const rate = (id: Cell['id']): number => witnessed.get(id) ?? Number.NaN;
  const verdicts = all
    .flatMap(({ comparisons }) => comparisons)
    .filter(({ metric }) => metric === 'throughput' || metric === 'implied-capacity')
    .filter(({ verdict }) => verdict === 'better' || verdict === 'worse');
  const against = verdicts.filter(
    ({ candidate, baseline, verdict }) => rate(candidate) > rate(baseline) !== (verdict === 'better'),
  );
  for (const { candidate, baseline, metric, verdict, ratio } of against) {
    process.stdout.write(
      `against wrk: ${candidate} ${verdict} than ${baseline} by ${metric} (${ratio?.point.toFixed(2)})\n`,
    );
  }
  return [
    {
      claim: `pairs ranked against wrk, of ${verdicts.length} ranked`,
      measured: String(against.length),
      target: '0',
      reached: against.length === 0,
    },
    ...all.flatMap(({ name, cells }) =>
      cells.flatMap(({ id, model, result }) => {
        const implied = result?.impliedCapacity.requestsPerSec.point ?? Number.NaN;
        const claim = `${id}: implied capacity ÷ wrk`;
        if (name === 'cpu') return [within(claim, implied / rate(id), 0.05)];
        return name === 'hello' && model === 'cluster' ? [within(claim, implied / rate(id), 0.25)] : [];
      }),
    ),
  ];
}
