/** What is folded away opens for whoever looks for it: by a link to a part of it, and in print. */

/** Opens whatever an element is folded away in, and goes there. */
function reveal(element: Element): void {
  for (let fold = element.closest('details'); fold !== null; fold = fold.parentElement?.closest('details') ?? null) {
    fold.open = true;
  }
  element.scrollIntoView();
}

/** Browsers open what their own search finds, and not all of them what an address points to. */
function revealAddressed(): void {
  const target = document.getElementById(location.hash.slice(1));
  if (target?.closest('details')) reveal(target);
}

function unfoldInPrint(): void {
  let opened: HTMLDetailsElement[] = [];
  window.addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const details of opened) details.open = true;
  });
  window.addEventListener('afterprint', () => {
    for (const details of opened) details.open = false;
  });
}

window.addEventListener('hashchange', revealAddressed);
revealAddressed();
unfoldInPrint();
