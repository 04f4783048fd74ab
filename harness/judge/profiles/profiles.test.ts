/** From profiles of processes and threads to the functions that got slower. */
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../stats/random.ts';
import { profileWithin, sampledOf } from './cpu-profile.ts';
import { profileOf } from './fixtures/profile.ts';
import { type Frame, framesOf, functionsOf, meanOf, OTHER_THREADS, type Sources, totalMs } from './frames.ts';
import { grownFunctions } from './growth.ts';
import { largestFunctions, shownFrames } from './shown.ts';

const NO_LINES = { lineOf: () => null };
const inFolder = (path: string): Sources => ({ roots: [{ path, as: '' }], ...NO_LINES });

/** One launch whose samples are all of its CPU time. */
function launch(
  calls: readonly (readonly [path: readonly string[], samples: number])[],
  msPerRequest = 1,
  sources = inFolder('/base/'),
): Frame {
  const profile = profileOf(calls);
  const cpuMs = calls.reduce((sum, [path, samples]) => sum + (path[0] === '(idle)' ? 0 : samples), 0);
  const frames = framesOf({ profiles: [profile], cpuMs }, msPerRequest, sources);
  if (frames === null) throw new Error('nothing was sampled');
  return frames;
}

function ownMs(root: Frame): Record<string, number> {
  return Object.fromEntries(
    [...functionsOf(root).values()].map(({ name, where, selfMs }) => [
      `${name} ${where}`.trim(),
      Number(selfMs.toFixed(6)),
    ]),
  );
}

describe('what was sampled within the window', () => {
  test('by the clock that all processes share, with the nodes that were sampled in it and their callers', () => {
    const profile = profileOf([
      [['start@/a.js:1'], 10],
      [['serve@/a.js:2', 'work@/a.js:3'], 5],
      [['stop@/a.js:4'], 10],
    ]);
    const cut = profileWithin({ startedUs: 5_000_000, profile }, 5_010_500, 5_015_000);
    expect(cut.nodes.map(({ callFrame, hitCount }) => [callFrame.functionName, hitCount])).toEqual([
      ['(root)', 0],
      ['serve', 0],
      ['work', 5],
    ]);
    expect(cut.samples).toHaveLength(5);
    expect(cut.timeDeltas).toEqual([500, 1000, 1000, 1000, 1000]);
    expect(sampledOf(cut)).toEqual({
      byNode: new Map([
        [1, 0],
        [3, 0],
        [4, 5],
      ]),
      everyMs: 0.8,
    });
  });

  test('nothing outside of it', () => {
    const cut = profileWithin({ startedUs: 0, profile: profileOf([[['f'], 5]]) }, 10_000, 20_000);
    expect(cut).toMatchObject({ samples: [], timeDeltas: [] });
    expect(cut.nodes).toHaveLength(1);
  });
});

describe('a function is the same in two checkouts', () => {
  test('by its path from the folder, whatever its line is; internals and natives keep their names', () => {
    const calls = (folder: string, line: number) =>
      [
        [[`serve@file://${folder}/lib/a%20b.mjs:${line}`, `parse@${folder}/c.js:7`], 2],
        [['emit@node:events:100'], 1],
        [['(garbage collector)'], 1],
        [['(idle)'], 50],
        [['far@/elsewhere/x.js:1'], 1],
      ] as const;
    const base = launch(calls('/base', 3));
    const head = launch(calls('/tmp/head', 9), 1, inFolder('/tmp/head/'));
    expect([...functionsOf(base).keys()]).toEqual([...functionsOf(head).keys()]);
    expect(ownMs(head)).toEqual({
      '(root)': 0,
      'serve lib/a b.mjs:9': 0,
      'parse c.js:7': 0.4,
      'emit node:events:100': 0.2,
      '(garbage collector)': 0.2,
      'far /elsewhere/x.js:1': 0.2,
      [OTHER_THREADS]: 0,
    });
  });

  test('one without a name by what stands in its line', () => {
    const lines = (offset: number): Sources => ({
      roots: [{ path: '/base/', as: '' }],
      lineOf: (_, line) =>
        ({ [offset]: "app.get('/a', (request) => {", [offset + 5]: "  app.get('/b', (request) => {" })[line] ?? null,
    });
    const calls = (first: number) =>
      [
        [[`@/base/a.js:${first}`], 3],
        [[`@/base/a.js:${first + 5}`], 1],
      ] as const;
    const base = functionsOf(launch(calls(11), 1, lines(10)));
    const head = functionsOf(launch(calls(31), 1, lines(30)));
    expect([...base.keys()]).toEqual([...head.keys()]);
    expect([...head.values()].map(({ name, where }) => `${name} ${where}`)).toContain('(anonymous) a.js:36');
  });

  test('two files that are compared have one name', () => {
    const sources = {
      roots: [
        { path: '/x/after.js', as: 'before.js' },
        { path: '/x/', as: '' },
      ],
      ...NO_LINES,
    };
    expect(
      ownMs(
        launch(
          [
            [['f@/x/after.js:2'], 1],
            [['g@/x/other.js:2'], 1],
          ],
          1,
          sources,
        ),
      ),
    ).toMatchObject({
      'f before.js:2': 0.5,
      'g other.js:2': 0.5,
    });
  });
});

describe('times per request', () => {
  const profile = profileOf([
    [['f'], 300],
    [['(idle)'], 700],
  ]);

  test('are shares of the CPU time that was judged, with that of other threads apart', () => {
    const frames = framesOf({ profiles: [profile, profile], cpuMs: 800 }, 4, inFolder('/'));
    expect(frames === null ? {} : ownMs(frames)).toEqual({ '(root)': 0, f: 3, [OTHER_THREADS]: 1 });
  });

  test('where threads waited for a CPU, all of it is theirs', () => {
    const frames = framesOf({ profiles: [profile], cpuMs: 150 }, 4, inFolder('/'));
    expect(frames === null ? {} : ownMs(frames)).toMatchObject({ f: 4, [OTHER_THREADS]: 0 });
  });

  test('are not known where nothing ran', () => {
    expect(framesOf({ profiles: [profileOf([[['(idle)'], 10]])], cpuMs: 0 }, 1, inFolder('/'))).toBeNull();
    expect(framesOf({ profiles: [], cpuMs: 10 }, 1, inFolder('/'))).toBeNull();
  });

  test('of several launches are their mean', () => {
    const mean = meanOf([
      launch([
        [['f'], 1],
        [['g'], 1],
      ]),
      launch([[['f'], 1]]),
    ]);
    expect(ownMs(mean)).toMatchObject({ f: 0.75, g: 0.25 });
    expect(totalMs(mean)).toBeCloseTo(1);
  });
});

describe('what grew', () => {
  /** Samples as many as come by chance (Poisson, by the normal distribution). */
  const random = randomStream(1);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const around = (samples: number): number => Math.max(0, Math.round(samples + Math.sqrt(samples) * normal()));
  const service = (renderSamples: number, msPerRequest: number): Frame =>
    launch(
      [
        [['serve@/base/server.js:1', 'render@/base/views.js:10'], around(renderSamples)],
        [['serve@/base/server.js:1', 'query@/base/db.js:10'], around(700)],
        [['serve@/base/server.js:1'], around(300)],
        [['writev'], around(600)],
        [['(garbage collector)'], around(200)],
        ...Array.from({ length: 150 }, (_, i) => [[`f${i}@node:http:${i + 1}`], around(10)] as const),
      ],
      msPerRequest,
    );

  test('a function that takes 8% of a request more is named, and nothing else', () => {
    for (let i = 0; i < 30; i++) {
      const base = [service(400, 1), service(400, 1)];
      const head = [service(700, 1.08), service(700, 1.08)];
      const [first, ...others] = grownFunctions(base, head);
      expect(first).toMatchObject({ name: 'render', where: 'views.js:10' });
      expect((first?.headMs ?? 0) - (first?.baseMs ?? 0)).toBeCloseTo(0.08, 1);
      expect(others).toEqual([]);
    }
  });

  test('of equal sides nothing is', () => {
    const found = Array.from({ length: 100 }, () =>
      grownFunctions([service(400, 1), service(400, 1)], [service(400, 1), service(400, 1)]),
    ).filter((functions) => functions.length > 0);
    expect(found.length).toBeLessThanOrEqual(2);
  });

  test('a function that is new, before one that grew less', () => {
    const base = [launch([[['a'], 4000]], 1), launch([[['a'], 4000]], 1)];
    const head = [
      launch(
        [
          [['a'], 4400],
          [['b'], 1600],
        ],
        1.5,
      ),
      launch(
        [
          [['a'], 4400],
          [['b'], 1600],
        ],
        1.5,
      ),
    ];
    expect(grownFunctions(base, head).map(({ name, baseMs }) => [name, baseMs])).toEqual([
      ['b', 0],
      ['a', 1],
    ]);
  });

  test('not when launches of one side disagree', () => {
    const base = [
      launch(
        [
          [['a'], 1000],
          [['gc'], 300],
        ],
        1,
      ),
      launch(
        [
          [['a'], 1000],
          [['gc'], 0],
        ],
        1,
      ),
    ];
    const head = [
      launch(
        [
          [['a'], 1000],
          [['gc'], 290],
        ],
        1,
      ),
      launch(
        [
          [['a'], 1000],
          [['gc'], 290],
        ],
        1,
      ),
    ];
    expect(grownFunctions(base, head).map(({ name }) => name)).not.toContain('gc');
  });
});

test('what is shown: wide frames, widest first, each with what it took in base', () => {
  const base = launch(
    [
      [['a', 'b'], 500],
      [['c'], 500],
    ],
    1,
  );
  const head = launch(
    [
      [['a', 'b'], 1000],
      [['c'], 496],
      [['tiny'], 4],
    ],
    2,
  );
  const { children, ...root } = shownFrames(head, base);
  expect(root).toMatchObject({ totalMs: 2, baseMs: 1 });
  expect(children.map(({ name, totalMs: ms, baseMs }) => [name, Number(ms.toFixed(3)), baseMs])).toEqual([
    ['a', 1.333, 0.5],
    ['c', 0.661, 0.5],
  ]);
  expect(children[0]?.children[0]).toMatchObject({ name: 'b', baseSelfMs: 0.5 });
  expect(shownFrames(head, null)).toMatchObject({ baseMs: null, baseSelfMs: null });
  expect(largestFunctions(head).map(({ name }) => name)).toEqual(['b', 'c', 'tiny']);
});
