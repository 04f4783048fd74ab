import { test } from 'vitest';
import { cellOf } from '../fixtures/run.ts';
import { compareRuns } from './between.ts';
import { asked, normalStream, runOf } from './fixtures/two-runs.ts';
test('rates', { timeout: 300000 }, () => {
  for (const [drift, change, n] of [[1.1, 1, 8], [0.9, 1, 8], [1, 1, 8], [1, 1.1, 8], [1.05, 1.1, 8], [1, 1.1, 3], [1.1,1,2]] as const) {
    const c = { alarm: 0, found: 0, wrong: 0, equiv: 0 };
    for (let s = 0; s < 300; s++) {
      const normal = normalStream(9000 + s);
      const cells = (h: boolean) => {
        const r = Array.from({ length: 8 }, () => 0.01 * normal());
        return Array.from({ length: n }, (_, i) => {
          const k = Math.log(h ? drift * (i === 0 ? change : 1) : 1);
          const t = (v: number, g: number) => r.map((x) => v * Math.exp(-g * (k + x) + 0.0173 * normal()));
          return { cell: cellOf('cluster', { scenario: `s${i}` }), perSec: t(100, 1), cpuMs: t(10, -1) };
        });
      };
      const v = compareRuns(runOf(cells(false)), runOf(cells(true)), asked).cells.map((x) => x.verdict);
      if (v.includes('worse') || v.includes('better')) c.alarm++;
      if (v[0] === 'worse') c.found++;
      if (v.slice(1).some((x) => x === 'worse' || x === 'better')) c.wrong++;
      c.equiv += v.slice(1).filter((x) => x === 'equivalent').length / (n - 1);
    }
    console.log(JSON.stringify({ drift, change, n, ...c }));
  }
});
