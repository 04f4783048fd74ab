/** What scenarios with a store have in common. */

/** Imports a package of npm, which fourways itself does not depend on, or says how to install it. */
export async function library<T>(load: () => Promise<T>, toInstall: string): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') {
      throw new Error(`packages of npm that it needs are missing; run npm i ${toInstall}`);
    }
    throw error;
  }
}

/** The key of the nth request: any of 0 to `count` - 1, in no order that a store could foresee, and the same under every model. */
export function keyOf(n: number, count: number): number {
  // Multiplicative hashing (Knuth, The Art of Computer Programming, volume 3, section 6.4).
  return (Math.imul(n, 0x9e3779b1) >>> 0) % count;
}

/** The error of a set-up, with the address and the way out where a server of the user was `given`; without its login. */
export function refusedBy(
  flag: string,
  given: string | null,
  thrown: unknown,
  wayOut: (error: Error) => string | null,
): Error {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (given === null) return error;
  const { host, pathname } = new URL(given);
  return new Error(`--${flag} ${host}${pathname}: ${wayOut(error) ?? error.message}`);
}
