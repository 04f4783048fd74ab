/** Where the load generators ran, in words. */
import type { Placement } from '../harness/store/schema.ts';
import { counted, cpuList } from './figures.ts';

/** In as few words as a line about the machine has room for; it stands after the number of CPUs. */
export function placementBrief(placement: Placement): string {
  const noun = placement.generators === 1 ? 'generator' : 'generators';
  return placement.kind === 'shared'
    ? `${noun} on the same CPUs`
    : `server on ${placement.serverCpus.length}, ${noun} on ${placement.generatorCpus.length}`;
}

/** In full: `2 generators on CPUs 2–3, server on CPUs 0–1`. */
export function placementText(placement: Placement): string {
  const generators = counted(placement.generators, 'generator');
  if (placement.kind === 'shared') {
    return `${generators}, on the same CPUs as the server (${whyShared(placement.why)})`;
  }
  const asked = placement.why === 'asked' ? ' (as asked)' : '';
  return `${generators} on ${numbered(placement.generatorCpus)}, server on ${numbered(placement.serverCpus)}${asked}`;
}

/** `CPUs 0–2, 5`, or `CPU 3`. */
export function numbered(cpus: readonly number[]): string {
  return `${cpus.length === 1 ? 'CPU' : 'CPUs'} ${cpuList(cpus)}`;
}

function whyShared(why: Extract<Placement, { kind: 'shared' }>['why']): string {
  switch (why) {
    case 'asked':
      return 'as asked';
    case 'few-cpus':
      return 'fewer than four CPUs';
    case 'no-taskset':
      return 'no taskset to reserve CPUs with';
    default:
      return why satisfies never;
  }
}
