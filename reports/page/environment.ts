/** The machine, the versions and where everything ran, in plain words. */
import type { Summary } from '../../harness/judge/schema/summary.ts';
import type { Environment } from '../../harness/store/schema.ts';
import { given, percent } from '../words/figures.ts';
import { numbered, pinnedPlace, placementText } from '../words/placement.ts';
import type { Fact, Several } from '../words/runs.ts';
import { factsByRun, type Markup, section } from './markup.ts';

const BYTES_PER_GIB = 1024 ** 3;
const UNTOLD = 'the system does not tell';

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
    ['Virtualisation', environment.virtualisation ?? 'none known'],
    ['Clock source', environment.clockSource ?? UNTOLD],
    [
      'Load before',
      environment.loadBefore === null ? UNTOLD : `load average ${given(environment.loadBefore)} over one minute`,
    ],
    ['Steal during', stealText(summary.steal)],
    ['Open files', environment.openFiles === null ? 'no limit known' : `at most ${given(environment.openFiles)}`],
    ['Thread pool', `UV_THREADPOOL_SIZE ${environment.uvThreadpoolSize ?? 'not set: 4 threads'}`],
    ['Git', gitText(environment.git)],
  ];
}

/** Scenarios that were given CPUs otherwise than the run. */
function pinnedFacts({ scenarios }: Summary): Fact[] {
  return scenarios.flatMap((scenario): Fact[] => {
    const place = scenario.pinned ? pinnedPlace(scenario.cells) : null;
    return place === null ? [] : [[`Generators of ${scenario.id}`, placementText(place)]];
  });
}

function cpuFacts(environment: Environment): Fact[] {
  const { availableCpus: cpus, physicalCpus, affinity, quotaCpus } = environment;
  return [
    ['CPUs', `${given(cpus.capacity)} of ${cpus.host} usable, decided by ${cpus.decidedBy}`],
    ['Physical cores', physicalCpus === null ? UNTOLD : `${physicalCpus} in the host`],
    ['SMT', smtText(environment.smt)],
    ['Affinity', affinity === null ? UNTOLD : numbered(affinity)],
    ['CPU quota', quotaCpus === null ? 'none' : `${given(quotaCpus)} ${quotaCpus === 1 ? 'CPU' : 'CPUs'}`],
    ['Governor', environment.governor ?? 'none known'],
  ];
}

function smtText(smt: boolean | null): string {
  if (smt === null) return UNTOLD;
  return smt ? 'on, hardware threads share cores' : 'off, one hardware thread per core';
}

function stealText(steal: Summary['steal']): string {
  if (steal === null) return UNTOLD;
  return `${percent(steal.median)} % of the CPU time, median over trials; at most ${percent(steal.max)} %`;
}

function gitText(git: Environment['git']): string {
  if (git === null) return 'not in a git repository';
  return `${git.commit}${git.dirty ? ', with changes that are not committed' : ''}`;
}
