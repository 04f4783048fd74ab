/** How often `ab` is right: equal sides, and a head with each kind of regression. All of it takes hours; fewer runs can be asked for. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entryBeside } from '../../scenarios/entry.ts';
import { changeSchema } from '../judge/schema/change.ts';
import { main } from '../main.ts';
import type { Claim } from './claim.ts';

/** What is compared. */
interface Case {
  readonly claim: string;
  readonly base: string;
  readonly head: string;
  readonly flags?: readonly string[];
  /** What head does, as the exit code of `ab`; null of equal sides, of which nothing may be worse or better. */
  readonly exit: number | null;
  readonly runs: number;
  /** How many of the runs have to be right, as a share. */
  readonly target: number;
}

const WORK = fileURLToPath(entryBeside(import.meta.url, 'gate-work'));
const EXPRESS = fileURLToPath(new URL('../../../examples/apps/express', import.meta.url));
const APP: readonly string[] = ['--app', './server.js', '--request', 'GET /products'];

const equal = { exit: null, runs: 20, target: 1 };
const EQUAL: readonly Case[] = [
  // So little work that it is the server that is compared.
  { ...equal, claim: 'two equal sides, hello', base: `${WORK}:ms=0.01`, head: `${WORK}:ms=0.01` },
  { ...equal, claim: 'two equal sides, cpu:ms=2', base: WORK, head: WORK },
  { ...equal, claim: 'two equal sides, Express', base: EXPRESS, head: EXPRESS, flags: APP },
];

const found = { base: WORK, exit: 1, runs: 20, target: 0.95 };
const WORSE: readonly Case[] = [
  { ...found, claim: '8% more CPU work', head: `${WORK}:more=8` },
  { ...found, claim: '10 ms more for every request', head: `${WORK}:wait=10` },
  { ...found, claim: '300 ms more for 1% of the requests', head: `${WORK}:slow=300` },
  { ...found, claim: '60 MiB more', head: `${WORK}:mib=60` },
  { ...found, claim: 'half of the launches fail', head: `${WORK}:fails=1`, exit: 3 },
];

/** Seconds in which a regression has to be found. */
const WITHIN = 120;

/** `runs` of each case, where fewer are wanted than make a claim. */
export async function gate(runs: number | null): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  for (const one of [...EQUAL, ...WORSE]) {
    if (one.base === EXPRESS && !existsSync(join(EXPRESS, 'node_modules'))) {
      process.stderr.write(`${one.claim}: left out; run npm ci in ${EXPRESS} first\n`);
      continue;
    }
    claims.push(await claimOf({ ...one, runs: runs ?? one.runs }));
  }
  return claims;
}

async function claimOf(one: Case): Promise<Claim> {
  let right = 0;
  for (let run = 0; run < one.runs; run++) {
    const begun = performance.now();
    const { exit, line, isLevel } = await verdictOf(one);
    const seconds = (performance.now() - begun) / 1000;
    if (one.exit === null ? isLevel : exit === one.exit && seconds <= WITHIN) right++;
    const told = `exit ${exit} after ${Math.round(seconds)} s: ${line}`;
    process.stderr.write(`${one.claim}, run ${run + 1} of ${one.runs}: ${told}\n`);
  }
  const target = Math.ceil(one.runs * one.target);
  const what = one.exit === null ? 'nothing worse or better' : `exit ${one.exit} within ${WITHIN} s`;
  return {
    claim: `${one.claim}: ${what}`,
    measured: `${right} of ${one.runs}`,
    target: `≥ ${target}`,
    reached: right >= target,
  };
}

interface Verdict {
  readonly exit: number;
  readonly line: string;
  /** Nothing is said to be worse or better. */
  readonly isLevel: boolean;
}

async function verdictOf({ base, head, flags = [] }: Case): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'fourways-gate-'));
  const printed: string[] = [];
  const told: string[] = [];
  const io = {
    out: { write: (text: string) => void printed.push(text) },
    err: { write: (text: string) => void told.push(text) },
    now: () => new Date(),
  };
  try {
    const argv = ['ab', base, head, ...flags, '--budget', '100s', '--format', 'json', '--quiet'];
    const exit = await main([...argv, '--out', join(folder, 'ab')], io);
    if (printed.length === 0) return { exit, line: told.at(-1)?.trim() ?? 'nothing was said', isLevel: false };
    const { cells, line } = changeSchema.parse(JSON.parse(printed.join('')));
    const isLevel = cells.every(({ comparisons }) =>
      comparisons.every(({ verdict }) => verdict !== 'worse' && verdict !== 'better'),
    );
    return { exit, line, isLevel };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
