const LONGEST = 60;

/**
 * A part of a file name for each id, distinct on file systems that ignore case, and free of anything that a path, a
 * shell or a link would interpret. The result depends only on the ids and their order.
 */
export function slugs(ids: readonly string[]): (id: string) => string {
  const taken = new Set<string>();
  const byId = new Map<string, string>();
  for (const id of ids) {
    if (byId.has(id)) continue;
    const base = slug(id);
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}-${n}`;
    taken.add(name);
    byId.set(id, name);
  }
  return (id) => byId.get(id) ?? slug(id);
}

function slug(id: string): string {
  const safe = id
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .slice(0, LONGEST)
    .replace(/^-|-$/gu, '');
  return safe === '' ? 'scenario' : safe;
}
