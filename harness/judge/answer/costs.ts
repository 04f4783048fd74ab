/** What models cost, as a sentence. */
import { list, mibText, msText } from '../words.ts';
import type { Contender } from './contender.ts';

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
