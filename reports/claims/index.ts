/**
 * `npm run claims [name…] [-- --repeat n] [--runtime node] [--again]`: measures public claims and writes what became of them to
 * `docs/claims`. What has been measured is not measured again unless `--again` is given; what was found before is given up only when the first
 * new repetition has succeeded.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
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
import type { Run } from '../../harness/store/schema.ts';
import { entryBeside } from '../../scenarios/entry.ts';
import { drawCharts } from '../images/draw.ts';
import { DEFAULT_IMAGES } from '../images/options.ts';
import { drawnWidth, standalone } from '../images/svg.ts';
import {
  askedBy,
  elsewhere,
  FOLDER,
  imageOf,
  OUTCOMES,
  type Outcomes,
  README,
  type Repetition,
  readClaims,
  readNotDecidable,
  readOutcomes,
  runOf,
} from './outcomes.ts';
import { claimsPage, figureWords, withOutcome, withSummary } from './page.ts';

const MOST_REPETITIONS = 50;

interface Settings {
  readonly claims: readonly Claim[];
  readonly repeat: number;
  /** What servers run on, where that is not our own. */
  readonly runtime: { readonly path: string; readonly version: string } | null;
  readonly isAgain: boolean;
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** What the words ask for. Throws UserError. */
function settingsOf(words: readonly string[], all: readonly Claim[]): Settings {
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

/**
 * Measures one repetition; the first is kept with its run file and its image. Throws UserError when the run was not finished, and
 * leaves what was kept before.
 */
async function measured(
  registry: ProcessRegistry,
  claim: Claim,
  runtime: Settings['runtime'],
  isFirst: boolean,
): Promise<Repetition> {
  const { command, name } = claim;
  const folder = await registry.makeFolder();
  const out = join(folder, 'run');
  const on = runtime === null ? [] : ['--runtime', runtime.path];
  const args = ['run', ...command, ...on, '--config', 'none', '--out', out];
  const owned = registry.fork(entryBeside(import.meta.url, '../../harness/cli'), args);
  const how = await owned.exited;
  if (!existsSync(runFilePath(out))) throw new UserError(`${name}: ${how}: ${owned.recentOutput().split('\n').at(-1)}`);
  const run = readRun(runFilePath(out), { salvage: false });
  if (run.end?.reason !== 'complete') throw new UserError(`${name}: the run was stopped (${how})`);
  if (isFirst) {
    const image = await drawn(claim, run);
    // Nothing is awaited from here until the outcome is written, so that no signal comes between.
    copyFileSync(runFilePath(out), runOf(name));
    if (image === null) rmSync(imageOf(name), { force: true });
    else writeFileSync(imageOf(name), image);
  }
  void registry.deleteFolder(folder);
  const { startedAt, environment } = run.manifest;
  const { node, cpuModel, availableCpus } = environment;
  const about = { startedAt, node: runtime?.version ?? node, cpuModel, cpus: availableCpus.count };
  return { ...decide(claim, summarise(run)), ...about };
}

/** The chart of a claim as SVG; null, and the reason on the screen, where there is none. */
async function drawn({ name, chart, decidedBy }: Claim, run: Run): Promise<string | null> {
  const report = { summary: summarise(run), traces: tracesOf(run) };
  let why = `${decidedBy.scenario} was not measured`;
  for await (const one of drawCharts(report, { ...DEFAULT_IMAGES, charts: [chart] })) {
    const of = report.summary.scenarios.find(({ id }) => id === one.scenario)?.name;
    if (of !== decidedBy.scenario || one.part !== undefined) continue;
    if (one.kind !== 'omitted') return standalone(one.svg, one.alt, drawnWidth(one.svg));
    why = one.reason;
  }
  say(`${name}: its page has no chart ${chart}: ${why}`);
  return null;
}

/** Outcomes and every page. */
function write(claims: readonly Claim[], outcomes: Outcomes): void {
  writeFileSync(OUTCOMES, `${JSON.stringify(outcomes, null, 2)}\n`);
  for (const claim of claims) {
    const file = join(FOLDER, `${claim.name}.md`);
    const hasImage = existsSync(imageOf(claim.name));
    writeFileSync(file, withOutcome(readFileSync(file, 'utf8'), claim, outcomes[claim.name], hasImage));
  }
  writeFileSync(join(FOLDER, 'README.md'), claimsPage(claims, outcomes, readNotDecidable()));
  writeFileSync(README, withSummary(readFileSync(README, 'utf8'), claims, outcomes));
}

/** Those claims that this Node.js can run. */
function ableOf(claims: readonly Claim[], node: string): readonly Claim[] {
  for (const { name, needsNode } of claims.filter((claim) => !isNewEnough(node, claim.needsNode))) {
    say(`${name}: left out, it needs Node.js ${needsNode} and this is ${node}; name a newer one with --runtime`);
  }
  return claims.filter(({ needsNode }) => isNewEnough(node, needsNode));
}

/** What is to be measured, in rounds: what disturbs the machine for a while does not disturb all repetitions of one claim. */
async function measureAll(registry: ProcessRegistry, all: readonly Claim[], settings: Settings): Promise<void> {
  let outcomes = readOutcomes(all);
  const { claims, repeat, runtime, isAgain } = settings;
  const here = { node: runtime?.version ?? process.versions.node, cpuModel: cpus()[0]?.model.trim() ?? 'unknown' };
  const able = ableOf(claims, here.node);
  const startedOver = new Set(isAgain ? able.map(({ name }) => name) : []);
  for (const { name } of able) {
    const other = elsewhere(outcomes[name]?.repetitions ?? [], repeat, here);
    if (other === null || isAgain) continue;
    say(`${name}: started over, what there is was measured with Node.js ${other.node} on ${other.cpuModel}`);
    startedOver.add(name);
  }
  for (let round = 0; round < repeat; round++) {
    for (const claim of able) {
      const known = startedOver.has(claim.name) ? [] : (outcomes[claim.name]?.repetitions ?? []);
      if (known.length > round) continue;
      say(`${claim.name}: repetition ${round + 1} of ${repeat}`);
      const one = await measured(registry, claim, runtime, known.length === 0);
      startedOver.delete(claim.name);
      outcomes = { ...outcomes, [claim.name]: { asked: askedBy(claim), repetitions: [...known, one] } };
      write(all, outcomes);
      say(`  ${one.verdict}${one.point === null ? `, ${one.why}` : `: ${figureWords(one)}`}`);
    }
  }
  write(all, outcomes);
}

const registry = new ProcessRegistry();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => void registry.close().then(() => process.exit(130)));
}
try {
  for (const folder of ['runs', 'images']) mkdirSync(join(FOLDER, folder), { recursive: true });
  const all = readClaims();
  await measureAll(registry, all, settingsOf(process.argv.slice(2), all));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  say(`claims: ${error.message}`);
  process.exitCode = 2;
} finally {
  await registry.close();
}
