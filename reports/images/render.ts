import type { TopLevelSpec } from 'vega-lite';

declare module 'vega' {
  /** Missing from its types: https://github.com/vega/vega/tree/main/packages/vega-scenegraph#text. */
  export const textMetrics: { readonly canvas: (use: boolean) => void };
}

function refuse(what: string): never {
  throw new Error(`a chart may not load anything, but asked for ${what}`);
}

// Everything a chart shows is in its specification; a run file must not be able to make a report read or fetch.
const loader = {
  load: async (uri: string) => refuse(uri),
  sanitize: async (uri: string) => refuse(uri),
  http: async (uri: string) => refuse(uri),
  file: async (name: string) => refuse(name),
};

/**
 * Collects what Vega complains about. Warnings count like errors: a dropped mark or an empty scale would be a chart that
 * misleads. They cannot be thrown where they occur, because Vega then never answers.
 */
function complaints() {
  const messages: string[] = [];
  const keep = (...parts: readonly unknown[]) => {
    messages.push(parts.map(String).join(' '));
    return logger;
  };
  const ignore = () => logger;
  const logger = { level: () => 0, error: keep, warn: keep, info: ignore, debug: ignore };
  return { messages, logger };
}

/**
 * Draws a Vega-Lite specification as SVG, without a screen, and always as the same bytes: here, and in the browser of somebody
 * who opens a link. Vega is loaded on the first call, because a text report does not need it.
 */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const [vega, vegaLite, { expressionInterpreter: expr }] = await Promise.all([
    import('vega'),
    import('vega-lite'),
    import('vega-interpreter'),
  ]);
  // Widths come from what is drawn with, a canvas or none; without one they are the same everywhere.
  vega.textMetrics.canvas(false);
  const { messages, logger } = complaints();
  const compiled = vegaLite.compile(spec, { logger });
  // Expressions are interpreted, and not compiled to code: a page whose policy allows no such code draws the same.
  const view = new vega.View(vega.parse(compiled.spec, undefined, { ast: true }), {
    renderer: 'none',
    loader,
    logger,
    expr,
  });
  try {
    // Vega numbers definitions across all charts of a process; from zero, a chart does not depend on those before it.
    vega.resetSVGDefIds();
    const svg = await view.toSVG();
    if (messages.length > 0) throw new Error(`the chart could not be drawn: ${messages.join('; ')}`);
    return svg;
  } finally {
    view.finalize();
  }
}
