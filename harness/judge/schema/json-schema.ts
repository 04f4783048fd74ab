import { z } from 'zod';
import { historyLineSchema } from '../../store/history-schema.ts';
import { lineSchema } from '../../store/schema.ts';
import { changeSchema } from './change.ts';
import { historySchema } from './history.ts';
import { summarySchema } from './summary.ts';

/** CRC-32 of the bytes of a line before this member, its last, in hexadecimal; in files that were written before there were any, none has it. */
const crc = z
  .string()
  .regex(/^[0-9a-f]{8}$/)
  .optional();
const [first, ...others] = lineSchema.options;
const writtenLine = z.discriminatedUnion('type', [
  first.extend({ crc }),
  ...others.map((line) => line.extend({ crc })),
]);

/** The JSON Schema of each stored file, by the name of its file under `docs/schema/`. */
export function jsonSchemas(): Readonly<Record<string, object>> {
  return {
    'run-line.schema.json': z.toJSONSchema(writtenLine.meta({ title: 'One line of run.ndjson' })),
    'between.schema.json': z.toJSONSchema(changeSchema.meta({ title: 'What fourways compare --format json prints' })),
    'history-line.schema.json': z.toJSONSchema(historyLineSchema.meta({ title: 'One line of history.ndjson' })),
    'history.schema.json': z.toJSONSchema(historySchema.meta({ title: 'What fourways history --format json prints' })),
    'summary.schema.json': z.toJSONSchema(summarySchema.meta({ title: 'summary.json' })),
  };
}
