import type { TopLevelSpec } from 'vega-lite';

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
 * Draws a Vega-Lite specification as SVG, without a browser, and always as the same bytes. Vega is loaded on the first
 * call, because a text report does not need it.
 */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const { messages, logger } = complaints();
  const compiled = vegaLite.compile(spec, { logger });
  const view = new vega.View(vega.parse(compiled.spec), { renderer: 'none', loader, logger });
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
