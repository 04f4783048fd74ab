/** The machine, the versions and where everything ran. */
import type { Summary } from '../../harness/judge/schema/summary.ts';
import type { Environment } from '../../harness/store/schema.ts';
import { given, percent } from '../words/figures.ts';
import { numbered, pinnedPlace, placementText } from '../words/placement.ts';
import type { Fact, Several } from '../words/runs.ts';
import { steadyText } from '../words/steadiness.ts';
import { factsByRun, type Markup, section } from './markup.ts';

const BYTES_PER_GIB = 1024 ** 3;
const UNKNOWN = 'not reported by the system';

/** Everything that a reader needs to judge whether the figures carry over to another machine. */
export function environmentSection(summary: Several<Summary>): Markup {
  return section('environment', 'Environment', factsByRun(summary, environmentFacts));
}

function environmentFacts(summary: Summary): Fact[] {
  const { environment, placement, version } = summary;
  return [
    ['Node.js', `${environment.node} (V8 ${environment.v8}, libuv ${environment.uv})`],
    ['fourways', version],
    ['CPU', environment.cpuModel.trim()],
    ...cpuFacts(environment),
    ['Generators', placementText(placement)],
    ...pinnedFacts(summary),
    ['Memory', `${given(environment.memoryBytes / BYTES_PER_GIB)} GiB`],
    ['System', `${environment.platform} ${environment.arch}, kernel ${environment.kernel}`],
    ['Virtualisation', environment.virtualisation ?? 'none detected'],
    ['Clock source', environment.clockSource ?? UNKNOWN],
    [
      'Load before',
      environment.loadBefore === null ? UNKNOWN : `load average of ${given(environment.loadBefore)} over one minute`,
    ],
    ['Steal during', stealText(summary.steal)],
    ...steadyFacts(summary),
    ['Open files', environment.openFiles === null ? 'no known limit' : `at most ${given(environment.openFiles)}`],
    ['Thread pool', `UV_THREADPOOL_SIZE ${environment.uvThreadpoolSize ?? 'not set: 4 threads'}`],
    ...serverFacts(environment.servers),
    ['Git', gitText(environment.git)],
  ];
}

function steadyFacts(summary: Summary): Fact[] {
  const text = steadyText(summary);
  return text === null ? [] : [['Yardstick', text]];
}

/** What the Node.js of the servers was started with; nothing where that is nothing. */
function serverFacts({ nodeArgs, env, nodeOptions, runtimes }: Environment['servers']): Fact[] {
  const facts: readonly (readonly [string, string | null])[] = [
    ['Node.js of the servers', runtimes.length === 0 ? null : runtimes.join(', ')],
    ['Node.js options', nodeArgs.length === 0 ? null : nodeArgs.join(' ')],
    ['NODE_OPTIONS', nodeOptions],
    ['Variables', env.length === 0 ? null : `${env.join(', ')}, without their values`],
  ];
  return facts.flatMap(([name, value]): Fact[] => (value === null ? [] : [[name, value]]));
}

/** Scenarios whose CPUs were assigned differently from the rest of the run. */
function pinnedFacts({ scenarios }: Summary): Fact[] {
  return scenarios.flatMap((scenario): Fact[] => {
    const place = scenario.pinned ? pinnedPlace(scenario.cells) : null;
    return place === null ? [] : [[`Generators of ${scenario.id}`, placementText(place)]];
  });
}

function cpuFacts(environment: Environment): Fact[] {
  const { availableCpus: cpus, physicalCpus, affinity, quotaCpus } = environment;
  return [
    ['CPUs', `${given(cpus.capacity)} of ${cpus.host} usable, determined by ${cpus.decidedBy}`],
    ['Physical cores', physicalCpus === null ? UNKNOWN : `${physicalCpus} in the host`],
    ['SMT', smtText(environment.smt)],
    ['Affinity', affinity === null ? UNKNOWN : numbered(affinity)],
    ['CPU quota', quotaCpus === null ? 'none' : `${given(quotaCpus)} ${quotaCpus === 1 ? 'CPU' : 'CPUs'}`],
    ['Governor', environment.governor ?? 'none detected'],
  ];
}

function smtText(smt: boolean | null): string {
  if (smt === null) return UNKNOWN;
  return smt ? 'on, hardware threads share cores' : 'off, one hardware thread per core';
}

function stealText(steal: Summary['steal']): string {
  if (steal === null) return UNKNOWN;
  return `${percent(steal.median)} % of the CPU time, median over trials; at most ${percent(steal.max)} %`;
}

function gitText(git: Environment['git']): string {
  if (git === null) return 'not in a git repository';
  return `${git.commit}${git.dirty ? ', with uncommitted changes' : ''}`;
}
