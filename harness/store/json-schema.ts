import { z } from 'zod';
import { betweenSchema } from '../judge/between-schema.ts';
import { summarySchema } from '../judge/summary-schema.ts';
import { lineSchema } from './schema.ts';

/** The JSON Schema of each stored file, by the name of its file under `docs/schema/`. */
export function jsonSchemas(): Readonly<Record<string, object>> {
  return {
    'run-line.schema.json': z.toJSONSchema(lineSchema.meta({ title: 'One line of run.ndjson' })),
    'between.schema.json': z.toJSONSchema(betweenSchema.meta({ title: 'What fourways compare --format json prints' })),
    'summary.schema.json': z.toJSONSchema(summarySchema.meta({ title: 'summary.json' })),
  };
}
