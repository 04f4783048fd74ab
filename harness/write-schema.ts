/** Writes the JSON Schemas of everything that a run stores, and of a config file: `npm run schema`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from './config/schema.ts';
import { jsonSchemas } from './judge/schema/json-schema.ts';

const folder = process.argv[2] ?? 'docs/schema';
for (const [name, schema] of Object.entries({ ...jsonSchemas(), 'config.schema.json': configJsonSchema() })) {
  writeFileSync(join(folder, name), `${JSON.stringify(schema, null, 2)}\n`);
}
