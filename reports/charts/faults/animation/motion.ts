/** The style sheet of an animation that loops: everything that moves follows from when it does, in seconds of the loop. */

/** Before the first moment and after the last one, in seconds. */
const LEAD = 0.7;
const TAIL = 1.8;
/** How long a dot is on its way between two places. */
export const TRAVEL = 0.55;
/** How long a lost one falls. */
const FALL = 0.8;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Motion {
  /** Of the whole loop, in seconds. */
  readonly seconds: number;
  /** Of the loop, at this many ms from the fault. */
  secondsAt(ms: number): number;
  /** The class of a group whose dots take this way, each when its delay says; a lost one falls at its end. */
  wayClass(points: readonly Point[], ends: 'arrives' | 'falls'): string;
  /** The style of a dot that reaches the `reaches`th point of its way at a moment, or sets out then. */
  dotStyle(ms: number, reaches: number): string;
  /** The class of what is seen between two moments only; until the end of the loop where `toMs` is null. */
  spanClass(fromMs: number, toMs: number | null): string;
  /** The class of a strip of frames, each so high, of which one is seen at a time. */
  readonly stripClass: string;
  /** The class of what goes from left to right all the while. */
  readonly headClass: string;
  css(): string;
}

export const FRAME_HEIGHT = 24;

export function motionOf(
  { fromMs, frameMs, frames, stretch }: { fromMs: number; frameMs: number; frames: number; stretch: number },
  headWidth: number,
): Motion {
  const shown = (frames * frameMs * stretch) / 1000;
  const seconds = LEAD + shown + TAIL;
  const secondsAt = (ms: number): number => LEAD + ((ms - fromMs) * stretch) / 1000;
  const at = (second: number): string => `${trimmed((100 * Math.min(second, seconds)) / seconds)}%`;
  const rules = new Map<string, string>();
  /** One class for equal rules. */
  const named = (prefix: string, rule: (name: string) => string): string => {
    const key = rule('');
    const known = rules.get(key);
    if (known !== undefined) return known;
    const name = `${prefix}${rules.size}`;
    rules.set(key, name);
    texts.push(rule(name));
    return name;
  };
  const texts: string[] = [];
  const loop = (name: string): string => `animation:${name} ${trimmed(seconds)}s linear infinite`;
  const end = at(LEAD + shown);
  return {
    seconds,
    secondsAt,
    wayClass: (points, ends) => {
      const place = ({ x, y }: Point): string => `transform:translate(${trimmed(x)}px,${trimmed(y)}px)`;
      const sound = ends === 'falls' ? 'fill:var(--own);' : '';
      const legs = points.map((point, i) => `${at(i * TRAVEL)}{opacity:1;${sound}${place(point)}}`);
      const arrived = (points.length - 1) * TRAVEL;
      const last = points.at(-1) ?? { x: 0, y: 0 };
      const low = { x: last.x - 14, y: last.y + 44 };
      const falls =
        ends === 'arrives'
          ? [`${at(arrived + 0.01)},to{opacity:0;${place(last)}}`]
          : [
              `${at(arrived + 0.01)}{opacity:1;fill:var(--lost);${place(last)}}`,
              `${at(arrived + FALL)}{opacity:1;fill:var(--lost);${place(low)}}`,
              `${at(arrived + FALL + 0.01)},to{opacity:0;${place(low)}}`,
            ];
      return named('w', (name) => {
        return `.${name}>*{opacity:0;${loop(name)}}@keyframes ${name}{${[...legs, ...falls].join('')}}`;
      });
    },
    dotStyle: (ms, reaches) => `animation-delay:${trimmed(secondsAt(ms) - reaches * TRAVEL - seconds)}s`,
    spanClass: (fromMsOfIt, toMs) => {
      const from = at(secondsAt(fromMsOfIt));
      const rest = toMs === null ? 'to{opacity:1}' : `${at(secondsAt(toMs))},to{opacity:0}`;
      const still = toMs === null ? 1 : 0;
      const steps = loop('NAME').replace('linear', 'step-end');
      return named('t', (name) => {
        return `.${name}{opacity:${still};${steps.replace('NAME', name)}}@keyframes ${name}{0%{opacity:0}${from}{opacity:1}${rest}}`;
      });
    },
    stripClass: 'f',
    headClass: 'h',
    css: () => {
      const up = `transform:translateY(${-frames * FRAME_HEIGHT}px)`;
      const right = `transform:translateX(${headWidth}px)`;
      return [
        `.f{${up};${loop('f')}}`,
        `@keyframes f{0%,${at(LEAD)}{transform:none;animation-timing-function:steps(${frames})}${end},to{${up}}}`,
        `.h{${right};${loop('h')}}@keyframes h{0%,${at(LEAD)}{transform:none}${end},to{${right}}}`,
        ...texts,
        // Who wants no motion sees how it ended.
        '@media (prefers-reduced-motion:reduce){*{animation:none!important}}',
      ].join('');
    },
  };
}

function trimmed(value: number): string {
  return String(Math.round(value * 100) / 100);
}
