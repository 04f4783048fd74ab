/** Single images, how they look, and showing what was written. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DRAWN, mistake, run } from '../fixtures/command.ts';
import { sentRuns } from '../fixtures/sent-runs.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const sent = sentRuns();
const drawn = (argv: readonly string[], substitutes?: Parameters<typeof run>[1]) => run(argv, substitutes, DRAWN);

/** A system on which everything can be opened, and what was. */
function opening() {
  const opened: string[] = [];
  return { opened, open: async (path: string) => void opened.push(path) };
}

describe('--chart', () => {
  test('writes the images of these charts alone, and prints where they are', async () => {
    const folder = join(sent('a'), 'a');
    const { code, out, err } = await drawn(['report', folder, '--chart', 'throughput,latency']);
    const paths = ['throughput', 'latency'].map((name) => join(folder, 'report', `${name}-hello.svg`));
    expect({ code, out, err }).toEqual({ code: 0, out: paths.map((path) => `${path}\n`).join(''), err: '' });
    expect(readdirSync(join(folder, 'report')).toSorted()).toEqual([
      'latency-hello.png',
      'latency-hello.svg',
      'latency-hello.vl.json',
      'latency-hello@2x.png',
      'throughput-hello.png',
      'throughput-hello.svg',
      'throughput-hello.vl.json',
      'throughput-hello@2x.png',
    ]);
  });

  test('says why one is left out', async () => {
    const folder = join(sent('a'), 'a');
    const { code, out, err } = await drawn(['report', folder, '--chart', 'throughput', '--chart', 'sustained-rate']);
    expect(code).toBe(0);
    expect(out).toBe(`${join(folder, 'report', 'throughput-hello.svg')}\n`);
    expect(err).toBe('No chart sustained-rate of hello: no latency was measured at given rates\n');
  });

  test('with nothing to show is a mistake that says why, and leaves no folder', async () => {
    const folder = join(sent('a'), 'a');
    expect(mistake(await drawn(['report', folder, '--chart', 'sustained-rate']))).toBe(
      '--chart: no chart sustained-rate of hello: no latency was measured at given rates; name another chart, or leave --chart out',
    );
    expect(readdirSync(folder)).toEqual(['run.ndjson']);
  });

  test.each([
    [['--chart', 'throughptu'], "--chart throughptu: there is no such chart. Did you mean 'throughput'?"],
    [['--chart', 'latency', '--format', 'json'], '--format json: with --chart the paths of the images are printed'],
    [
      ['--chart', 'latency', '--require', 'hello/single p99<1s'],
      '--require is judged in the report; leave out --chart',
    ],
    [['--width', '12'], '--width 12: give a whole number of pixels'],
    [['--theme', 'sepia'], '--theme sepia: give light or dark'],
    [['--title', ''], "--title '': the value is empty"],
  ])('%j is a mistake, and nothing is written', async (flags, named) => {
    const folder = join(sent('a'), 'a');
    expect(mistake(await drawn(['report', folder, ...flags]))).toContain(named);
    expect(readdirSync(folder)).toEqual(['run.ndjson']);
  });
});

test('title, subtitle, theme and width are those of the image', async () => {
  const folder = join(sent('a'), 'a');
  const out = join(temporaryFolder(), 'out');
  const look = ['--title', 'Ours & <b>theirs</b>', '--subtitle', 'A week later', '--theme', 'dark', '--width', '16:9'];
  await drawn(['report', folder, '--chart', 'throughput', '--out', out, ...look]);
  const svg = readFileSync(join(out, 'throughput-hello.svg'), 'utf8');
  expect(svg).toContain('Ours &amp; &lt;b&gt;theirs&lt;/b&gt;');
  expect(svg).toContain('A week later');
  expect(svg).toMatch(/<svg[^>]* width="1920"[^>]* height="1080"/u);
  expect(svg).not.toContain('#ffffff');
});

describe('--open', () => {
  test('opens the page', async () => {
    const folder = join(sent('a'), 'a');
    const { opened, open } = opening();
    expect(await drawn(['report', folder, '--open'], { open })).toMatchObject({ code: 0 });
    expect(opened).toEqual([join(folder, 'report', 'index.html')]);
  });

  test('opens the image when there is one, and the folder when there are several', async () => {
    const folder = join(sent('a'), 'a');
    const { opened, open } = opening();
    await drawn(['report', folder, '--open', '--chart', 'throughput'], { open });
    await drawn(['report', folder, '--open', '--chart', 'throughput,latency'], { open });
    expect(opened).toEqual([join(folder, 'report', 'throughput-hello.svg'), join(folder, 'report')]);
  });

  test('says where it is when it cannot be opened, which is no failure', async () => {
    const folder = join(sent('a'), 'a');
    const open = async () => {
      throw new Error('spawn xdg-open ENOENT');
    };
    const path = join(folder, 'report', 'throughput-hello.svg');
    expect(await drawn(['report', folder, '--open', '--chart', 'throughput'], { open })).toEqual({
      code: 0,
      out: `${path}\n`,
      err: `--open: nothing here can open it (spawn xdg-open ENOENT); it is at ${path}\n`,
    });
  });

  test('opens nothing unless it is asked to', async () => {
    const { opened, open } = opening();
    await drawn(['report', join(sent('a'), 'a'), '--chart', 'throughput'], { open });
    expect(opened).toEqual([]);
    expect(existsSync('report')).toBe(false);
  });
});
