/** What limited the models, and under which conditions another would be the answer, as far as the figures show. */

import { list, msText, percent, roughly } from '../words.ts';
import type { Contender, Relate } from './contender.ts';

/** How two compare in CPU time per request. */
interface Costs {
  readonly cpu: Relate;
}

/** Nobody plans more workers than this. */
const MOST_WORKERS = 64;

/** What limited each, stated once where it is the same: its workers, its front end or its thread pool. */
export function limitSentence(contenders: readonly Contender[]): string {
  const isPoolLimited = ({ result }: Contender): boolean => result.limitedBy.by === 'thread-pool';
  const groups = [
    contenders.filter((one) => !isFrontLimited(one) && !isPoolLimited(one)),
    contenders.filter(isFrontLimited),
    contenders.filter(isPoolLimited),
  ].filter((group) => group.length > 0);
  if (groups.length < 2) {
    const who = contenders.length === 1 ? 'It was' : contenders.length === 2 ? 'Both were' : 'All were';
    return `${who} limited by ${limitOf(contenders)}.`;
  }
  const parts = groups.map((group, i) => {
    const were = i > 0 ? '' : group.length === 1 ? ' was limited' : ' were limited';
    return `${names(group)}${were} by ${limitOf(group)}`;
  });
  return `${parts.join(', ')}.`;
}

/** At most `most` sentences, the most important first. `behind` are those that it is better than. Empty when the figures show nothing. */
export function changeSentences(
  one: Contender,
  behind: readonly Contender[],
  { cpu }: Costs,
  margin: number,
  most: number,
): string {
  const sentences = [
    isFrontLimited(one) ? ownFront(one) : '',
    oneLoop(one, behind),
    oneCpu(one, behind, { cpu }),
    frontToCome(one),
    otherFronts(one, behind),
    passingOn(one, behind, { cpu }, margin),
  ];
  return sentences
    .filter((sentence) => sentence !== '')
    .slice(0, most)
    .join(' ');
}

function ownFront(one: Contender): string {
  const fromMs = workersFromMs(one);
  const until =
    fromMs === null ? '' : `, unless a request takes more than about ${msText(fromMs)} of CPU time in a worker`;
  return `More workers would not help ${one.name}, because its front end is a single thread${until}.`;
}

function oneLoop(one: Contender, behind: readonly Contender[]): string {
  const others = behind.filter((other) => other.cell.style !== 'alone' && !isFrontLimited(other));
  if (one.cell.style !== 'alone' || others.length === 0) return '';
  return `${one.name} has one event loop; with more CPUs and workers, ${names(others)} may serve more.`;
}

/** On one CPU the rate is 1 ÷ CPU time per request, whatever the model (the utilisation law, see bottleneck/cpus.ts). */
function oneCpu(one: Contender, behind: readonly Contender[], { cpu }: Costs): string {
  const alone = behind.find(
    (other) => other.cell.style === 'alone' && other.cell.connectionMode === one.cell.connectionMode,
  );
  if (alone === undefined || one.cell.style === 'alone') return '';
  const word = cpu(one, alone);
  const there = {
    better: `${one.name} would still be ahead`,
    worse: `${alone.name} would be ahead`,
    equivalent: `${alone.name} would be equivalent, and is simpler`,
    open: 'either may be ahead',
  }[word];
  return `The lead over ${alone.name} needs more than one CPU: on a single CPU, where CPU time per request decides, ${there}.`;
}

function frontToCome(one: Contender): string {
  const { front, workers } = one.result.cpuByRole;
  if (isFrontLimited(one) || one.cell.style !== 'offload' || front === null || workers === null || front === 0)
    return '';
  const most = Math.floor(workers / front);
  if (one.cell.workers === null || most < one.cell.workers || most > MOST_WORKERS) return '';
  return `With more than about ${most} workers its front end would be the bottleneck, at about ${roughly(1000 / front)} requests per second.`;
}

function otherFronts(one: Contender, behind: readonly Contender[]): string {
  const held = behind.filter(isFrontLimited);
  if (held.length === 0 || isFrontLimited(one)) return '';
  const fromMs = held.map(workersFromMs).filter((ms) => ms !== null);
  const [stay, their] = held.length === 1 ? ['stays', 'its front end is'] : ['stay', 'their front ends are'];
  const until =
    fromMs.length < held.length
      ? ''
      : `; the answer may change when a request takes more than about ${msText(Math.min(...fromMs))} of CPU time in a worker`;
  const thread = held.length === 1 ? 'a single thread' : 'single threads';
  return `${names(held)} ${stay} at that rate regardless of the number of workers, because ${their} ${thread}${until}.`;
}

/**
 * With CPU time c per request of the one and c + d of the other, the other is within the margin m once c > d ÷ m, if d
 * stays as it is when requests take longer. That holds where CPU time decides, so not behind a saturated front end.
 */
function passingOn(one: Contender, behind: readonly Contender[], { cpu }: Costs, margin: number): string {
  if (one.cell.style === 'offload') return '';
  const pools = behind.filter(
    (other) => other.cell.style === 'offload' && !isFrontLimited(other) && cpu(one, other) === 'better',
  );
  if (pools.length === 0) return '';
  const dearest = Math.max(...pools.map(({ result }) => result.cpuMsPerRequest.point));
  const more = dearest - one.result.cpuMsPerRequest.point;
  if (more <= 0) return '';
  const costs = pools.length === 1 ? `costs ${names(pools)}` : `costs ${names(pools)} up to`;
  return `Passing a request to a worker ${costs} ${msText(roundTo2(more))} of CPU time, which is within ${percent(margin)} once a request takes more than about ${msText(roundTo2(more / margin))}.`;
}

/** CPU time per request in a worker from which on the workers, and not the front end, are saturated; null when not known. */
function workersFromMs({ cell, result }: Contender): number | null {
  const { front } = result.cpuByRole;
  return front === null || front === 0 || cell.workers === null ? null : roundTo2(front * cell.workers);
}

function isFrontLimited({ result }: Contender): boolean {
  return result.limitedBy.by === 'front';
}

/** `its workers`, `their front ends`. */
export function limitOf(contenders: readonly Contender[]): string {
  const [first] = contenders;
  if (first === undefined) return '';
  const whose = contenders.length === 1 ? 'its' : 'their';
  if (first.result.limitedBy.by === 'thread-pool') {
    return `${whose} libuv thread pool${contenders.length === 1 ? '' : 's'} (UV_THREADPOOL_SIZE)`;
  }
  if (first.result.limitedBy.by === 'server') return `${whose} processes`;
  if (isFrontLimited(first)) return `${whose} front end${contenders.length === 1 ? '' : 's'}`;
  return `${whose} worker${contenders.length === 1 && first.cell.workers === 1 ? '' : 's'}`;
}

function names(contenders: readonly Contender[]): string {
  return list(contenders.map(({ name }) => name));
}

function roundTo2(value: number): number {
  return Number(value.toPrecision(2));
}
