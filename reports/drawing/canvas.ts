/** The size of an image and what stands above it, as asked for. */

export type CanvasSize =
  /** As the chart has it. */
  | { readonly kind: 'natural' }
  /** So many pixels wide, and as high as the chart needs. */
  | { readonly kind: 'width'; readonly px: number }
  /** 16:9, for a slide. */
  | { readonly kind: 'slide' };

export interface Canvas {
  readonly size: CanvasSize;
  /** Instead of the title of the chart. */
  readonly title: string | null;
  /** Instead of the scenario in words. */
  readonly subtitle: string | null;
  /** Without notes and columns of figures, for a slide: figures stand at their marks. */
  readonly isPlain?: boolean;
}

export const DEFAULT_CANVAS: Canvas = { size: { kind: 'natural' }, title: null, subtitle: null, isPlain: false };

export function isPlain(canvas: Canvas | undefined): boolean {
  return canvas?.isPlain === true;
}

/** Width of the image of a slide, in pixels. */
export const SLIDE_WIDTH = 1920;
/** Height ÷ width of a slide. */
export const SLIDE_RATIO = 9 / 16;

const NATURAL_WIDTH = 960;
/** Beyond this width letters would become too small for the image, so it is enlarged as a whole instead. */
const WIDEST = 1600;
const STEP = 20;

/** What a chart takes at a certain width. */
interface Arranged {
  readonly height: number;
}

/** A chart laid out, in pixels of its own: the finished image may be enlarged or made smaller as a whole. */
export interface Arrangement<A extends Arranged> {
  readonly width: number;
  readonly height: number;
  /** What is left of the height of a slide; 0 where the image is as high as its content. */
  readonly spare: number;
  readonly content: A;
}

/**
 * Lays out a chart for a canvas. Text has a fixed size in pixels of the layout, so a slide takes the narrowest layout whose
 * content is not higher than the slide: then its letters are as large as can be.
 */
export function arranged<A extends Arranged>({ size }: Canvas, at: (width: number) => A): Arrangement<A> {
  switch (size.kind) {
    case 'natural':
      return ofWidth(NATURAL_WIDTH, at);
    case 'width':
      return ofWidth(Math.min(Math.max(size.px, NATURAL_WIDTH), WIDEST), at);
    case 'slide': {
      let width = NATURAL_WIDTH;
      let content = at(width);
      while (content.height > width * SLIDE_RATIO) {
        width += STEP;
        content = at(width);
      }
      const height = width * SLIDE_RATIO;
      return { width, height, spare: height - content.height, content };
    }
    default:
      return size satisfies never;
  }
}

function ofWidth<A extends Arranged>(width: number, at: (width: number) => A): Arrangement<A> {
  const content = at(width);
  return { width, height: content.height, spare: 0, content };
}

/** How many pixels wide the finished image is, which was laid out this wide. */
export function finishedWidth({ size }: Canvas, laidOut: number): number {
  switch (size.kind) {
    case 'natural':
      return laidOut;
    case 'width':
      return size.px;
    case 'slide':
      return SLIDE_WIDTH;
    default:
      return size satisfies never;
  }
}
