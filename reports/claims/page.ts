/** Claims and outcomes as text: the part of a claim's page that is written for it, and the table of all. Pure. */
import type { Claim, DecidedBy } from '../../harness/claims/claim.ts';
import { type Finding, VERDICTS, type Verdict, verdictOf } from '../../harness/claims/decide.ts';
import { UserError } from '../../harness/errors.ts';
import { counted, figure, MISSING, multiple } from '../words/figures.ts';
import type { NotDecidable, Outcome, Outcomes, Repetition } from './outcomes.ts';

const [BEGIN, END] = ['<!-- what follows is written by npm run claims -->', '<!-- until here -->'];
const WORDS: Readonly<Record<Verdict, string>> = {
  confirmed: 'confirmed',
  refuted: 'refuted',
  undecided: 'not decidable on this machine',
};

/** Claims that the README asks about. */
export const ASKED_IN_README: readonly string[] = [
  'cluster-overhead-keep-alive',
  'listener-threads-13-percent',
  'reuse-port-connections',
];

/** The page with what was found, in place of what stood there. */
export function withOutcome(page: string, claim: Claim, outcome: Outcome | undefined, hasImage: boolean): string {
  const own = page.slice(0, page.includes(BEGIN) ? page.indexOf(BEGIN) : undefined).trimEnd();
  return `${[own, BEGIN, ...outcomeLines(claim, outcome, hasImage), END].join('\n\n')}\n`;
}

/** The README of the repository with how many claims came to what, between its marks. Throws when it has no marks. */
export function withSummary(readme: string, claims: readonly Claim[], outcomes: Outcomes): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin)
    throw new UserError(`README.md: write the lines ${BEGIN} and ${END} where verdicts belong`);
  return `${readme.slice(0, begin)}${BEGIN}\n\n${summaryWords(claims, outcomes)}\n\n${readme.slice(end)}`;
}

function summaryWords(claims: readonly Claim[], outcomes: Outcomes): string {
  const verdictBy = new Map(
    claims.flatMap(({ name }) => {
      const { repetitions = [] } = outcomes[name] ?? {};
      return repetitions.length === 0 ? [] : [[name, verdictOf(repetitions).verdict] as const];
    }),
  );
  if (verdictBy.size === 0) return `None of ${counted(claims.length, 'claim')} has been measured yet.`;
  const verdicts = [...verdictBy.values()];
  const parts = [
    ...VERDICTS.map((verdict) => [verdicts.filter((one) => one === verdict).length, WORDS[verdict]] as const),
    [claims.length - verdictBy.size, 'not measured yet'] as const,
  ];
  const counts = parts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  const examples = claims.flatMap(({ name, title, decidedBy }) => {
    const [verdict, shown] = [verdictBy.get(name), verdictOf(outcomes[name]?.repetitions ?? []).shown];
    if (!ASKED_IN_README.includes(name) || verdict === undefined || shown === undefined) return [];
    const of = decidedBy.kind === 'ratio' || decidedBy.kind === 'latency' ? `${multipleWords(decidedBy)} is` : 'found';
    const found = shown.point === null ? '' : `, ${of} ${figureWords(shown)}`;
    return [`- [${title}](docs/claims/${name}.md): **${WORDS[verdict]}**${found}`];
  });
  const sum = `Of ${counted(claims.length, 'claim')}: ${counts.join(', ')}.`;
  return examples.length === 0 ? sum : `${sum}\n\n${examples.join('\n')}`;
}

function outcomeLines(claim: Claim, outcome: Outcome | undefined, hasImage: boolean): readonly string[] {
  const { name, command, needsNode } = claim;
  const run = `runs/${name}.ndjson`;
  const needs = needsNode === null ? '' : ` It needs Node.js ${needsNode} or newer.`;
  const asked = `Asked with \`fourways run ${command.map(quoted).join(' ')}\`: ${askedWords(claim.decidedBy)}.${needs}`;
  const { verdict, agreed, shown } = verdictOf(outcome?.repetitions ?? []);
  if (outcome === undefined || shown === undefined) return ['## Not measured yet', asked];
  const same = `The same in ${agreed} of ${counted(outcome.repetitions.length, 'repetition')}.`;
  return [
    `## Verdict: ${WORDS[verdict]}`,
    asked,
    `${foundWords(shown)}. ${same} On ${counted(shown.cpus, 'CPU')} (${shown.cpuModel}), Node.js ${shown.node}, ${shown.startedAt.slice(0, 10)}.`,
    ...(hasImage ? [`![What was measured](images/${name}.svg)`] : []),
    ...(outcome.repetitions.length < 2 ? [] : [repetitionTable(outcome.repetitions)]),
    `${hasImage ? `The chart is of [the first run](${run})` : `The first run is [kept](${run})`}: \`npx fourways report docs/claims/${run}\`.`,
  ];
}

function repetitionTable(repetitions: readonly Repetition[]): string {
  const rows = repetitions.map((one, i) => `| ${i + 1} | ${figureWords(one)} | ${WORDS[one.verdict]} |`);
  return ['| repetition | found | verdict |', '| --- | --- | --- |', ...rows].join('\n');
}

/** `docs/claims/README.md`. */
export function claimsPage(claims: readonly Claim[], outcomes: Outcomes, notDecidable: NotDecidable): string {
  const others = notDecidable.map(({ claim, source, why }) => `- *${claim}* (${sourceWords(source)}). ${why}`);
  const rows = claims.map((claim) => {
    const link = `[${claim.title}](${claim.name}.md)`;
    const source = sourceWords(claim.source);
    const outcome = outcomes[claim.name];
    const { verdict, agreed, shown } = verdictOf(outcome?.repetitions ?? []);
    if (outcome === undefined || shown === undefined) return `| ${link} | ${source} | not measured yet | | |`;
    const same = `${agreed} of ${outcome.repetitions.length}`;
    return `| ${link} | ${source} | **${WORDS[verdict]}** | ${figureWords(shown)} | ${same} |`;
  });
  return `# Public claims, held against runs

What is said of concurrency in Node.js, in our words, with who says it, the command that decides it, and what a run on one machine found. A claim
is *confirmed* when the whole 95% interval of its figure lies within what it says, *refuted* when all of it lies outside, and otherwise *not
decidable on this machine*. Verdicts are of the machine and the Node.js that each page names.

| claim | who says so | verdict | found | the same in |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

## Not decidable here, and why

${others.join('\n')}

## How it is measured

\`npm run claims\` measures what has not been measured yet, \`npm run claims -- <name>\` one claim (\`--again\` for one that has been), \`--repeat 5\` each until it has five
repetitions, and \`--runtime <node>\` those that need a newer Node.js. Stopped with Ctrl-C, it goes on where it was. Repetitions of one claim
are of one Node.js and one CPU: where some are missing, those of another are started over. A new claim is a file in this
folder: a title, a few words, and a block \`json claim\` as in the others; what no run can decide is a line of \`not-decidable.json\`. This page is written by the same command.
`;
}

function sourceWords({ name, url }: Claim['source']): string {
  return url === null ? name : `[${name}](${url})`;
}

/** What the claim comes to, as a figure. */
function askedWords(by: DecidedBy): string {
  switch (by.kind) {
    case 'ratio':
    case 'latency':
      return `the claim holds if ${multipleWords(by)} is ${rangeWords(by, multiple)}`;
    case 'requests-per-sec':
      return `the claim holds if ${by.model} serves ${rangeWords(by, (value) => `${figure(value)}/s`)}`;
    case 'most-possible':
      return `the claim can hold only if what the CPUs can do at most is ${rangeWords(by, multiple)} of what ${by.model} serves`;
    default:
      return by satisfies never;
  }
}

function multipleWords(by: Extract<DecidedBy, { kind: 'ratio' | 'latency' }>): string {
  if (by.kind === 'latency') {
    return `the ${by.percentile} latency of ${by.requestClass} requests under ${by.model} as a multiple of that under ${by.against}, both at ${by.share * 100}% of the capacity of the slower one,`;
  }
  const what = {
    throughput: 'requests per second',
    'cpu-per-request': 'CPU time per request',
    'peak-memory': 'peak memory',
  };
  const mode = by.connectionMode === 'per-request' ? ', with a connection per request' : '';
  return `the ${what[by.metric]} of ${by.model} as a multiple of that of ${by.against}${mode}`;
}

function rangeWords({ from, to }: DecidedBy, text: (value: number) => string): string {
  if (from === null) return to === null ? 'anything' : `at most ${text(to)}`;
  return to === null ? `at least ${text(from)}` : `from ${text(from)} to ${text(to)}`;
}

function foundWords(finding: Finding): string {
  return finding.why === null ? `Found: ${figureWords(finding)}` : `Not found: ${finding.why}`;
}

/** `2.41 (2.30–2.52)`, or `at least 2.30` of a lower bound. */
export function figureWords({ point, low, high }: Finding): string {
  if (point === null || low === null) return MISSING;
  return high === null ? `at least ${figure(low)}` : `${figure(point)} (${figure(low)}–${figure(high)})`;
}

function quoted(word: string): string {
  return /^[\w./:=,%-]+$/.test(word) ? word : `'${word}'`;
}
