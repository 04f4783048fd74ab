import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jsonSchemas } from './json-schema.ts';

test.each(Object.entries(jsonSchemas()))(
  'docs/schema/%s is what the code says; npm run schema writes it',
  (name, schema) => {
    const stored: unknown = JSON.parse(readFileSync(new URL(`../../../docs/schema/${name}`, import.meta.url), 'utf8'));
    expect(stored).toEqual(JSON.parse(JSON.stringify(schema)));
  },
);
