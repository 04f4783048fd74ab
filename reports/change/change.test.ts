/** What is printed of two runs, in each format. */
import { describe, expect, test } from 'vitest';
import { changeFormats } from '../../harness/commands/formats.ts';
import { cellOf, failedTrial, planOf } from '../../harness/fixtures/run.ts';
import { compareRuns } from '../../harness/judge/change/compare.ts';
import { around, asked, type CellFigures, runOf } from '../../harness/judge/fixtures/two-runs.ts';
import { type Change, changeSchema } from '../../harness/judge/schema/change.ts';

async function renderChange(
  change: Change,
  format: string,
  look: { colour: boolean; strict?: boolean },
): Promise<string> {
  return (await changeFormats[format]?.(change, { strict: false, width: 80, detail: false, ...look })) ?? '';
}

/** Head is made from other numbers than base, so that nothing is equal to the last digit. */
const cells = (slower: number, from: number, scenario = 'cpu'): readonly CellFigures[] => [
  { cell: cellOf('single', { scenario }), perSec: around(100, from), cpuMs: around(10, from + 3) },
  {
    cell: cellOf('cluster', { scenario }),
    perSec: around(200 / slower, from + 1),
    cpuMs: around(10 * slower, from + 4),
  },
  { cell: cellOf('fork-pool', { scenario }), perSec: around(180, from + 2), cpuMs: around(11, from + 5), busy: 0.5 },
  { cell: cellOf('worker-threads', { scenario }), perSec: around(190, from + 3), cpuMs: around(10.5, from + 6) },
];
const later = { startedAt: '2026-01-16T10:15:00.000Z' };

const regressed = compareRuns(runOf(cells(1, 0)), runOf(cells(1.1, 2), later), asked);
const equal = compareRuns(runOf(cells(1, 0)), runOf(cells(1, 2), later), asked);
const drifted = compareRuns(
  runOf(cells(1, 0)),
  runOf(
    cells(1, 2).map((one) => ({ ...one, perSec: one.perSec.map((value) => value * 0.9) })),
    later,
  ),
  asked,
);
const all: readonly [string, Change][] = [
  ['regressed', regressed],
  ['equal', equal],
  ['drifted', drifted],
];

describe.each(all)('%s', (_, change) => {
  test.each(['text', 'markdown', 'junit', 'github'] as const)('%s', async (format) => {
    expect(await renderChange(change, format, { colour: false })).toMatchSnapshot();
  });

  test('text is at most 80 columns wide, with and without colours of the same words', async () => {
    const plain = await renderChange(change, 'text', { colour: false });
    for (const line of plain.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the codes of colours
    expect((await renderChange(change, 'text', { colour: true })).replace(/\u001b\[\d+m/g, '')).toBe(plain);
  });

  test('json is the comparison itself', async () => {
    const printed = await renderChange(change, 'json', { colour: false });
    expect(changeSchema.parse(JSON.parse(printed))).toEqual(change);
  });
});

describe('what a reviewer reads', () => {
  const together = { ...asked, pairing: 'duet' as const, control: 'none' as const };
  const one = (factor: number, from: number) =>
    runOf([
      {
        cell: cellOf('single', { scenario: 'GET /products' }),
        perSec: around(100, from),
        cpuMs: around(10 * factor, from + 3),
      },
    ]);
  const better = compareRuns(one(1, 0), one(0.8, 2), together);
  const level = compareRuns(one(1, 0), one(1, 2), together);
  const worse = compareRuns(one(1, 0), one(1.2, 2), together);
  const lineOf = async (change: Change): Promise<string> =>
    (await renderChange(change, 'text', { colour: false })).split('\n\n')[0]?.replaceAll('\n', ' ') ?? '';

  test('is one line with the decision, the cell and what matters', async () => {
    expect(await lineOf(worse)).toMatch(/^✗ worse: GET \/products \+\d+\.\d% \(\+.* to \+.*\) CPU$/);
    expect(await lineOf(level)).toMatch(/^✓ no regression: GET \/products \S+% \(.* to .*\) CPU/);
    expect(await lineOf(better)).toMatch(/^✓ no regression, better: GET \/products −\d+\.\d% /);
  });

  test('never has the words of the engine', async () => {
    for (const [, change] of [...all, ['better', better], ['worse', worse]] as const) {
      const text = await renderChange(change, 'text', { colour: false });
      const table = text.split('\n\n').slice(0, 2).join('\n');
      expect(table).not.toMatch(/inconclusive|invalid|equivalent/);
    }
  });

  test('has what is ruled out, rounded to where it still holds', async () => {
    expect(await renderChange(worse, 'text', { colour: false })).toMatch(
      /✗ CPU per request +10\.0 ms .* at least 1\d% more$/m,
    );
    expect(await renderChange(better, 'text', { colour: false })).toMatch(/✓ CPU per request .* at least 1\d% less$/m);
    expect(await renderChange(level, 'text', { colour: false })).toMatch(
      /✓ CPU per request .* (?:at most [\d.]+%|not) more$/m,
    );
  });

  test('has how to do it again, and what got slower, with times per request', async () => {
    const change: Change = {
      ...worse,
      again: "npx fourways ab ../base . --request 'GET /products'",
      slower: [
        {
          cell: 'GET /products/single',
          functions: [{ name: 'renderItem', where: 'views/list.js:12', baseMs: 0.31, headMs: 1.52 }],
          profiles: { base: [], head: [] },
        },
      ],
    };
    const text = await renderChange(change, 'text', { colour: false });
    expect(text).toContain("again: npx fourways ab ../base . --request 'GET /products'\n");
    expect(text).toMatch(/^310 µs → 1\.52 ms +renderItem +views\/list\.js:12$/m);
    const markdown = await renderChange(change, 'markdown', { colour: false });
    expect(markdown).toContain("```\nnpx fourways ab ../base . --request 'GET /products'\n```");
    expect(markdown).toContain('| renderItem | views/list.js:12 | 310 µs → 1.52 ms |');
  });

  test('is a few rows, the others are folded away', async () => {
    const many = Array.from({ length: 5 }, (_, i) => cells(1, 0, `s${i}`)).flat();
    const slower = many.map((cell, i) => (i === 17 ? { ...cell, cpuMs: cell.cpuMs.map((ms) => ms * 1.2) } : cell));
    const change = compareRuns(runOf(many), runOf(slower), together);
    const [shown = '', folded = ''] = (await renderChange(change, 'markdown', { colour: false })).split('<summary>');
    const rows = (text: string): string[] => text.split('\n').filter((line) => /^\| s\d/.test(line));
    expect(rows(shown)).toHaveLength(8);
    expect(rows(shown)[0]).toMatch(/^\| s4\/cluster \| ✗ CPU per request \|/);
    expect(folded).toMatch(/^\d+ more</);
  });

  test('shows better on the left and worse on the right, in a drawing of characters', async () => {
    const drawing = async (change: Change): Promise<string> =>
      /CPU per request.*`([^`\n]+)`/.exec(await renderChange(change, 'markdown', { colour: false }))?.[1] ?? '';
    expect(await drawing(worse)).toBe('······┊·│·┊·····▸');
    expect(await drawing(better)).toBe('◂·····┊·│·┊······');
    expect(await drawing(level)).toMatch(/^·+┊[━●│]+┊·+$|^·+┊.*●.*┊·+$/);
  });
});

describe('a cell that works in base but not in head', () => {
  const whole = runOf(cells(1, 2), later);
  const trials = whole.trials.map((trial) =>
    trial.cell === 'cpu/cluster' ? failedTrial({ id: trial.cell }, trial.round) : trial,
  );
  const lost = compareRuns(runOf(cells(1, 0)), { ...whole, trials }, asked);
  const print = (format: 'text' | 'markdown' | 'junit' | 'github') => renderChange(lost, format, { colour: false });

  test('is said first by every format, and fails', async () => {
    expect(await print('text')).toMatch(/^✗ cpu\/cluster works in base but not in head/);
    expect(await print('markdown')).toMatch(/^### ✗ cpu\/cluster works in base but not in head/);
    expect(await print('markdown')).toMatch(/^\| cpu\/cluster \| ✗ works \| .* \*\*not in head\*\*/m);
    expect(await print('junit')).toContain('failures="1"');
    expect(await print('junit')).toContain(
      '<failure type="broken" message="works in base but not in head, where 8 of 8',
    );
    expect(await print('github')).toMatch(/^::error title=cpu\/cluster%3A works::works in base but not in head,/);
  });
});

describe('trials that failed more often on one side', () => {
  const whole = runOf(cells(1, 2), later);
  const flaky = [1, 3].map((round) => failedTrial({ id: 'cpu/cluster' }, round));
  const flawed = { ...whole, trials: [...whole.trials, ...flaky] };
  const base = runOf(cells(1, 0));
  const print = (change: Change, format: string, strict = false) =>
    renderChange(change, format, { colour: false, strict });

  test('in head alone: it fails, which is said before everything else', async () => {
    const change = compareRuns(base, flawed, asked);
    expect(await print(change, 'text')).toMatch(/^✗ cpu\/cluster: head failed 2 of its 10 tries/);
    expect(await print(change, 'junit')).toContain(
      '<failure type="broken" message="failed tries: 2 of 10 in head, 0 of 8 in base',
    );
    expect(await print(change, 'github')).toMatch(/^::error title=cpu\/cluster%3A failed tries::/);
  });

  test('in base alone: they are a note, a warning, and skipped', async () => {
    const change = compareRuns(flawed, base, asked);
    const said = '2 of 10 trials failed in base, 0 in head; the remaining trials are not a fair sample';
    for (const format of ['text', 'markdown', 'json', 'junit', 'github']) {
      expect((await print(change, format)).replaceAll(/\s+/g, ' ')).toContain(said);
    }
    expect(await print(change, 'junit', true)).toContain('failures="0" errors="0"');
    expect(await print(change, 'github', true)).toContain('::warning title=cpu/cluster%3A failed tries::');
  });
});

test('GitHub shows ten annotations of a level: the tenth names the others', async () => {
  const many = Array.from({ length: 8 }, (_, i) => cells(1, 0, `s${i}`)).flat();
  const slower = many.map((one) => ({ ...one, cpuMs: one.cpuMs.map((ms) => ms * 1.2) }));
  const change = compareRuns(runOf(many), runOf(slower), { ...asked, control: 'none' });
  const errors = (await renderChange(change, 'github', { colour: false }))
    .split('\n')
    .filter((line) => line.startsWith('::error'));
  expect(errors).toHaveLength(10);
  expect(errors[9]).toMatch(/^::error title=23 more::s2\/cluster: CPU per request; /);
});

describe('hostile names', () => {
  const evil = 'a|b<img src=x>"\'&]]>\n::error::x%0A,\u001b[31m\u202e@team\uffff\ud800 --><!-- `*_';
  const scenario = 'evil';
  const plan = planOf({ id: scenario, name: evil });
  const named = (cpu: number): readonly CellFigures[] => [
    { cell: cellOf('single', { scenario, id: evil, model: evil }), perSec: around(100), cpuMs: around(cpu) },
    { cell: cellOf('cluster', { scenario }), perSec: around(100), cpuMs: around(1), busy: 0.4 },
  ];
  const change = compareRuns(runOf(named(1), { version: evil }, [plan]), runOf(named(2), {}, [plan]), {
    ...asked,
    labels: { base: evil, head: evil },
  });
  const print = (format: 'text' | 'markdown' | 'junit' | 'github'): Promise<string> =>
    renderChange(change, format, { colour: false });

  test.each(['text', 'markdown', 'junit', 'github'] as const)(
    '%s: no control character, no reordering',
    async (format) => {
      expect(await print(format)).toContain('error::x');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
      expect(await print(format)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    },
  );

  test('text: a name cannot begin a line of its own', async () => {
    expect(await print('text')).not.toMatch(/^::error/m);
  });

  test('markdown: neither a tag, nor a cell of a table, nor a mention, nor emphasis', async () => {
    const text = await print('markdown');
    // Of code spans there are only drawings of our own.
    const escaped = text.replace(/\\[\\`*_[\]|~#]/g, '').replace(/`[·┊│━●◂▸]{17}`/g, '');
    expect(escaped.replace(/<\/?(?:details|summary)>|@<!-- -->/g, '')).not.toMatch(/[<>`]/);
    for (const row of escaped.split('\n').filter((line) => line.startsWith('|'))) {
      expect(row.split('|')).toHaveLength(9);
    }
    expect(text).not.toMatch(/(?<!\w)@team/);
  });

  test('JUnit: well-formed, with nothing that XML cannot hold', async () => {
    const text = await print('junit');
    expect(text).not.toMatch(/[\ufffe\uffff]|\p{Surrogate}/u);
    expect(elementsOf(text)).toEqual({ testcase: 8, failure: 1, skipped: 1, properties: 0 });
  });

  test('GitHub: each line is one command, and a title ends where it should', async () => {
    const lines = (await print('github')).trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^::(?:error|warning|notice) title=[^:,]*::.*$/);
    expect(lines.join('\n')).not.toMatch(/%(?!25|0D|0A|3A|2C)/);
  });
});

test.each(all)('JUnit of %s is well-formed, and its counts are right', async (_, change) => {
  const text = await renderChange(change, 'junit', { colour: false });
  const { testcase, failure, skipped } = elementsOf(text);
  expect(text).toContain(`tests="${testcase}" failures="${failure}" errors="0" skipped="${skipped}"`);
});

/** A strict little parser: every tag is closed by its own name, attributes are quoted, and entities are known. Counts elements. */
function elementsOf(xml: string): Record<string, number> {
  const counts: Record<string, number> = { testcase: 0, failure: 0, skipped: 0, properties: 0 };
  const open: string[] = [];
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  const rest = body.replace(/<(\/?)([a-z-]+)((?: [a-z]+="[^"<>]*")*)(\/?)>/g, (_, closing, name, __, empty) => {
    if (closing === '/') expect(open.pop()).toBe(name);
    else {
      counts[name] = (counts[name] ?? 0) + 1;
      if (empty !== '/') open.push(name);
    }
    return '';
  });
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]/);
  expect(xml.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
  const { testcase = 0, failure = 0, skipped = 0, properties = 0 } = counts;
  return { testcase, failure, skipped, properties };
}
