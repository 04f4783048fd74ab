import { describe, expect, test } from 'vitest';
import { UserError } from '../../errors.ts';
import { sloSchema } from '../../store/load-schema.ts';
import { checkSloClasses, parseSlo } from './slo.ts';

const limit = (percentile: string, limitMs: number, requestClass: string | null = null) => ({
  requestClass,
  percentile,
  limitMs,
});

describe('what is accepted', () => {
  test.each([
    ['p99=100ms', [limit('p99', 100)], 0],
    ['p50=1.5s', [limit('p50', 1500)], 0],
    ['p90=0.1ms,p99=9.999s', [limit('p90', 0.1), limit('p99', 9999)], 0],
    ['p99=1.001s', [limit('p99', 1001)], 0],
    ['p99.9=50ms', [limit('p999', 50)], 0],
    ['p999=50ms', [limit('p999', 50)], 0],
    ['p99=100ms,errors=0', [limit('p99', 100)], 0],
    ['errors=0.1%,p99=100ms', [limit('p99', 100)], 0.001],
    ['p99=100ms,errors=0.001', [limit('p99', 100)], 0.001],
    ['p99=100ms,errors=0.3%', [limit('p99', 100)], 0.003],
    ['light.p99=50ms', [limit('p99', 50, 'light')], 0],
    ['light.p99.9=50ms', [limit('p999', 50, 'light')], 0],
    ['v1.2.p50=50ms', [limit('p50', 50, 'v1.2')], 0],
    [
      'p99=100ms,light.p99=50ms,heavy.p99=1s',
      [limit('p99', 100), limit('p99', 50, 'light'), limit('p99', 1000, 'heavy')],
      0,
    ],
    [' p99 = 100ms , errors = 1% ', [limit('p99', 100)], 0.01],
  ])('%s', (text, limits, errors) => {
    expect(parseSlo(text)).toEqual({ text: text.trim(), limits, errors });
    expect(sloSchema.parse(parseSlo(text))).toEqual(parseSlo(text));
  });
});

const TIME = 'give a time with its unit, from 0.1ms to below 10s, where a request times out; for example';

describe('what is refused, in one line that names the flag, the text and the way out', () => {
  test.each([
    ['p99=100', `'p99=100': ${TIME} p99=100ms`],
    ['p99=0ms', `'p99=0ms': ${TIME} p99=100ms`],
    ['p99=-5ms', `'p99=-5ms': ${TIME} p99=100ms`],
    ['p99=10s', `'p99=10s': ${TIME} p99=100ms`],
    ['p99=2m', `'p99=2m': ${TIME} p99=100ms`],
    ['p99=1e2ms', `'p99=1e2ms': ${TIME} p99=100ms`],
    ['light.p50=0.01ms', `'light.p50=0.01ms': ${TIME} light.p50=100ms`],
    ['p99=fast', `'p99=fast': ${TIME} p99=100ms`],
    ['', 'there is an empty item; separate limits with a comma, for example p99=100ms,errors=0'],
    ['p99=100ms,', 'there is an empty item; separate limits with a comma, for example p99=100ms,errors=0'],
    [',p99=100ms', 'there is an empty item; separate limits with a comma, for example p99=100ms,errors=0'],
    ['p99', "'p99' is not name=value; separate limits with a comma, for example p99=100ms,errors=0"],
    ['p99=', "'p99=' is not name=value; separate limits with a comma, for example p99=100ms,errors=0"],
    ['=5ms', "'=5ms' is not name=value; separate limits with a comma, for example p99=100ms,errors=0"],
    ['p99<=5ms', "unknown limit 'p99<'. Did you mean 'p99'? A request class goes in front, as in light.p99=50ms."],
    ['p99==5ms', "'p99==5ms' is not name=value; separate limits with a comma, for example p99=100ms,errors=0"],
    [
      'p99=5ms p50=2ms',
      "'p99=5ms p50=2ms' is not name=value; separate limits with a comma, for example p99=100ms,errors=0",
    ],
    ['p95=5ms', "unknown limit 'p95'. Did you mean 'p90'? A request class goes in front, as in light.p99=50ms."],
    [
      'latency=5ms',
      "unknown limit 'latency'. Known: p50, p90, p99, p99.9, errors. A request class goes in front, as in light.p99=50ms.",
    ],
    ['errors=0', 'give a limit for latency as well, for example p99=100ms,errors=0.1%'],
    ['p99=5ms,p50=2ms,p99=7ms', "'p99' is set twice; keep one"],
    ['p99.9=5ms,p999=7ms', "'p999' is set twice; keep one"],
    ['a.p99=5ms,a.p99=5ms', "'a.p99' is set twice; keep one"],
    ['p99=5ms,errors=0,errors=1%', "'errors' is set twice; keep one"],
    [
      'p99=5ms,errors=1',
      "'errors=1': give the share of requests that may fail, from 0 to below 1 or 100%; for example errors=0.1%",
    ],
    [
      'p99=5ms,errors=-1%',
      "'errors=-1%': give the share of requests that may fail, from 0 to below 1 or 100%; for example errors=0.1%",
    ],
    [
      'p99=5ms,errors=none',
      "'errors=none': give the share of requests that may fail, from 0 to below 1 or 100%; for example errors=0.1%",
    ],
    ['light.errors=0', "errors are counted over all classes together; write errors without 'light.'"],
    [
      'p99=5ms,\np98=1ms',
      "unknown limit 'p98'. Did you mean 'p90'? A request class goes in front, as in light.p99=50ms.",
    ],
  ])('%j', (text, message) => {
    const parse = () => parseSlo(text);
    expect(parse).toThrow(UserError);
    expect(parse).toThrow(new UserError(`--slo ${text.replace(/\s*\n\s*/g, ' ')}: ${message}`));
  });
});

describe('request classes', () => {
  const slo = parseSlo('p99=1s,light.p99=50ms');

  test('those that the scenario has', () => {
    expect(() => checkSloClasses(slo, 'mixed', ['light', 'heavy'])).not.toThrow();
    expect(() => checkSloClasses(parseSlo('p99=1s'), 'hello', ['hello'])).not.toThrow();
  });

  test.each([
    [['lights', 'heavy'], " Did you mean 'lights'?"],
    [['read', 'write'], ' Known: read, write.'],
  ])('another: %j', (classes, way) => {
    expect(() => checkSloClasses(slo, 'mixed:percent=5', classes)).toThrow(
      new UserError(`--slo p99=1s,light.p99=50ms: scenario mixed:percent=5 has no request class 'light'.${way}`),
    );
  });
});
