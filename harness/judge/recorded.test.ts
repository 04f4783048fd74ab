/** Trials of real servers, one or more for every label: what was recorded of them, and what it must be called. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { histogramOf } from '../fixtures/measurement.ts';
import { environmentSchema, placementSchema } from '../store/environment-schema.ts';
import { limitSchema } from '../store/limit-schema.ts';
import { measurementSchema } from '../store/measurement-schema.ts';
import { limitedBy } from './bottleneck/limited-by.ts';
import { limitedBySchema } from './schema/capacity.ts';

/** The histogram and the timeline are left out of the file: no label is derived from them. */
const leftOut = {
  latencyHistogram: histogramOf([1]),
  timeline: { binMs: 100, completions: [], windowStartMs: 0 },
  open: null,
  // Of files that were written before these were told.
  ...{ mix: [], longestGapMs: 0, compared: 0, strangers: 0 },
};

/** Recorded before fronts could answer requests. */
const frontSchema = z
  .record(z.string(), z.unknown())
  .nullable()
  .transform((front) => front && { requests: 0, waiting: 0, ...front });

const recordedSchema = z.array(
  z.object({
    by: limitedBySchema.shape.by,
    /** What was measured; the generators shared two CPUs with the server unless it says otherwise. */
    command: z.string(),
    node: z.string(),
    circumstances: z.object({
      limit: limitSchema.nullable(),
      connections: z.int(),
      available: environmentSchema.shape.availableCpus,
      placement: placementSchema,
    }),
    measurement: z
      .looseObject({ server: z.looseObject({ front: frontSchema, threadPools: z.unknown().default(null) }) })
      .transform((rest) => measurementSchema.parse({ ...leftOut, ...rest })),
  }),
);

const recorded = recordedSchema.parse(
  JSON.parse(readFileSync(new URL('./fixtures/recorded.json', import.meta.url), 'utf8')),
);

test('every label of a closed loop was seen', () => {
  const labels = limitedBySchema.shape.by.options.filter((label) => label !== 'offered-rate');
  expect(new Set(recorded.map(({ by }) => by))).toEqual(new Set(labels));
});

test.each(recorded)('$by: $command', ({ by, circumstances, measurement }) => {
  expect(limitedBy(measurement, { ...circumstances, isDuet: false }).by).toBe(by);
});
