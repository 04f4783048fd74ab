/** What `action.yml` runs: `measure`, then `tell`. Nobody else calls it, and it may change with every version. */
import { visible } from '../../reports/words/escape.ts';
import { EXIT, UserError } from '../errors.ts';
import { inputsOf, jobOf } from './inputs.ts';
import { measure } from './measure.ts';
import { tell } from './tell.ts';

async function act(step: string | undefined): Promise<number> {
  const { env, stdout: out } = process;
  const inputs = inputsOf(env);
  const job = jobOf(env, inputs);
  if (step === 'tell') return tell(job, inputs, env, { out });
  await measure(job, inputs, env);
  return EXIT.fine;
}

try {
  process.exitCode = await act(process.argv[2]);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`fourways: ${visible(error.message)}\n`);
  process.exitCode = EXIT.usage;
}
