/** The text of `--rate`: `200`, `200/s`, `50%` or `none`. */
import { UserError } from '../../errors.ts';
import type { Cell, Rate } from '../../store/schema.ts';
import { mostAsked } from '../schedule/rates.ts';
import { USUAL_SHARES } from './presets.ts';

const LOWEST = 1;
const HIGHEST_SHARE = 2;

/**
 * Reads `--rate`: `200` and `200/s` are requests per second, `50%` is a share of the capacity of the slowest ranked model,
 * `none` is capacity only. undefined when nothing was given. Throws a UserError that names the flag.
 */
export function parseRates(
  texts: readonly string[] | undefined,
  generators: number,
  modes: readonly Cell['connectionMode'][],
): readonly Rate[] | undefined {
  if (texts === undefined) return undefined;
  if (texts.length === 0) throw new UserError('--rate needs a value; give 200, 50% or none');
  if (texts.includes('none')) {
    if (texts.length === 1) return [];
    throw new UserError(`--rate ${texts.join(',')}: none cannot be combined with other rates`);
  }
  const most = mostAsked(generators, modes);
  return [...new Set(texts)].map((text) => parseRate(text, most, generators));
}

function parseRate(text: string, most: number, generators: number): Rate {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(%|\/s)?$/.exec(text.trim()) ?? [];
  const value = Number(digits);
  if (digits === undefined || !(value > 0)) {
    throw new UserError(
      `--rate ${text}: give requests per second such as 200, a share of capacity such as 50%, or none`,
    );
  }
  if (unit === '%') {
    if (value <= HIGHEST_SHARE * 100) return { kind: 'share', share: value / 100 };
    throw new UserError(`--rate ${text}: give a share of up to ${HIGHEST_SHARE * 100}%, or requests per second`);
  }
  if (value < LOWEST) throw new UserError(`--rate ${text}: give ${LOWEST} request per second or more`);
  if (value <= most) return { kind: 'number', requestsPerSec: value };
  const them = generators === 1 ? 'one generator' : `${generators} generators`;
  throw new UserError(
    `--rate ${text}: ${them} can offer up to ${most} requests per second; give less, or more --generators with CPUs of their own (--isolate)`,
  );
}

/** What an open-loop scenario is offered when nobody says otherwise. */
export function usualRates(): readonly Rate[] {
  return USUAL_SHARES.map((share) => ({ kind: 'share', share }));
}
