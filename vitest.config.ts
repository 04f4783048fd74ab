import { defineConfig } from 'vitest/config';

const ALL = '{scenarios,servers,harness,reports}/**/*.test.ts';
/** Whole runs, simulated some thousand times: minutes of CPU time on a slow machine. */
const SIMULATIONS = ['harness/**/*.simulation.test.ts'];

/** Tests that start processes, threads or a browser. They run the compiled files. */
const PROCESSES = ['{servers,harness,reports}/**/*.process.test.ts', 'harness/end-to-end/*.test.ts'];

export default defineConfig({
  test: {
    // What two cores can bear while tests start servers and load generators.
    maxWorkers: 2,
    // Modules are loaded once for all files: no test leaves anything behind, and loading takes longer than most of them.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'processes', include: PROCESSES, server: { deps: { external: [/\/dist\//] } } } },
      { extends: true, test: { name: 'simulations', include: SIMULATIONS } },
      { extends: true, test: { name: 'quick', include: [ALL], exclude: [...PROCESSES, ...SIMULATIONS] } },
    ],
  },
});
