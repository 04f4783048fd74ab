import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { canFillDisk, fillDisk } from '../harness/fixtures/full-disk.ts';
import { DEFAULT_CANVAS } from './drawing/canvas.ts';
import { DARK, INK } from './drawing/theme.ts';
import { cell } from './fixtures/build.ts';
import { summary } from './fixtures/summary.ts';
import { tracesFor } from './fixtures/traces.ts';
import { DEFAULT_IMAGES } from './images/options.ts';
import { hostileSummary, resultWith, scenario, scenarioOf, summaryOf } from './fixtures/variants.ts';
import { type WrittenReport, writeReport } from './write.ts';

let parent = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'fourways-report-'));
});
afterEach(async () => {
  await rm(parent, { recursive: true, force: true });
});

const whole = { summary, traces: tracesFor(...summary.scenarios) };
const cpu = scenario('cpu');
/** Of one scenario, because drawing takes its time. */
const report = { summary: { ...summary, scenarios: [cpu] }, traces: tracesFor(cpu) };

/** Where that is written. */
let drawn = '';
let written: WrittenReport;
beforeAll(async () => {
  drawn = join(await mkdtemp(join(tmpdir(), 'fourways-report-')), 'a', 'report');
  written = await writeReport(report, drawn);
});
afterAll(() => rm(dirname(dirname(drawn)), { recursive: true, force: true }));

test('writes the overview and each chart in four forms, the page and the markdown', async () => {
  expect(written.index).toBe(join(drawn, 'index.html'));
  expect(written.charts).toContain(join(drawn, 'overview.svg'));
  expect(written.charts).toContain(join(drawn, 'throughput-cpu-ms-10.svg'));
  const files = await readdir(drawn);
  const forms = written.charts.flatMap((path) => {
    const base = basename(path, '.svg');
    return [`${base}.svg`, `${base}.png`, `${base}@2x.png`, `${base}.vl.json`];
  });
  expect(new Set(files)).toEqual(new Set([...forms, 'index.html', 'report.md']));
  const spec: unknown = JSON.parse(await readFile(join(drawn, 'latency-cpu-ms-10.vl.json'), 'utf8'));
  expect(spec).toMatchObject({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json' });
  expect(await readFile(join(drawn, 'index.html'), 'utf8')).toContain('<svg role="img"');
});

test.runIf(canFillDisk)(
  'a disk that is full while images are drawn is one error, and nothing is left that fails later',
  async () => {
    const later: unknown[] = [];
    const listen = (error: unknown): void => void later.push(error);
    process.on('unhandledRejection', listen);
    const makeRoom = fillDisk(50_000);
    await expect(writeReport(report, join(parent, 'report'))).rejects.toMatchObject({ code: 'EFBIG' });
    makeRoom();
    await setTimeout(50);
    process.off('unhandledRejection', listen);
    expect(later).toEqual([]);
  },
);

test('every image that the markdown shows is there', async () => {
  const markdown = await readFile(join(drawn, 'report.md'), 'utf8');
  const shown = [...markdown.matchAll(/^!\[.+\]\((.+)\)$/gmu)].map(([, path]) => path ?? '');
  expect(shown).toContain('overview.svg');
  expect(shown).toContain('throughput-cpu-ms-10.svg');
  expect(shown.filter((path) => !existsSync(join(drawn, path)))).toEqual([]);
});

test('the same run gives the same files, byte for byte', async () => {
  // The pages are compared below, and with them every chart.
  const charts = ['overview', 'throughput', 'timeline'];
  await writeReport(report, parent, { ...DEFAULT_IMAGES, charts });
  const names = await readdir(parent);
  expect(names.length).toBeGreaterThan(4 * charts.length - 1);
  for (const name of names) {
    expect((await readFile(join(parent, name))).equals(await readFile(join(drawn, name))), name).toBe(true);
  }
});

test('only the charts that are asked for, without a page, in the size and the theme that are asked for', async () => {
  const folder = join(parent, 'report');
  const canvas = { size: { kind: 'width', px: 640 }, title: 'Mine', subtitle: null } as const;
  const written = await writeReport(whole, folder, { canvas, theme: 'dark', charts: ['throughput', 'overview'] });
  expect(written.index).toBeNull();
  expect(written.charts.map((path) => basename(path))).toEqual([
    'overview.svg',
    'throughput-hello.svg',
    'throughput-cpu-ms-10.svg',
    'throughput-io-ms-20.svg',
  ]);
  expect(await readdir(folder)).toHaveLength(4 * 4);
  const image = await readFile(join(folder, 'throughput-hello.svg'), 'utf8');
  expect(image).toContain('>Mine</text>');
  expect(image).toContain(DARK.get(INK.paper));
  expect(image).not.toContain(`fill="${INK.paper}"`);
  const png = await readFile(join(folder, 'throughput-hello@2x.png'));
  expect(png.readUInt32BE(16)).toBe(1280);
});

test('the page is in light colours whatever the images are, because it follows its reader', async () => {
  await writeReport(report, parent, { canvas: DEFAULT_CANVAS, theme: 'dark', charts: null });
  expect(await readFile(join(parent, 'overview.svg'))).not.toEqual(await readFile(join(drawn, 'overview.svg')));
  for (const name of ['index.html', 'report.md']) {
    expect(await readFile(join(parent, name), 'utf8')).toBe(await readFile(join(drawn, name), 'utf8'));
  }
});

test('a hostile scenario id stays inside the folder', async () => {
  const hostile = hostileSummary();
  const scenarios = hostile.scenarios.map((scenario) => ({ ...scenario, id: '../../outside' }));
  await writeReport({ summary: { ...hostile, scenarios } }, join(parent, 'report'));
  expect(await readdir(parent)).toEqual(['report']);
  const page = await readFile(join(parent, 'report', 'index.html'), 'utf8');
  expect(page).not.toMatch(/<img/u);
  expect(page.match(/<script/gu)).toHaveLength(1);
});

test('tells which charts were left out and why, and so does the markdown', async () => {
  const alone = scenarioOf(cell('hello', 'single', resultWith({})));
  const written = await writeReport({ summary: summaryOf(alone) }, parent);
  expect(written.omitted).toContainEqual({
    chart: 'requests-per-worker',
    scenario: 'hello',
    reason: 'no model has more than one worker',
  });
  const markdown = await readFile(join(parent, 'report.md'), 'utf8');
  expect(markdown).toContain('No chart “Requests per worker”: no model has more than one worker.');
});
