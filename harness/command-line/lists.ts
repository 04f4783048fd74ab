/** `-m cluster,single` is `-m cluster -m single`. A comma within settings (`files:count=2,kib=8`) does not separate. */
export function splitLists(values: readonly string[] | undefined): string[] | undefined {
  return values?.flatMap((value) => {
    const items: string[] = [];
    for (const part of value.split(',')) {
      const last = items.at(-1);
      if (last?.includes(':') === true && /^[A-Za-z][\w-]*=/.test(part)) items[items.length - 1] = `${last},${part}`;
      else if (part !== '') items.push(part);
    }
    return items;
  });
}
