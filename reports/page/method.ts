/** The parts of the page that say how far the figures can be trusted. */
import type { Summary } from '../../harness/judge/summary-schema.ts';
import { html } from '../escape.ts';
import { counted, given } from '../figures.ts';
import { COLUMN_NOTES } from '../result-table.ts';
import { bullets, definitions, type Markup, scrolling } from './markup.ts';

const BYTES_PER_GIB = 1024 ** 3;

/** How the figures came about, and what each column means. */
export function methodSection(summary: Summary): Markup {
  const trials = summary.scenarios.flatMap(({ cells }) => cells.map((cell) => cell.trialsOk + cell.trialsFailed));
  const total = trials.reduce((sum, count) => sum + count, 0);
  const facts = definitions([
    [
      'Rounds',
      `${counted(summary.rounds, 'round')}; each visits every cell once, in a random order drawn from seed ${summary.seed}`,
    ],
    [
      'Trials',
      `${counted(total, 'trial')}; each measures one cell on a freshly started server and is the unit of replication`,
    ],
    ['Spread', 'lowest to highest trial of a cell; no model of the noise is assumed'],
    ['Preset', summary.preset],
    ['Started', summary.startedAt],
    [
      'Complete',
      summary.complete
        ? 'yes, every planned trial was attempted'
        : 'no, the run ended before every planned trial was attempted',
    ],
  ]);
  return section('method', 'How it was measured', `${facts}\n<h3>What the columns mean</h3>\n${bullets(COLUMN_NOTES)}`);
}

/** The machine and the versions. */
export function environmentSection({ environment, version }: Summary): Markup {
  const { availableCpus: cpus } = environment;
  const facts = definitions([
    ['Node.js', `${environment.node} (V8 ${environment.v8}, libuv ${environment.uv})`],
    ['CPU', environment.cpuModel.trim()],
    ['CPUs', `${given(cpus.capacity)} of ${cpus.host} usable, decided by ${cpus.decidedBy}`],
    ['Memory', `${given(environment.memoryBytes / BYTES_PER_GIB)} GiB`],
    ['System', `${environment.platform} ${environment.arch}, kernel ${environment.kernel}`],
    ['Thread pool', `UV_THREADPOOL_SIZE ${environment.uvThreadpoolSize ?? 'not set: 4 threads'}`],
    ['fourways', version],
  ]);
  return section('environment', 'Environment', facts);
}

/** Every warning with what to do about it. */
export function warningsSection({ warnings }: Summary): Markup {
  const items = warnings.map(
    ({ message, nextStep }) => `<li>${html(message)} <span class="soft">${html(nextStep)}</span></li>`,
  );
  const content = items.length === 0 ? '<p>None.</p>' : `<ul>\n${items.join('\n')}\n</ul>`;
  return section('warnings', 'Warnings', content);
}

/** Every trial that does not count, and why. */
export function failuresSection({ failures }: Summary): Markup {
  if (failures.length === 0) return section('failures', 'Failed trials', '<p>None.</p>');
  const head = ['cell', 'round', 'reason', 'message'].map((name) => `<th scope="col">${name}</th>`).join('');
  const rows = failures.map(
    ({ cell, round, reason }) =>
      `<tr><th scope="row" class="name">${html(cell)}</th><td>${round + 1}</td><td>${html(reason.kind)}</td>` +
      `<td class="prose">${html(reason.message)}</td></tr>`,
  );
  const table = `<table><thead><tr>${head}</tr></thead>\n<tbody>${rows.join('\n')}</tbody></table>`;
  return section('failures', 'Failed trials', scrolling('Failed trials', table));
}

function section(id: string, title: string, content: Markup): Markup {
  return `<section aria-labelledby="${id}">\n<h2 id="${id}">${title}</h2>\n${content}\n</section>`;
}
