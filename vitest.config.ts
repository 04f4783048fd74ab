import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{scenarios,servers,harness,reports}/**/*.test.ts'],
    // Tests of servers and runs start real processes. Two files at a time is what two cores can bear.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
