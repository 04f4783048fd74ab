/** What models cost, and which to take of those that serve the same rate. */

import { list, mibText, msText } from '../words.ts';
import type { Contender, Relate, Relation } from './order.ts';

/** How the costs of one contender compare with those of another. */
export interface Costs {
  readonly cpu: Relate;
  readonly memory: Relate;
}

export interface Choice {
  readonly chosen: Contender;
  /** To follow "they are equivalent, and". */
  readonly why: string;
}

/** Of equivalent contenders the cheaper, by verdicts; where costs do not decide, the simpler. */
export function choose(contenders: readonly [Contender, ...Contender[]], costs: Costs): Choice {
  const spared = contenders.filter((one) => contenders.every((other) => !isCheaper(other, one, costs)));
  const left = spared.length === 0 ? contenders : spared;
  const [first = contenders[0], ...others] = left.toSorted(simplestFirst);
  const rest = contenders.filter((one) => one !== first);
  if (rest.every((one) => isCheaper(first, one, costs))) return { chosen: first, why: cheaper(first, rest, costs) };
  const costlier = contenders.filter((one) => !left.includes(one)).map(({ name }) => name);
  const which = others.length > 1 ? 'simplest' : 'simpler';
  const dear = costlier.length === 0 ? '' : `${list(costlier)} cost${costlier.length === 1 ? 's' : ''} more, `;
  const simple = `${first.name} is the ${which}${first.effort === null ? '' : ` (${first.effort.why})`}`;
  return { chosen: first, why: `${dear}${sameCosts(first, others, costs)}, and ${simple}` };
}

/** Less of one cost, and of neither more. */
export function isCheaper(one: Contender, other: Contender, { cpu, memory }: Costs): boolean {
  const words = [cpu(one, other).word, memory(one, other).word];
  return words.includes('better') && !words.includes('worse');
}

/** `It takes 89 MiB and 10.2 ms of CPU per request, against 58 MiB and 10.1 ms of single.`, for the beginning `It takes`. */
export function costSentence(begin: string, one: Contender, others: readonly Contender[]): string {
  const { memory, cpuMsPerRequest } = one.result;
  const own = `${mibText(memory.peakBytes.point)} and ${msText(cpuMsPerRequest.point)} of CPU per request`;
  const figures = others.map(({ name, result }) => {
    const ms = msText(result.cpuMsPerRequest.point);
    // Resident and proportional set sizes are different quantities.
    const mib = result.memory.kind === memory.kind ? `${mibText(result.memory.peakBytes.point)} and ` : '';
    return `${mib}${ms} of ${name}`;
  });
  return `${begin} ${own}${figures.length === 0 ? '' : `, against ${list(figures)}`}.`;
}

function cheaper(first: Contender, rest: readonly Contender[], { cpu, memory }: Costs): string {
  const isLess = (relate: Relate): boolean => rest.every((one) => relate(first, one).word === 'better');
  const less = [isLess(cpu) ? ['less CPU time per request'] : [], isLess(memory) ? ['less memory'] : []].flat();
  return less.length === 0 ? `${first.name} costs the least` : `${first.name} takes ${list(less)}`;
}

/** Why costs do not choose between the simplest and the others that are left. */
function sameCosts(first: Contender, others: readonly Contender[], { cpu, memory }: Costs): string {
  const words: readonly Relation['word'][] = others.flatMap((one) => [cpu(first, one).word, memory(first, one).word]);
  if (words.every((word) => word === 'equivalent')) return 'they cost the same';
  if (words.includes('better') && words.includes('worse')) return 'one saves CPU time and another memory';
  return 'no difference in cost is confirmed';
}

/** A model that says nothing of its effort comes last. */
function simplestFirst(a: Contender, b: Contender): number {
  return (a.effort?.rank ?? Number.MAX_VALUE) - (b.effort?.rank ?? Number.MAX_VALUE);
}
