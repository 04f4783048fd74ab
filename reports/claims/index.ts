/**
 * `npm run claims [name…] [-- --repeat n] [--runtime node] [--again]`: measures public claims and writes what became of them to
 * `docs/claims`. What has been measured is not measured again unless `--again` is given.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Claim, isNewEnough } from '../../harness/claims/claim.ts';
import { decide } from '../../harness/claims/decide.ts';
import { UserError } from '../../harness/errors.ts';
import { summarise } from '../../harness/judge/summary.ts';
import { tracesOf } from '../../harness/judge/traces/traces.ts';
import { ProcessRegistry } from '../../harness/measure/processes/registry.ts';
import { runtimeAt } from '../../harness/measure/server/node-binary.ts';
import { didYouMean, integerFlag } from '../../harness/plan/options/values.ts';
import { readRun } from '../../harness/store/read-run.ts';
import { runFilePath } from '../../harness/store/run-file.ts';
import { entryBeside } from '../../scenarios/entry.ts';
import { drawCharts } from '../images/draw.ts';
import { DEFAULT_IMAGES } from '../images/options.ts';
import { drawnWidth, standalone } from '../images/svg.ts';
import {
  askedBy,
  FOLDER,
  imageOf,
  OUTCOMES,
  type Outcomes,
  type Repetition,
  readClaims,
  readOutcomes,
  runOf,
} from './outcomes.ts';
import { claimsPage, withOutcome } from './page.ts';

const MOST_REPETITIONS = 50;

interface Settings {
  readonly claims: readonly Claim[];
  readonly repeat: number;
  /** What servers run on, where that is not our own. */
  readonly runtime: { readonly path: string; readonly version: string } | null;
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** What the words ask for. Throws UserError. */
function settingsOf(words: readonly string[], all: readonly Claim[]): Settings & { readonly isAgain: boolean } {
  const options = {
    repeat: { type: 'string', default: '1' },
    runtime: { type: 'string' },
    again: { type: 'boolean' },
  } as const;
  const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
  const names = all.map(({ name }) => name);
  for (const name of positionals) {
    if (!names.includes(name)) throw new UserError(`${name}: there is no such claim.${didYouMean(name, names)}`);
  }
  const claims = positionals.length === 0 ? all : all.filter(({ name }) => positionals.includes(name));
  const repeat = integerFlag('--repeat', Number(values.repeat), 1, MOST_REPETITIONS);
  const runtime = values.runtime === undefined ? null : runtimeAt(resolve(values.runtime));
  return { claims, repeat, runtime, isAgain: values.again === true };
}

/** Measures one repetition. Throws when the run has no run file. */
async function measured(
  registry: ProcessRegistry,
  { command, name, ...claim }: Claim,
  runtime: Settings['runtime'],
  isFirst: boolean,
): Promise<Repetition> {
  const folder = await registry.makeFolder();
  const out = join(folder, 'run');
  const on = runtime === null ? [] : ['--runtime', runtime.path];
  const args = ['run', ...command, ...on, '--config', 'none', '--out', out];
  const owned = registry.fork(entryBeside(import.meta.url, '../../harness/cli'), args);
  const how = await owned.exited;
  if (!existsSync(runFilePath(out))) throw new UserError(`${name}: ${how}: ${owned.recentOutput().split('\n').at(-1)}`);
  const run = readRun(runFilePath(out), { salvage: false });
  if (run.end === null) throw new UserError(`${name}: the run was stopped (${how})`);
  if (isFirst) copyFileSync(runFilePath(out), runOf(name));
  await registry.deleteFolder(folder);
  const { startedAt, environment } = run.manifest;
  const { node, cpuModel, availableCpus } = environment;
  const about = { startedAt, node: runtime?.version ?? node, cpuModel, cpus: availableCpus.count };
  return { ...decide(claim, summarise(run)), ...about };
}

/** The image of a claim, and every page. */
async function write(claims: readonly Claim[], outcomes: Outcomes): Promise<void> {
  writeFileSync(OUTCOMES, `${JSON.stringify(outcomes, null, 2)}\n`);
  for (const claim of claims) {
    const file = join(FOLDER, `${claim.name}.md`);
    writeFileSync(file, withOutcome(readFileSync(file, 'utf8'), claim, outcomes[claim.name]));
  }
  writeFileSync(join(FOLDER, 'README.md'), claimsPage(claims, outcomes));
}

async function drawImage({ name, chart, decidedBy }: Claim): Promise<void> {
  const run = readRun(runOf(name), { salvage: false });
  const report = { summary: summarise(run), traces: tracesOf(run) };
  for await (const drawn of drawCharts(report, { ...DEFAULT_IMAGES, charts: [chart] })) {
    const of = report.summary.scenarios.find(({ id }) => id === drawn.scenario)?.name;
    if (drawn.kind === 'omitted' || of !== decidedBy.scenario || drawn.part !== undefined) continue;
    writeFileSync(imageOf(name), standalone(drawn.svg, drawn.alt, drawnWidth(drawn.svg)));
    return;
  }
}

/** What is to be measured, in rounds: what disturbs the machine for a while does not disturb all repetitions of one claim. */
async function measureAll(
  registry: ProcessRegistry,
  all: readonly Claim[],
  settings: Settings,
  found: Outcomes,
): Promise<void> {
  let outcomes = found;
  const { claims, repeat, runtime } = settings;
  const node = runtime?.version ?? process.versions.node;
  for (const claim of claims.filter(({ needsNode }) => !isNewEnough(node, needsNode))) {
    say(
      `${claim.name}: left out, it needs Node.js ${claim.needsNode} and this is ${node}; name a newer one with --runtime`,
    );
  }
  const able = claims.filter(({ needsNode }) => isNewEnough(node, needsNode));
  for (let round = 0; round < repeat; round++) {
    for (const claim of able) {
      const repetitions = outcomes[claim.name]?.repetitions ?? [];
      if (repetitions.length > round) continue;
      say(`${claim.name}: repetition ${round + 1} of ${repeat}`);
      const one = await measured(registry, claim, runtime, repetitions.length === 0);
      outcomes = { ...outcomes, [claim.name]: { asked: askedBy(claim), repetitions: [...repetitions, one] } };
      if (repetitions.length === 0) await drawImage(claim);
      await write(all, outcomes);
      say(
        `  ${one.verdict}${one.point === null ? `, ${one.why}` : `: ${one.point.toFixed(3)} (${one.low?.toFixed(3)} to ${one.high?.toFixed(3)})`}`,
      );
    }
  }
  await write(all, outcomes);
}

const registry = new ProcessRegistry();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => void registry.close().then(() => process.exit(130)));
}
try {
  for (const folder of ['runs', 'images']) mkdirSync(join(FOLDER, folder), { recursive: true });
  const all = readClaims();
  const settings = settingsOf(process.argv.slice(2), all);
  const forgotten = settings.isAgain ? settings.claims.map(({ name }) => name) : [];
  const known = Object.entries(readOutcomes(all)).filter(([name]) => !forgotten.includes(name));
  for (const name of forgotten) for (const file of [runOf(name), imageOf(name)]) rmSync(file, { force: true });
  await measureAll(registry, all, settings, Object.fromEntries(known));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  say(`claims: ${error.message}`);
  process.exitCode = 2;
} finally {
  await registry.close();
}
