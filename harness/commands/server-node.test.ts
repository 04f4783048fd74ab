/** `--node-arg` and `--env`, on a machine that does not exist. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mistake, run } from '../fixtures/command.ts';
import { fakeMeasuring } from '../fixtures/fake-measuring.ts';
import { environment } from '../fixtures/run.ts';
import { interruptedIn, MATRIX, newFolder, runFileIn } from '../fixtures/stopped-run.ts';
import type { Measuring } from '../measure/measuring.ts';
import type { ServerNode } from '../plan/options/server-node.ts';

/** Records how servers would be started, as a real machine does. */
function recording(on: Measuring = fakeMeasuring()) {
  const asked: ServerNode[] = [];
  const measuring = (servers: ServerNode): Measuring => {
    asked.push(servers);
    const recorded = { nodeArgs: [...servers.args], env: Object.keys(servers.env), nodeOptions: null, runtimes: [] };
    return { ...on, environment: () => ({ ...environment, servers: recorded }) };
  };
  return { asked, measuring };
}

const GIVEN = ['--node-arg=--expose-gc', '--env', 'SECRET=hidden', '--env', 'LOG='];

test('a run that is resumed gets its options from the file, and variables again from the command line', async () => {
  const folder = newFolder();
  const stopped = recording(interruptedIn(2));
  await run([...MATRIX, ...GIVEN, '--out', folder], { measuring: stopped.measuring });
  expect(stopped.asked).toEqual([{ args: ['--expose-gc'], env: { SECRET: 'hidden', LOG: '' } }]);
  expect(readFileSync(runFileIn(folder), 'utf8')).not.toContain('hidden');

  const resumed = recording();
  const again = (...flags: string[]) => run(['run', '--resume', folder, ...flags], { measuring: resumed.measuring });
  expect(mistake(await again('--env', 'LOG='))).toBe(
    `--resume ${folder}: the run was started with variables whose values are not stored; give them again: --env SECRET=…`,
  );
  expect(mistake(await again('--env', 'SECRET=hidden', '--env', 'LOG=', '--env', 'MORE=1'))).toBe(
    '--env MORE: the run was started without it; leave it out, or start a new run without --resume',
  );
  expect(mistake(await again('--node-arg=--expose-gc'))).toMatch(/leave out --node-arg/);
  const whole = await again('--env', 'SECRET=hidden', '--env', 'LOG=');
  expect(whole.code, whole.err).toBe(0);
  expect(whole.out).toContain('Node 22.12.0 --expose-gc · ');
  expect(resumed.asked).toEqual(stopped.asked);
  expect(readFileSync(join(folder, 'summary.json'), 'utf8')).not.toContain('hidden');
});

test('an option that Node.js does not have is found before anything is started', async () => {
  const folder = newFolder();
  const { asked, measuring } = recording();
  expect(mistake(await run([...MATRIX, '--node-arg=--no-such-thing', '--out', folder], { measuring }))).toMatch(
    /^--node-arg --no-such-thing: bad option: --no-such-thing; see node --help$/,
  );
  expect(asked).toEqual([]);
});
