/** How often `ab --duet` is right: two equal sides, and a head that does 8% or 5% more. Takes half an hour. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entryBeside } from '../../scenarios/entry.ts';
import { changeSchema } from '../judge/schema/change.ts';
import { main } from '../main.ts';
import type { Claim } from './claim.ts';

interface Case {
  /** Percent of work that head does more. */
  readonly more: number;
  readonly runs: number;
  readonly budget: string;
}

const EQUAL: Case = { more: 0, runs: 30, budget: '60s' };
const EIGHT: Case = { more: 8, runs: 20, budget: '60s' };
const FIVE: Case = { more: 5, runs: 20, budget: '120s' };

export async function gate(): Promise<readonly Claim[]> {
  const equal = await verdictsOf(EQUAL);
  const eight = await verdictsOf(EIGHT);
  const five = await verdictsOf(FIVE);
  const worse = (verdicts: readonly string[]): number => verdicts.filter((verdict) => verdict === 'worse').length;
  const told = equal.filter((verdict) => verdict === 'worse' || verdict === 'better').length;
  return [
    {
      claim: `ab of equal sides, ${EQUAL.runs} runs: better or worse`,
      measured: String(told),
      target: '0',
      reached: told === 0,
    },
    found(`8% more work: worse within 60 s, of ${EIGHT.runs} runs`, worse(eight), 19),
    found(`5% more work: worse within 120 s, of ${FIVE.runs} runs`, worse(five), 17),
  ];
}

function found(claim: string, count: number, target: number): Claim {
  return { claim, measured: String(count), target: `≥ ${target}`, reached: count >= target };
}

async function verdictsOf({ more, runs, budget }: Case): Promise<readonly string[]> {
  const file = fileURLToPath(entryBeside(import.meta.url, 'gate-work'));
  const verdicts: string[] = [];
  for (let run = 0; run < runs; run++) {
    const folder = mkdtempSync(join(tmpdir(), 'fourways-gate-'));
    const printed: string[] = [];
    const io = {
      out: { write: (text: string) => void printed.push(text) },
      err: { write: () => {} },
      now: () => new Date(),
    };
    const argv = ['ab', file, `${file}:more=${more}`, '--duet', '--budget', budget, '--format', 'json'];
    const begun = performance.now();
    try {
      await main([...argv, '--out', join(folder, 'ab')], io);
      const { cells } = changeSchema.parse(JSON.parse(printed.join('')));
      verdicts.push(...cells.map(({ verdict }) => verdict));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const seconds = Math.round((performance.now() - begun) / 1000);
    process.stderr.write(`${more}% more, run ${run + 1} of ${runs}: ${verdicts.at(-1)} after ${seconds} s\n`);
  }
  return verdicts;
}
