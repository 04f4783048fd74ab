/** How long `fourways report` takes as a whole process, and how much memory, for runs that nobody measured. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { entryBeside } from '../../scenarios/entry.ts';
import { below, type Claim } from './claim.ts';
import { writeSyntheticRun } from './synthetic-run.ts';

interface Case {
  readonly trials: number;
  readonly scenarios: 1 | 3;
  readonly seconds: number;
  /** null where nothing is promised. */
  readonly megabytes: number | null;
}

const CASES: readonly Case[] = [
  { trials: 500, scenarios: 1, seconds: 5, megabytes: 400 },
  { trials: 10_000, scenarios: 3, seconds: 15, megabytes: null },
];
const PAGE_MB = 2;
const SEED = 1;
const MB = 2 ** 20;
/** Loaded before the command line, it ends what the process prints with a line of the resources that it took. */
const TELL = `data:text/javascript,process.on('exit',()=>console.error('\\n'+JSON.stringify(process.resourceUsage())))`;

const usageSchema = z.object({ maxRSS: z.number(), userCPUTime: z.number(), systemCPUTime: z.number() });

interface Measured {
  readonly seconds: number;
  /** Of all threads. */
  readonly cpuSeconds: number;
  /** At most. */
  readonly megabytes: number;
  readonly pageMegabytes: number;
  readonly images: number;
}

export async function report(): Promise<readonly Claim[]> {
  return CASES.flatMap((one) => {
    const { seconds, cpuSeconds, megabytes, pageMegabytes, images } = measured(one);
    const figures = `${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of CPU time, ${megabytes.toFixed(0)} MB, ${images} images`;
    process.stderr.write(`${one.trials} trials: ${figures}, page ${pageMegabytes.toFixed(2)} MB\n`);
    const claim = `report of ${one.trials.toLocaleString('en-US')} trials`;
    return [
      below(`${claim}, ${images} images`, seconds, one.seconds, 's'),
      ...(one.megabytes === null ? [] : [below(`${claim}: memory`, megabytes, one.megabytes, 'MB')]),
      below(`${claim}: page`, pageMegabytes, PAGE_MB, 'MB'),
    ];
  });
}

/** Throws when the report fails. */
function measured({ trials, scenarios }: Case): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'fourways-report-'));
  try {
    const run = writeSyntheticRun(folder, { trials, scenarios, seed: SEED });
    const out = join(folder, 'report');
    const cli = fileURLToPath(entryBeside(import.meta.url, '../cli'));
    const begun = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ['--import', TELL, cli, 'report', run, '--out', out], {
      encoding: 'utf8',
    });
    const seconds = (performance.now() - begun) / 1000;
    if (status !== 0) throw new Error(`the report of ${trials} trials failed:\n${stderr}`);
    const usage = usageSchema.parse(JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? ''));
    const images = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(?:svg|png)$/.test(name),
    );
    return {
      seconds,
      cpuSeconds: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
      megabytes: (usage.maxRSS * 1024) / MB,
      pageMegabytes: statSync(join(out, 'index.html')).size / MB,
      images: images.length,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
