import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { openerOf, openHere } from './open-file.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each([
  ['linux', 'xdg-open', ['/a b/index.html']],
  ['freebsd', 'xdg-open', ['/a b/index.html']],
  ['darwin', 'open', ['/a b/index.html']],
] as const)('on %s', (platform, command, args) => {
  expect(openerOf(platform, '/a b/index.html')).toEqual({ command, args, verbatim: false });
});

test('on Windows the path is one quoted word to the shell', () => {
  const { args, verbatim } = openerOf('win32', 'C:\\a & b\\index.html');
  expect(args.slice(-2)).toEqual(['""', '"C:\\a & b\\index.html"']);
  expect(verbatim).toBe(true);
});

describe.runIf(process.platform === 'linux')('opening', () => {
  /** A viewer of our own is the only one there is. */
  function viewer(script: string): string {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'xdg-open'), 0o755);
    vi.stubEnv('PATH', `${folder}:/bin:/usr/bin`);
    return folder;
  }

  test('starts the viewer with the path', async () => {
    const folder = viewer('touch "$1"');
    await openHere(join(folder, 'opened'));
    expect(existsSync(join(folder, 'opened'))).toBe(true);
  });

  test('does not wait for a viewer that stays', async () => {
    viewer('exec sleep 5');
    const begun = performance.now();
    await openHere('/nothing');
    expect(performance.now() - begun).toBeLessThan(4000);
  });

  test('a viewer that fails at once is told', async () => {
    viewer('exit 3');
    await expect(openHere('/nothing')).rejects.toThrow('xdg-open ended with exit code 3');
  });

  test('a system without a viewer is told', async () => {
    vi.stubEnv('PATH', temporaryFolder());
    await expect(openHere('/nothing')).rejects.toThrow('ENOENT');
  });
});
