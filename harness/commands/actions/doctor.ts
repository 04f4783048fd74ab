import type { Io } from '../../command-line/command.ts';
import { examine } from '../../doctor/examine.ts';
import { EXIT } from '../../errors.ts';
import { integerFlag } from '../../plan/options/values.ts';
import { packageVersion } from '../../version.ts';
import { examinationFormats, print } from '../formats.ts';
import { durationText, stepLine } from './progress.ts';
import { seedOf, withSession } from './session.ts';

export interface DoctorArgs {
  readonly format: string;
  readonly seed?: number | undefined;
  /** Nothing on stderr but errors and warnings. */
  readonly quiet?: boolean | undefined;
}

/** `fourways doctor`: is this machine fit to measure, and does the harness measure what is known to be true? */
export async function examineMachine(args: DoctorArgs, io: Io): Promise<number> {
  const startedAt = io.now();
  const seed = integerFlag('--seed', args.seed ?? seedOf(startedAt), 0, 2 ** 32 - 1);
  const about = { version: packageVersion(), startedAt: startedAt.toISOString(), seed };
  const examining = (io.examining ?? (await import('../../doctor/examining.ts')).examineHere)();
  const progress = stepLine(io.err, args.quiet);
  return withSession({
    processes: examining,
    progress,
    ifInterrupted: 'Interrupted: the examination is not complete, so there is no verdict on this machine.',
    measure: (signal) =>
      examine(
        examining,
        about,
        ({ name }, nth, of, leftMs) => {
          const place = `${String(nth).padStart(String(of).length)}/${of}`;
          progress.show(`[${place}] ${name}, ${durationText(leftMs)} left`);
        },
        signal,
      ),
    conclude: async (examined) => {
      await print(examined, examinationFormats, args, io);
      return examined.fit ? EXIT.fine : EXIT.untrusted;
    },
  });
}
