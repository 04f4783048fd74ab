/** Bundles what draws the report of a link: the only code of fourways that runs in a browser beside the scripts of its page. */
import { defineConfig } from 'rolldown';

/**
 * What is imported on the way to a page, and never called by one: what starts servers and reads run files, and those parts of
 * Vega that no chart uses. Each is replaced by an empty module, a test draws every chart without them.
 */
const UNUSED =
  /^(?:node:.*|\.\.\/app\/.*|jstat|hdr-histogram-js|vega-(?:crossfilter|force|geo|hierarchy|label|regression|voronoi|wordcloud))$/;

export default defineConfig({
  input: 'reports/page/view.ts',
  platform: 'browser',
  tsconfig: false,
  shimMissingExports: true,
  // The files of the models start a worker where they are told to, and say where they cannot run.
  transform: { define: { 'process.argv': '[]', 'process.versions': '{}', 'process.platform': '""' } },
  onLog(level, log, handler) {
    // The models say where their files are, which no page asks.
    if (log.code !== 'EMPTY_IMPORT_META' && log.code !== 'SHIMMED_EXPORT') handler(level, log);
  },
  plugins: [
    {
      name: 'unused',
      resolveId: { filter: { id: UNUSED }, handler: () => ({ id: '\0unused', moduleSideEffects: false }) },
      load: { filter: { id: /^\0unused$/ }, handler: () => 'export default {};' },
    },
  ],
  output: { file: 'dist/reports/page/viewer.js', format: 'iife', name: 'fourways', minify: true, codeSplitting: false },
});
