/** Lists of CPU numbers as Linux and taskset(1) write them: `0-2,5` (cpuset(7), "List format"). */

/** Far above what Linux can address (8192), and small enough that no text makes a list that fills the memory. */
const MAX_CPU = 65_535;

/** CPU numbers in ascending order, each once; null when the text is empty or not such a list. */
export function parseCpuList(text: string): readonly number[] | null {
  const cpus = new Set<number>();
  for (const part of text.trim().split(',')) {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (from === undefined) return null;
    const [first, last] = [Number(from), Number(to)];
    if (first > last || last > MAX_CPU) return null;
    for (let cpu = first; cpu <= last; cpu++) cpus.add(cpu);
  }
  return ascending(cpus);
}

/** Writes CPU numbers, in any order, as such a list. No CPU gives an empty text. */
export function formatCpuList(cpus: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const cpu of ascending(new Set(cpus))) {
    const range = ranges.at(-1);
    if (range !== undefined && range[1] === cpu - 1) range[1] = cpu;
    else ranges.push([cpu, cpu]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

function ascending(cpus: ReadonlySet<number>): number[] {
  return [...cpus].sort((a, b) => a - b);
}
