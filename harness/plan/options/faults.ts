/** The text of `--fault`, `--restart` and `--reload`: what is put into every model under load. */
import { UserError } from '../../errors.ts';
import { FAULT_KINDS, type FaultKind } from '../../store/fault-schema.ts';
import type { External, FaultPlan, Rate } from '../../store/schema.ts';
import { faultText } from '../faults.ts';
import { EQUAL_WORK_SHARE } from '../schedule/rates.ts';
import { named } from './external.ts';
import { didYouMean, milliseconds, oneOf } from './values.ts';

/** What came from the command line. */
export interface FaultRequest {
  readonly fault?: readonly string[] | undefined;
  readonly restart?: string | undefined;
  readonly reload?: readonly string[] | undefined;
}

/** Values of `--restart`. */
export const RESTARTS = ['on', 'off', 'both'] as const;
/** Values of `--fault`, as help and completion show them. */
export const FAULTS: readonly string[] = FAULT_KINDS.map((kind) => (lasts(kind) ? `${kind}=1s` : kind));

/** Of those that last, when no time was given. */
const LASTS_MS = 1000;
const BEFORE_MS = 2000;
const EACH_MS = 4000;
const LONGEST_MS = 60_000;
const MOST_TIMES = 20;

/** What faults have in common with the rest of a run. */
interface Beside extends Pick<FaultPlan, 'arrivals' | 'rounds' | 'mostConnections'> {
  /** After each fault; undefined for the usual time. */
  readonly eachMs: number | undefined;
  readonly externals: readonly External[];
  /** Those of `--rate`: a single one is theirs, too. */
  readonly rates: readonly Rate[] | undefined;
}

/** Null without `--fault`. Throws a UserError that names the flag. */
export function parseFaults({ fault, restart, reload = [] }: FaultRequest, beside: Beside): FaultPlan | null {
  if (fault === undefined) {
    const [flag] = [
      ...(restart === undefined ? [] : [`--restart ${restart}`]),
      ...reload.map((one) => `--reload ${one}`),
    ];
    if (flag === undefined) return null;
    throw new UserError(`${flag} goes with --fault: it says how a model behaves when it is broken`);
  }
  const { externals, rates = [], eachMs = EACH_MS, ...same } = beside;
  const [only, ...others] = rates;
  const faults = fault.map((text) => parseFault(text, Math.min(BEFORE_MS, eachMs)));
  const texts = faults.map(faultText);
  const twice = texts.find((text, i) => texts.indexOf(text) < i);
  if (twice !== undefined) throw new UserError(`--fault ${twice} was given twice; give each fault once`);
  const reloads = parseReloads(reload, externals);
  const [first] = reloads;
  if (first !== undefined && faults.every(({ kind }) => kind !== 'reload')) {
    throw new UserError(`--reload ${first.name}=${first.line}: nothing is reloaded; add --fault reload`);
  }
  return {
    faults,
    restarts: restartsOf(oneOf('--restart', restart ?? 'on', RESTARTS)),
    reloads,
    rate: only === undefined || others.length > 0 ? { kind: 'share', share: EQUAL_WORK_SHARE } : only,
    eachMs,
    ...same,
  };
}

function restartsOf(asked: (typeof RESTARTS)[number]): readonly boolean[] {
  return asked === 'both' ? [true, false] : [asked === 'on'];
}

/** `block=1s@5s*3`, in which the time before it and the number of times may be left out or change places. */
function parseFault(text: string, beforeMs: number): FaultPlan['faults'][number] {
  const { name = '', rest = '' } = /^(?<name>[^=@*]*)(?<rest>.*)$/su.exec(text.trim())?.groups ?? {};
  const kind = FAULT_KINDS.find((known) => known === name);
  if (kind === undefined) throw new UserError(`--fault ${text}: unknown fault.${didYouMean(name, FAULT_KINDS)}`);
  const parts = new Map<string, string>();
  for (const [, sign = '', value = ''] of rest.matchAll(/([=@*])([^=@*]*)/gu)) {
    if (parts.has(sign)) throw new UserError(`--fault ${text}: '${sign}' is in it twice; write it once`);
    parts.set(sign, value.trim());
  }
  const lasting = parts.get('=');
  if (lasting !== undefined && !lasts(kind)) {
    const others = FAULT_KINDS.filter(lasts).join(' and ');
    throw new UserError(`--fault ${text}: only ${others} last for a time that is given; write ${kind}`);
  }
  const time = (sign: string, usual: number): number => {
    const written = parts.get(sign);
    return written === undefined ? usual : milliseconds(`--fault ${text}:`, written, LONGEST_MS);
  };
  return {
    kind,
    lastsMs: lasts(kind) ? time('=', LASTS_MS) : null,
    times: timesIn(text, parts.get('*')),
    beforeMs: time('@', beforeMs),
  };
}

function timesIn(text: string, written: string | undefined): number {
  if (written === undefined) return 1;
  const times = /^\d+$/.test(written) ? Number(written) : 0;
  if (times >= 1 && times <= MOST_TIMES) return times;
  throw new UserError(`--fault ${text}: behind * give how often, a whole number from 1 to ${MOST_TIMES}`);
}

function lasts(kind: FaultKind): boolean {
  return kind === 'block' || kind === 'upstream-stall';
}

function parseReloads(texts: readonly string[], externals: readonly External[]): FaultPlan['reloads'] {
  const reloads = texts.map((text) => named('--reload', text));
  const commands = externals.flatMap(({ kind, name }) => (kind === 'command' ? [name] : []));
  for (const [i, { name }] of reloads.entries()) {
    if (reloads.findIndex((other) => other.name === name) < i) {
      throw new UserError(`--reload ${name} was given twice; give one line for each command`);
    }
    if (commands.includes(name)) continue;
    const why = externals.some((one) => one.name === name)
      ? ' What runs at a --url is not started here, and so not broken.'
      : commands.length === 0
        ? ' It is for servers of --command; models of fourways reload by themselves.'
        : didYouMean(name, commands);
    throw new UserError(`--reload ${name}: there is no --command of that name.${why}`);
  }
  return reloads;
}
