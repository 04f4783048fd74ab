/** Times the kernel of one scenario, in a process of its own so that its CPU time holds nothing else. */
import { Bench } from 'tinybench';
import { importDefault } from '../../../scenarios/import.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { keepChannel } from '../../../servers/app/process.ts';
import { type CalibrationResult, calibrationCommandSchema } from './messages.ts';

/** Least CPU time spent measuring; a slow kernel takes longer, for its smallest number of samples. */
const TIME_MS = 250;
const WARM_UP_MS = 150;
const FEWEST_SAMPLES = 4;
/** A probe shorter than this is mostly clock. */
const PROBE_MS = 2;

/** CPU time of this process in milliseconds: time that other processes take does not count. */
function cpuNowMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function time(kernel: (iterations: number) => unknown, iterations: number): Promise<CalibrationResult> {
  const bench = new Bench({
    now: cpuNowMs,
    time: TIME_MS,
    iterations: FEWEST_SAMPLES,
    warmup: true,
    warmupTime: WARM_UP_MS,
    warmupIterations: FEWEST_SAMPLES,
  });
  // The kernel of a small request is repeated within a sample, so that the clock's own time does not matter.
  const started = cpuNowMs();
  kernel(iterations);
  const repeats = Math.max(1, Math.ceil(PROBE_MS / Math.max(cpuNowMs() - started, 0.001)));
  bench.add('kernel', () => {
    for (let i = 0; i < repeats; i++) kernel(iterations);
  });
  const [task] = await bench.run();
  const result = task?.result;
  if (result === undefined || !('latency' in result)) throw new Error('the kernel could not be timed');
  return { iterations, cpuMs: result.latency.mean / repeats, samples: result.latency.samplesCount };
}

/** Doubles until the time can be read from the clock, times that amount, and scales it. */
async function size(kernel: (iterations: number) => unknown, cpuMs: number): Promise<CalibrationResult> {
  let probe = 1;
  for (;;) {
    const started = cpuNowMs();
    kernel(probe);
    if (cpuNowMs() - started >= PROBE_MS || probe >= 2 ** 30) break;
    probe *= 2;
  }
  const timed = await time(kernel, probe);
  return { ...timed, iterations: Math.max(1, Math.round((cpuMs * probe) / timed.cpuMs)) };
}

const send = process.send?.bind(process);

process.on('message', async (raw) => {
  keepChannel();
  const { scenarioUrl, parameters, task } = calibrationCommandSchema.parse(raw);
  const scenario = await importDefault<Scenario>(scenarioUrl);
  const kernel = scenario.kernel?.prepare(parameters);
  if (kernel === undefined) throw new Error('the scenario has no kernel');
  const result = task.kind === 'time' ? await time(kernel, task.iterations) : await size(kernel, task.cpuMs);
  send?.(result);
});
process.on('disconnect', () => process.exit());
