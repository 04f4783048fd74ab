import { examine } from '../doctor/examine.ts';
import { examinedText } from '../doctor/examined-text.ts';
import type { Examining } from '../doctor/examining.ts';
import { EXIT } from '../errors.ts';
import { interruptible } from '../interrupt.ts';
import type { Io, Stream } from '../io.ts';
import { whole } from '../plan/whole.ts';
import { durationText } from '../progress.ts';
import { packageVersion } from '../version.ts';

export interface DoctorCommand {
  readonly format: 'text' | 'json';
  readonly seed?: number | undefined;
}

/** Moves to the start of the line and clears it. */
const CLEAR_LINE = '\r\u001b[2K';

/** `fourways doctor`: is this machine fit to measure, and does the harness measure what is known to be true? */
export async function doctorCommand(command: DoctorCommand, io: Io, startExamining: () => Examining): Promise<number> {
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

/** One line that is written over on a terminal, and a line each elsewhere. */
function stepLine(stream: Stream): { show(text: string): void; end(): void } {
  let shown = false;
  return {
    show: (text) => {
      stream.write(stream.isTTY === true ? `${CLEAR_LINE}${text}` : `${text}\n`);
      shown = true;
    },
    end: () => {
      if (shown && stream.isTTY === true) stream.write(CLEAR_LINE);
      shown = false;
    },
  };
}
