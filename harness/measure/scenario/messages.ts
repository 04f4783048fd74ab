/** Messages between the harness and the process of a scenario's module. Either may ask; `id` tells which question an answer is to. */
import { z } from 'zod';
import type { Expectation, ReceivedReply, Service, SetUpContext } from '../../../scenarios/scenario.ts';
import { type Asked, type Description, descriptionSchema } from './description.ts';

/** What the process is for, in `process.argv` after the address of the module. */
export type Purpose = 'describe' | 'run';

/** Harness to process. */
export type ScenarioCommand =
  | { readonly type: 'describe'; readonly id: number; readonly asked: Asked }
  | {
      readonly type: 'verify';
      readonly id: number;
      readonly reply: Omit<ReceivedReply, 'text'>;
      readonly expectation: Expectation;
    }
  | { readonly type: 'set-up'; readonly id: number; readonly asked: SetUpAsked }
  /** The answer to a `request`. */
  | { readonly type: 'provide'; readonly id: number; readonly resource: Resource };

/** What `setUp` is told. */
export type SetUpAsked = Pick<SetUpContext, 'parameters' | 'workers' | 'given'>;

/** A service or the path of a folder, or why there is none. */
export type Resource =
  | { readonly kind: 'service'; readonly service: Service }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'none'; readonly message: string };

/** Process to harness. */
export type ScenarioEvent =
  | { readonly type: 'loaded' }
  | { readonly type: 'not-loaded'; readonly message: string }
  | { readonly type: 'described'; readonly id: number; readonly description: Description }
  /** `wrong` is what is wrong with the reply; null when it is right. */
  | { readonly type: 'verified'; readonly id: number; readonly wrong: string | null }
  | { readonly type: 'set-up'; readonly id: number; readonly addresses: Readonly<Record<string, string>> }
  | { readonly type: 'failed'; readonly id: number; readonly message: string }
  | { readonly type: 'request'; readonly id: number; readonly request: ResourceRequest };

/** What `setUp` asks for. */
export type ResourceRequest =
  | { readonly kind: 'service'; readonly entry: string; readonly args: readonly string[]; readonly keep: boolean }
  | { readonly kind: 'folder' };

const id = z.int();

export const scenarioEventSchema: z.ZodType<ScenarioEvent> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('loaded') }),
  z.object({ type: z.literal('not-loaded'), message: z.string() }),
  z.object({ type: z.literal('described'), id, description: descriptionSchema }),
  z.object({ type: z.literal('verified'), id, wrong: z.string().nullable() }),
  z.object({ type: z.literal('set-up'), id, addresses: z.record(z.string(), z.string()) }),
  z.object({ type: z.literal('failed'), id, message: z.string() }),
  z.object({
    type: z.literal('request'),
    id,
    request: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('service'), entry: z.string(), args: z.array(z.string()), keep: z.boolean() }),
      z.object({ kind: z.literal('folder') }),
    ]),
  }),
]);
