/** What a user's file may say about its requests and its kernel, and what is refused. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UserError } from '../../errors.ts';
import { moduleHere } from '../../fixtures/module-here.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { type LoadedScenario, loadScenario } from './load.ts';

/** Loads a file with these members, as source text, in place of those that every scenario has. */
function loadedWith(members: string): Promise<LoadedScenario> {
  const file = join(temporaryFolder(), 'own.js');
  writeFileSync(
    file,
    `export default {
  summary: '', parameters: {},
  requests: () => [{ name: 'one', weight: 1, method: 'GET', path: '/' }],
  createHandler: () => () => ({ status: 200, headers: {}, body: '' }),
  verify: () => undefined,
  ${members}
};`,
  );
  return loadScenario(moduleHere, file, new AbortController().signal);
}

const kernelWith = (share: string): string => `kernel: { prepare: () => () => 0, share: () => ${share} },`;
/** Two classes: the second says more. */
const classes = (second: string): string => `requests: () => [
  { name: 'one', weight: 1, method: 'GET', path: '/' },
  { name: 'two', weight: 1, method: 'GET', path: '/two', ${second} },
],`;

test.each(['1', '0.05'])('a share of %s is one', async (share) => {
  const { kernel } = await loadedWith(kernelWith(share));
  expect(kernel).toEqual({ sizedBy: null, share: Number(share), inPool: false });
});

test.each(['0', '-0.1', '1.01', 'NaN', 'undefined + 1', "'all'"])('a share of %s is refused', async (share) => {
  await expect(loadedWith(kernelWith(share))).rejects.toThrow(/kernel\.share\(\) must return a number above 0/);
});

test('a share that fails is the mistake of its scenario', async () => {
  const failing = loadedWith('kernel: { prepare: () => () => 0, share: () => missing },');
  await expect(failing).rejects.toThrow(UserError);
  await expect(failing).rejects.toThrow('kernel.share() failed: missing is not defined');
});

test.each([
  ['share that is a number', 'kernel: { prepare: () => () => 0, share: 0.5 },', 'kernel.share: must be a function'],
  ['openLoop that is a word', "openLoop: 'yes',", 'openLoop: '],
  ['onFront that is a word', classes("onFront: 'yes'"), 'requests() 1.onFront: '],
])('a %s is refused', async (_, members, message) => {
  await expect(loadedWith(members)).rejects.toThrow(message);
});

test('a scenario may be about latency, and have a class that is answered on the front', async () => {
  const { openLoop, classes: found } = await loadedWith(`openLoop: true, ${classes('onFront: true')}`);
  expect(openLoop).toBe(true);
  expect(found.map(({ onFront }) => onFront)).toEqual([undefined, true]);
});

test('a front tells requests by method and path, so another class must not have the same', async () => {
  await expect(loadedWith(classes("path: '/', onFront: true"))).rejects.toThrow(
    "scenario own: requests() marks 'two' onFront, but 'one' has the same method and path",
  );
  await expect(loadedWith(classes("path: '/', method: 'POST', onFront: true"))).resolves.toBeDefined();
  await expect(loadedWith(classes("path: '/?two', onFront: true"))).resolves.toBeDefined();
});

test('members that are there and undefined are left out', async () => {
  const { classes: found, waitingMs } = await loadedWith(
    `waitingMs: undefined, ${classes('body: undefined, headers: undefined')}`,
  );
  expect(found[1]).toEqual({ name: 'two', weight: 1, method: 'GET', path: '/two' });
  expect(waitingMs).toBeNull();
});
