/** What the harness and the process of a scenario's module say to each other. Both may ask; a ticket tells what an answer is to. */
import { z } from 'zod';
import type { Expectation, ReceivedReply } from '../../../scenarios/scenario.ts';
import { type Asked, type Description, descriptionSchema } from './description.ts';

/** What the process is for, in `process.argv` after the address of the module. */
export type Purpose = 'describe' | 'run';

/** Harness to process. */
export type ScenarioOrder =
  | { readonly type: 'describe'; readonly ticket: number; readonly asked: Asked }
  | {
      readonly type: 'verify';
      readonly ticket: number;
      readonly reply: Omit<ReceivedReply, 'text'>;
      readonly expectation: Expectation;
    }
  | { readonly type: 'set-up'; readonly ticket: number; readonly parameters: Readonly<Record<string, number>> }
  /** Answers what `setUp` asked for. */
  | { readonly type: 'given'; readonly ticket: number; readonly given: Given };

/** The port of a service or the path of a folder, or why there is none. */
export type Given =
  | { readonly kind: 'service'; readonly port: number }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'nothing'; readonly message: string };

/** Process to harness. */
export type ScenarioNotice =
  | { readonly type: 'loaded' }
  | { readonly type: 'not-loaded'; readonly message: string }
  | { readonly type: 'described'; readonly ticket: number; readonly description: Description }
  /** `wrong` is what is wrong with the reply; null when it is right. */
  | { readonly type: 'verified'; readonly ticket: number; readonly wrong: string | null }
  | { readonly type: 'set-up'; readonly ticket: number; readonly addresses: Readonly<Record<string, string>> }
  | { readonly type: 'failed'; readonly ticket: number; readonly message: string }
  | { readonly type: 'wanted'; readonly ticket: number; readonly wanted: Wanted };

/** What `setUp` asks for. */
export type Wanted =
  | { readonly kind: 'service'; readonly entry: string; readonly args: readonly string[] }
  | { readonly kind: 'folder' };

const ticket = z.int();

export const scenarioNoticeSchema: z.ZodType<ScenarioNotice> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('loaded') }),
  z.object({ type: z.literal('not-loaded'), message: z.string() }),
  z.object({ type: z.literal('described'), ticket, description: descriptionSchema }),
  z.object({ type: z.literal('verified'), ticket, wrong: z.string().nullable() }),
  z.object({ type: z.literal('set-up'), ticket, addresses: z.record(z.string(), z.string()) }),
  z.object({ type: z.literal('failed'), ticket, message: z.string() }),
  z.object({
    type: z.literal('wanted'),
    ticket,
    wanted: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('service'), entry: z.string(), args: z.array(z.string()) }),
      z.object({ kind: z.literal('folder') }),
    ]),
  }),
]);
