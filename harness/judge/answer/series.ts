/** What a series says, in a sentence: how many workers, from where on a model is ahead. */
import type { Cell } from '../../store/schema.ts';
import type { SeriesModel, SeriesSummary } from '../schema/series.ts';
import { list, namesOf, percent } from '../words.ts';
import { downTo, share, standingText, upTo } from './behind.ts';

type Told = Omit<SeriesSummary, 'sentence'>;
type Named = Pick<Cell, 'id' | 'model' | 'connectionMode' | 'workers'>;

/** Empty where nothing is known. */
export function seriesSentence(series: Told, cells: readonly Named[], margin: number): string {
  const nameOf = namesOf(cells);
  const { along } = series;
  const sentences =
    along.kind === 'parameter'
      ? series.models.flatMap((one) => breakEvenText(one, along, nameOf(one)))
      : [
          ...(along.kind === 'workers' ? [takeText(series, cells)] : []),
          ...series.models.flatMap((one) => enoughText(one, along.kind, { name: nameOf(one), margin })),
          ...series.models.flatMap((one) => lawText(one, nameOf(one))),
        ];
  return sentences.filter((text) => text !== '').join(' ');
}

/** `cluster with 2 workers`. */
export function deploymentNames(cells: readonly Named[]): (id: string) => string {
  const nameOf = namesOf(cells);
  return (id) => {
    const cell = cells.find((one) => one.id === id);
    if (cell === undefined) return id;
    // A single process has no number.
    const { workers } = cell;
    const isOne = workers === null || cells.every((one) => one.model !== cell.model || one.workers === workers);
    return isOne ? nameOf(cell) : `${nameOf(cell)} with ${counted(workers, 'worker')}`;
  };
}

function takeText({ answer, decision, of }: Told, cells: readonly Named[]): string {
  const names = deploymentNames(cells);
  if (answer === null && decision !== null)
    return `Take ${names(decision.take)} for ${of}: no other keeps every session.`;
  if (answer === null) return `Not decided for ${of}: fewer than two could be compared by requests per second.`;
  if (decision === null) {
    const known = answer.models.some(({ atMostBehind }) => atMostBehind !== null);
    if (!known) return `Not decided for ${of}: it takes 3 rounds in which all are valid.`;
    return `Not decided yet for ${of}: ${list(answer.best.map(names), 'or')}.`;
  }
  const others = decision.among.filter((id) => id !== decision.take);
  const asGood =
    others.length === 0 ? '' : `; ${list(others.map(names))} ${others.length === 1 ? 'is' : 'are'} as good`;
  const own = answer.models.find(({ cell }) => cell === decision.take);
  const standing = own === undefined ? '' : `: ${standingText('throughput', own)}`;
  return `Take ${names(decision.take)} for ${of}${standing}${asGood}.`;
}

/** `cluster: 2 workers are enough, more add at most 4%.` */
function enoughText(
  { standing }: SeriesModel,
  kind: 'workers' | 'connections',
  { name, margin }: { readonly name: string; readonly margin: number },
): string[] {
  const known = standing?.filter(({ atMostBehind }) => atMostBehind !== null) ?? [];
  const unit = kind === 'workers' ? 'worker' : 'connection';
  const first =
    known.find(({ atMostBehind }) => (atMostBehind ?? 1) <= margin) ?? known.find((one) => one.atLeastBehind === 0);
  if (first === undefined || known.length < 2) return [];
  const more = known.filter(({ value }) => value > first.value);
  const isAll = known.length === standing?.length;
  const fewer = known.filter(({ value }) => value < first.value).at(-1);
  // So much more of its own, and not of the best.
  const bound = (first.atMostBehind ?? 0) / (1 - (first.atMostBehind ?? 0));
  const added =
    more.length === 0
      ? `the most that ${isAll ? 'was tried' : 'could be compared'}`
      : `${isAll && more.length > 1 ? 'more' : list(more.map(({ value }) => String(value)))} add ${upTo(bound) === 0 ? 'nothing' : `at most ${share(upTo(bound))}`}`;
  const lost =
    fewer === undefined || fewer.atLeastBehind === 0
      ? ''
      : `; ${fewer.value} ${fewer.value === 1 ? 'is' : 'are'} at least ${share(downTo(fewer.atLeastBehind))} behind`;
  const isEnough = (first.atMostBehind ?? 1) <= margin;
  return [`${name}: ${counted(first.value, unit)}${isEnough ? '' : ' may be enough'}; ${added}${lost}.`];
}

function lawText({ law }: SeriesModel, name: string): string[] {
  if (law === null || law.kind !== 'fitted') return [];
  const { peak, contention, upTo: most } = law;
  const seen = `${percent(Number(contention.point.toFixed(3)))} of contention`;
  if (peak.point === null || peak.high === null) {
    return [`By the scalability law ${name} has ${seen} and no peak below ${Math.floor(peak.low)} workers.`];
  }
  const range = `${Math.max(1, Math.floor(peak.low))} to ${Math.ceil(peak.high)}`;
  const extrapolated = peak.point > most ? ', extrapolated' : '';
  return [
    `By the scalability law ${name} has ${seen} and is at its peak with ${counted(Math.max(1, Math.round(peak.point)), 'worker')} (${range}${extrapolated}).`,
  ];
}

function breakEvenText({ breakEven, model }: SeriesModel, along: SeriesSummary['along'], name: string): string[] {
  if (breakEven === null || along.kind !== 'parameter' || model === '') return [];
  const at = (value: number): string => valueText(along, Number(value.toPrecision(2)));
  switch (breakEven.kind) {
    case 'found': {
      const { value, low, high } = breakEven;
      const interval =
        low !== null && high !== null
          ? `${Number(low.toPrecision(2))} to ${at(high)}`
          : low === null
            ? `at most ${at(high ?? value)}`
            : `at least ${at(low)}`;
      return [`${name} serves more than single from ${at(value)} on (${interval}).`];
    }
    case 'ahead':
      return [`${name} serves more than single from ${at(breakEven.from)} on, the least that could be compared.`];
    case 'behind':
      return [`${name} serves less than single up to ${at(breakEven.to)}, the most that could be compared.`];
    case 'open':
      return [`${name} and single: not decided where one comes to serve more.`];
    default:
      return breakEven satisfies never;
  }
}

/** `0.31 ms`, `count=4`. */
export function valueText(along: SeriesSummary['along'], value: number): string {
  switch (along.kind) {
    case 'workers':
      return counted(value, 'worker');
    case 'connections':
      return counted(value, 'connection');
    case 'parameter':
      return along.name === 'ms' ? `${value} ms` : `${along.name}=${value}`;
    default:
      return along satisfies never;
  }
}

function counted(count: number, one: string): string {
  return `${count.toLocaleString('en-US')} ${one}${count === 1 ? '' : 's'}`;
}
