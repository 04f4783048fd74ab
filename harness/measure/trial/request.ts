/** What is asked of one trial. */
import type { Launch } from '../../plan/schedule/cells.ts';
import type { Cell, Environment, Failure, ScenarioPlan } from '../../store/schema.ts';
import type { Fingerprints } from '../replies/verify.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import type { Barrier } from './barrier.ts';
import type { ProfileRecorder } from './profiles.ts';

export interface TrialRequest {
  readonly cell: Cell;
  readonly round: number;
  readonly attempt: number;
  readonly plan: ScenarioPlan;
  readonly loaded: LoadedScenario;
  /** What every reply must be, found before anything was timed. */
  readonly expected: Fingerprints;
  /** Longest warm-up, where it is not the usual limit. */
  readonly warmUpLimitMs?: number;
  readonly measureMs: number;
  /** Where the run takes place: what the figures are judged against. */
  readonly environment: Pick<Environment, 'availableCpus' | 'uvThreadpoolSize'>;
  /** Reasons, other than a fault of the server, for which the trial does not count and is repeated. */
  readonly repeatedFor: readonly Extract<Failure['kind'], 'disturbed' | 'calibration'>[];
  /** Without it, the built-in model of that name. */
  readonly launch?: Launch | undefined;
  /** With a trial that runs at the same time: both begin their windows together, and load both until both are over. */
  readonly barrier?: Barrier;
  /** Of the schedule of an open loop: the same for every model, so that all of them get the same requests. */
  readonly seed: number;
  /** Time after which a request counts as lost, instead of what follows from the cell. */
  readonly timeoutSec?: number;
  /** A line for the shell with which a command reloads itself; null, or left out, where none was given. */
  readonly reload?: string | null;
  /** With it the server is profiled: what is measured is then no figure of any run. */
  readonly recorder?: ProfileRecorder;
}
