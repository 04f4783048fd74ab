/**
 * The script of the page makes its charts interactive: pointer, keyboard and touch. Its files are concatenated, without
 * modules, in the order of `assets.ts`, within one function. The page is complete without it; elements that only it needs
 * are created here.
 */

/** Marks that represent a figure. */
const MARK = '[role="graphics-symbol"][aria-label]';

/** How far beside a small mark a pointer may be, in pixels: a finger is wide. */
const REACH = 14;
const SMALL = 28;

interface Figure {
  readonly element: HTMLElement;
  readonly marks: readonly SVGElement[];
}

const figures: Figure[] = [...document.querySelectorAll<HTMLElement>('figure[data-chart]')].map((element) => ({
  element,
  marks: [...element.querySelectorAll<SVGElement>(MARK)],
}));

/** The label of a mark, before and after the colon: of which model, and the figure. */
function wordsOf(mark: Element): readonly [name: string, rest: string] {
  const words = mark.getAttribute('aria-label') ?? '';
  const end = words.indexOf(':');
  return end < 0 ? ['', words] : [words.slice(0, end), words.slice(end + 1).trim()];
}

let emphasised = '';

/** Dims what has another name, in every chart that has this one. */
function emphasise(name: string): void {
  if (name === emphasised) return;
  emphasised = name;
  for (const { element, marks } of figures) {
    const same = name === '' ? [] : marks.filter((mark) => wordsOf(mark)[0] === name);
    element.classList.toggle('dimmed', same.length > 0);
    for (const mark of marks) mark.classList.toggle('same', same.includes(mark));
  }
}

/** Shows the label of one mark at a time, and highlights all marks of the same name. */
function describeMarks(): void {
  const tip = document.body.appendChild(document.createElement('div'));
  const name = tip.appendChild(document.createElement('strong'));
  const rest = tip.appendChild(document.createElement('span'));
  tip.className = 'tip';
  // Screen readers announce the same label of the mark.
  tip.setAttribute('aria-hidden', 'true');
  tip.hidden = true;
  let reached: Element | null = null;

  function hide(): void {
    tip.hidden = true;
    emphasise('');
  }

  function show(mark: Element, x: number, top: number, bottom: number): void {
    [name.textContent, rest.textContent] = wordsOf(mark);
    tip.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = tip;
    const left = Math.min(x - width / 2, document.documentElement.clientWidth - width - 8);
    tip.style.left = `${Math.max(8, left)}px`;
    tip.style.top = `${top - height - 12 < 8 ? bottom + 16 : top - height - 12}px`;
    emphasise(name.textContent);
  }

  function settle(): void {
    if (reached === null) {
      hide();
      return;
    }
    const { left, width, top, bottom } = reached.getBoundingClientRect();
    show(reached, left + width / 2, top, bottom);
  }

  function point({ target, clientX, clientY }: PointerEvent): void {
    const mark = target instanceof Element ? markAt(target, clientX, clientY) : null;
    if (mark === null) settle();
    else show(mark, clientX, clientY, clientY);
  }

  document.addEventListener('pointermove', point);
  document.addEventListener('pointerdown', point);
  document.documentElement.addEventListener('pointerleave', ({ pointerType }) => {
    if (pointerType !== 'touch') settle();
  });
  // A click or a tap reaches a mark as well, but then the pointer is what is followed.
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element) || !target.matches(`${MARK}:focus-visible`)) return;
    reached = target;
    settle();
  });
  document.addEventListener('focusout', () => {
    if (reached === null) return;
    reached = null;
    hide();
  });
  document.addEventListener('scroll', settle, { capture: true, passive: true });
  document.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return;
    reached = null;
    hide();
  });
}

/** The mark below a pointer, or else the nearest of the small ones within reach. */
function markAt(target: Element, x: number, y: number): Element | null {
  const own = target.closest(`figure ${MARK}`);
  const figure = figures.find(({ element }) => element.contains(target));
  if (own !== null || figure === undefined) return own;
  let nearest: Element | null = null;
  let least = REACH;
  for (const mark of figure.marks) {
    const { left, right, top, bottom, width, height } = mark.getBoundingClientRect();
    if (width > SMALL || height > SMALL) continue;
    const distance = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
    if (distance < least) [nearest, least] = [mark, distance];
  }
  return nearest;
}

/** One tab stop per chart; the arrow keys go from mark to mark. */
function reachMarks({ element, marks }: Figure): void {
  const [first] = marks;
  if (first === undefined) return;
  // To a screen reader an image is one thing: the marks inside it would not be found.
  element.querySelector('svg')?.setAttribute('role', 'group');
  // The box scrolls to the mark that is reached, and is no stop of its own.
  element.querySelector('.scroll')?.removeAttribute('tabindex');
  for (const mark of marks) mark.setAttribute('tabindex', mark === first ? '0' : '-1');
  element.addEventListener('keydown', (event) => {
    const at = event.target instanceof SVGElement ? marks.indexOf(event.target) : -1;
    const to = at < 0 ? undefined : goal(event.key, at, marks.length);
    const next = to === undefined ? undefined : marks[to];
    if (next === undefined) return;
    event.preventDefault();
    for (const mark of marks) mark.setAttribute('tabindex', mark === next ? '0' : '-1');
    next.focus();
  });
}

function goal(key: string, at: number, count: number): number | undefined {
  const goals: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowDown: at + 1,
    ArrowLeft: at - 1,
    ArrowUp: at - 1,
    Home: 0,
    End: count - 1,
  };
  const to = goals[key];
  return to === undefined ? undefined : (to + count) % count;
}

document.documentElement.classList.add('live');
for (const figure of figures) reachMarks(figure);
describeMarks();
