/** The choice of a chart. */

const ALL = 'all';

/** Which chart is shown of all scenarios. It is part of the address, so that links and the back button work. */
function offerChoice(part: HTMLElement): void {
  const own = figures.filter(({ element }) => part.contains(element)).map(({ element }) => element);
  const titles = new Map([
    [ALL, 'All'],
    ...own.map(({ dataset }) => [dataset['chart'] ?? '', dataset['title'] ?? ''] as const),
  ]);
  if (titles.size < 3) return;
  const choice = document.createElement('fieldset');
  choice.className = 'choice';
  choice.appendChild(document.createElement('legend')).textContent = 'Show';
  const inputs = [...titles].map(([name, title]) => {
    const label = choice.appendChild(document.createElement('label'));
    const input = label.appendChild(document.createElement('input'));
    Object.assign(input, { type: 'radio', name: 'chart', value: name });
    label.append(title);
    return input;
  });
  const scenarios = [...part.querySelectorAll('.scenario')];
  part.insertBefore(choice, scenarios[0] ?? null);

  function apply(): boolean {
    const asked = inAddress('chart');
    // Any other address is of a part of the page, and leaves the choice as it is.
    if (asked === null && location.hash !== '' && inputs.some(({ checked }) => checked)) return false;
    const name = asked !== null && titles.has(asked) ? asked : ALL;
    const { bottom } = choice.getBoundingClientRect();
    const read = scenarios.find((scenario) => scenario.getBoundingClientRect().bottom > bottom);
    const isInside = read !== undefined && read.getBoundingClientRect().top < bottom;
    for (const input of inputs) input.checked = input.value === name;
    for (const element of own) element.hidden = name !== ALL && element.dataset['chart'] !== name;
    // One chart of every scenario is there to be compared.
    if (name !== ALL) for (const fold of part.querySelectorAll<HTMLDetailsElement>('.fold')) fold.open = true;
    // Readers stay at the scenario that they are reading.
    if (isInside) read.scrollIntoView();
    return asked !== null;
  }

  choice.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    const address = new URLSearchParams(carried === null ? {} : { data: carried });
    address.set('chart', target.value);
    location.hash = address.toString();
  });
  window.addEventListener('hashchange', apply);
  if (apply()) part.scrollIntoView();
}

const chartsPart = document.getElementById('charts')?.parentElement;
if (chartsPart) offerChoice(chartsPart);
