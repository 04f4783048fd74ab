import { examinedText } from '../../../reports/doctor/examination.ts';
import { examine } from '../../doctor/examine.ts';
import type { Examining } from '../../doctor/examining.ts';
import { EXIT, UserError } from '../../errors.ts';
import { whole } from '../../plan/options/values.ts';
import { packageVersion } from '../../version.ts';
import type { Io } from '../io.ts';
import { durationText } from './progress.ts';
import { interruptible } from './session.ts';
import { stepLine } from './step-line.ts';

export interface DoctorCommand {
  readonly format: 'text' | 'json';
  readonly seed?: number | undefined;
  /** These need `--noise`, which is another command in all but its name. */
  readonly budget?: string | undefined;
  readonly scenario?: string | undefined;
  readonly model?: string | undefined;
  readonly margin?: string | undefined;
}

const OF_NOISE = ['budget', 'scenario', 'model', 'margin'] as const;

/** `fourways doctor`: is this machine fit to measure, and does the harness measure what is known to be true? */
export async function doctorCommand(command: DoctorCommand, io: Io, startExamining: () => Examining): Promise<number> {
  const stray = OF_NOISE.find((name) => command[name] !== undefined);
  if (stray !== undefined) {
    throw new UserError(`--${stray} is for --noise only; give --noise as well, or leave --${stray} out`);
  }
  const startedAt = io.now();
  const seed = whole('--seed', command.seed ?? startedAt.getTime() % 2 ** 32, 0, 2 ** 32 - 1);
  const about = { version: packageVersion(), startedAt: startedAt.toISOString(), seed };
  const examining = startExamining();
  const progress = stepLine(io.err);
  try {
    return await interruptible(async (signal) => {
      try {
        const examined = await examine(
          examining,
          about,
          ({ name }, nth, of, leftMs) => {
            const place = `${String(nth).padStart(String(of).length)}/${of}`;
            progress.show(`[${place}] ${name}, ${durationText(leftMs)} left`);
          },
          signal,
        );
        progress.end();
        io.out.write(
          command.format === 'json'
            ? `${JSON.stringify(examined, null, 2)}\n`
            : examinedText(examined, { colour: io.out.isTTY === true && process.env['NO_COLOR'] === undefined }),
        );
        return examined.fit ? EXIT.fine : EXIT.untrusted;
      } catch (error) {
        if (!signal.aborted) throw error;
        progress.end();
        io.err.write('Interrupted: the examination is not complete, so nothing is said about this machine.\n');
        return EXIT.interrupted;
      }
    });
  } finally {
    progress.end();
    await examining.close();
  }
}
