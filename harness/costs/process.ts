/** Times one operation, in a process of its own: what was compiled and allocated for another one would count. */
import { Bench } from 'tinybench';
import { usageOver } from './cpu.ts';
import { type CostCommand, commandSchema, type Launch } from './operations.ts';
import { type Task, taskFor } from './tasks.ts';

/** The least of what is slow, such as starting a process. */
const FEWEST_SAMPLES = 8;
const FEWEST_TO_WARM = 2;

process.on('message', async (raw) => {
  const command = commandSchema.parse(raw);
  process.send?.(await launch(await taskFor(command.operation), command));
});
process.on('disconnect', () => process.exit());

async function launch(task: Task, { warmUpMs, measureMs }: CostCommand): Promise<Launch> {
  await benched(task, warmUpMs, FEWEST_TO_WARM);
  // As many again for the CPU time.
  const { p50, samplesCount } = await benched(task, measureMs / 2, FEWEST_SAMPLES);
  const { cpuUs, elapsedUs } = await usageOver(task, samplesCount);
  return { wallUs: p50 * 1000, cpuUs: cpuUs / samplesCount, samples: samplesCount, elapsedUs };
}

async function benched(task: Task, time: number, iterations: number) {
  const bench = new Bench({ time, iterations, warmup: false, throws: true });
  bench.add(
    'operation',
    async () => {
      await task.run();
    },
    task.after === undefined ? {} : { afterEach: task.after },
  );
  const [done] = await bench.run();
  if (done === undefined || !('latency' in done.result)) throw new Error('nothing was timed');
  return done.result.latency;
}
