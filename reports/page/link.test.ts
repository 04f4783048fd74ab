import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { latencySummary } from '../fixtures/latency-summary.ts';
import { summary } from '../fixtures/summary.ts';
import { AFTER, BEFORE } from '../fixtures/two-runs.ts';
import { hostileSummary, scenarioOf } from '../fixtures/variants.ts';
import { sideBySide } from '../side-by-side/summary.ts';
import { linkData, linkedReport, linkSection } from './link.ts';

/** Every figure to as many digits as links have. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, one) =>
      typeof one === 'number' && !Number.isInteger(one) ? Number(one.toPrecision(10)) : one,
    ),
  );
}

function packed(value: unknown): string {
  return deflateSync(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

test.each([
  ['one run', summary],
  ['latencies at rates', latencySummary],
  ['several runs side by side', sideBySide([BEFORE, AFTER]).summary],
  ['hostile text', hostileSummary()],
])('a link has the whole summary: %s', async (_, source) => {
  expect(rounded(await linkedReport(linkData({ summary: source })))).toEqual(rounded(source));
});

test('a link can be part of an address, and goes through chat programs', () => {
  const data = linkData({ summary });
  expect(data).toMatch(/^[\w-]+$/u);
  expect(data.length).toBeLessThan(32_000);
});

test('what was damaged on the way is noticed, wherever it is', async () => {
  const data = linkData({ summary });
  for (let at = 0; at < data.length; at += Math.ceil(data.length / 50)) {
    const other = data[at] === 'A' ? 'B' : 'A';
    await expect(linkedReport(`${data.slice(0, at)}${other}${data.slice(at + 1)}`)).rejects.toThrow();
    await expect(linkedReport(data.slice(0, at))).rejects.toThrow();
  }
});

test.each([
  ['nothing', ''],
  ['no base64', '%%%'],
  ['no JSON', packed('take cluster')],
  ['no runs', packed([])],
  ['another version', packed([{ label: null, summary: { ...summary, schema: 1 } }])],
  ['no scenario of the kind that reports have', packed([{ label: null, summary: { ...summary, scenarios: [{}] } }])],
  ['a scenario without models', packed([{ label: null, summary: { ...summary, scenarios: [scenarioOf()] } }])],
  ['more than any report has', packed(`"${'a'.repeat(2 ** 24)}"`)],
])('what is no report is refused: %s', async (_, data) => {
  await expect(linkedReport(data)).rejects.toThrow();
});

test('says how long it is, and what long links meet', () => {
  const said = (length: number) => linkSection({ kind: 'offered', data: 'a'.repeat(length) });
  expect(said(100)).toContain('1 KB');
  expect(said(100)).not.toContain('send');
  expect(said(9000)).toContain('10 KB');
  expect(said(9000)).toContain('Some chat programs cut a link of more than 8 KB off');
  expect(said(33_000)).toContain('rather send the page itself');
});
