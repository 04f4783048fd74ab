/** How small an image may be drawn before its words cannot be read. */

/** Of the letters that most words have, on a narrow screen that is held near, in pixels. */
const SMALLEST = 7.5;

/** Width of an image, in pixels, at which most of its words can be read; null where it has none. */
export function readableWidth(svg: string): number | null {
  const width = Number(/^<svg\b[^>]*?\swidth="([\d.]+)"/u.exec(svg)?.[1]);
  const sizes = [...svg.matchAll(/<text\b[^>]*\sfont-size="([\d.]+)px"/gu)]
    .map(([, size]) => Number(size))
    .sort(ascending);
  const usual = sizes[Math.floor(sizes.length / 2)];
  if (usual === undefined || !(width > 0)) return null;
  return Math.min(width, Math.round((width * SMALLEST) / usual));
}

function ascending(a: number, b: number): number {
  return a - b;
}
