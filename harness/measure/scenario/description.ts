/** What a scenario is, without its code: checked where its module is loaded, and plain data everywhere else. */
import { z } from 'zod';
import type { ParameterSpec, RequestClass, Scenario } from '../../../scenarios/scenario.ts';
import { issueOf, messageOf, UserError } from '../../errors.ts';
import { resolveParameters } from '../../plan/options/scenario.ts';
import { unsendable, withoutLength } from '../../plan/sendable.ts';
import { headersSchema, methodSchema } from '../../store/load-schema.ts';
import type { Parity } from '../replies/verify.ts';

/** How the scenario was asked for. */
export interface Asked {
  /** As on the command line: a built-in name, or a path. */
  readonly reference: string;
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** Everything that the harness needs to know about a scenario. */
export interface Description {
  readonly summary: string;
  /** What a request asks for; null when the scenario does not say. */
  readonly inWords: string | null;
  /** What can be set. */
  readonly specs: Readonly<Record<string, ParameterSpec>>;
  readonly parameters: Readonly<Record<string, number>>;
  readonly classes: readonly RequestClass[];
  readonly kernel: {
    /** The parameter that is a number of CPU milliseconds; null when one iteration is one request. */
    readonly sizedBy: string | null;
    /** Share of the requests that run it, above 0 and at most 1. */
    readonly share: number;
    /** Threads of the libuv pool run it, and not those of the workers. */
    readonly inPool: boolean;
  } | null;
  /** How long a request waits under any model, in milliseconds; null when the scenario does not say. */
  readonly waitingMs: number | null;
  readonly openLoop: boolean;
  /** Whether it has nothing to say with one worker. */
  readonly severalWorkers: boolean;
  readonly hasSetUp: boolean;
  /** Whether it is served over HTTPS. */
  readonly tls: boolean;
  /** Whether it has memory that the threads of a process share. */
  readonly shares: boolean;
  /** How alike replies must be. */
  readonly parity: Parity;
}

const functionSchema = z.custom<(...args: readonly never[]) => unknown>(
  (value) => typeof value === 'function',
  'must be a function',
);

const parameterSchema = z
  .object({
    summary: z.string(),
    default: z.number(),
    min: z.number(),
    max: z.number(),
    integer: z.boolean().optional(),
  })
  .refine((spec) => spec.min <= spec.default && spec.default <= spec.max, 'default must lie between min and max')
  .transform(({ integer, ...spec }): ParameterSpec => ({ ...spec, ...(integer !== undefined && { integer }) }));

const specsSchema = z.record(z.string().regex(/^[A-Za-z][\w-]*$/, 'parameter names are plain words'), parameterSchema);

const scenarioSchema = z.object({
  summary: z.string(),
  parameters: specsSchema,
  inWords: functionSchema.optional(),
  requests: functionSchema,
  createHandler: functionSchema,
  verify: functionSchema,
  kernel: z
    .object({
      sizedBy: z.string().optional(),
      prepare: functionSchema,
      share: functionSchema.optional(),
      inPool: z.boolean().optional(),
    })
    .optional(),
  waitingMs: functionSchema.optional(),
  openLoop: z.boolean().optional(),
  severalWorkers: z.boolean().optional(),
  tls: z.boolean().optional(),
  setUp: functionSchema.optional(),
  shared: functionSchema.optional(),
  repliesVary: z.boolean().optional(),
});

const body = z.union(
  [z.string(), z.instanceof(Uint8Array)],
  'a body is a string or a Uint8Array; JSON.stringify() makes one of an object',
);

const classesSchema = z
  .array(
    z
      .object({
        name: z.string().min(1),
        weight: z.number().positive(),
        method: methodSchema,
        path: z.string(),
        headers: headersSchema.optional(),
        body: body.optional(),
        bodies: z.array(body).min(1).nullable().optional(),
        status: z.int().min(200).max(599).optional(),
        varies: z.boolean().optional(),
        lost: z.string().min(1).optional(),
        onFront: z.boolean().optional(),
      })
      .transform(
        ({ headers, body, bodies, status, varies, lost, onFront, ...rest }): RequestClass => ({
          ...rest,
          ...(headers !== undefined && { headers: withoutLength(headers) }),
          ...(body !== undefined && { body }),
          ...(bodies !== undefined && { bodies }),
          ...(status !== undefined && { status }),
          ...(varies !== undefined && { varies }),
          ...(lost !== undefined && { lost }),
          ...(onFront !== undefined && { onFront }),
        }),
      ),
  )
  .min(1);

/** For the harness, which does not trust a process that runs code of the user. */
export const descriptionSchema: z.ZodType<Description> = z.object({
  summary: z.string(),
  inWords: z.string().nullable(),
  specs: specsSchema,
  parameters: z.record(z.string(), z.number()),
  classes: classesSchema,
  kernel: z
    .object({ sizedBy: z.string().nullable(), share: z.number().positive().max(1), inPool: z.boolean() })
    .nullable(),
  waitingMs: z.number().positive().nullable(),
  openLoop: z.boolean(),
  hasSetUp: z.boolean(),
  severalWorkers: z.boolean(),
  tls: z.boolean(),
  shares: z.boolean(),
  parity: z.enum(['bytes', 'learned', 'status']),
});

/** The default export of a module, when it is a scenario. Throws UserError. */
export function checkedScenario({ reference }: Asked, exported: unknown): Scenario {
  if (exported === undefined) {
    throw new UserError(
      `--scenario ${reference}: the file has no default export; write 'export default { … }', see examples/`,
    );
  }
  const checked = scenarioSchema.safeParse(exported);
  if (!checked.success) {
    throw new UserError(`--scenario ${reference}: the default export is not a scenario: ${issueOf(checked.error)}`);
  }
  // The object itself is returned, not the copy that the schema makes: its methods may use `this`.
  return z.custom<Scenario>().parse(exported);
}

/** Resolves the parameters, and asks the scenario for everything else. Throws UserError. */
export function describeScenario({ name, settings }: Asked, scenario: Scenario): Description {
  const specs = specsSchema.parse(scenario.parameters);
  const parameters = resolveParameters(name, specs, settings);
  const { kernel } = scenario;
  if (kernel?.sizedBy !== undefined && !Object.hasOwn(parameters, kernel.sizedBy)) {
    throw new UserError(`scenario ${name}: kernel.sizedBy is '${kernel.sizedBy}', which is not one of its parameters`);
  }
  const share = called(name, 'kernel.share', () => kernel?.share?.(parameters));
  if (share !== undefined && !(share > 0 && share <= 1)) {
    throw new UserError(`scenario ${name}: kernel.share() must return a number above 0 and at most 1, not ${share}`);
  }
  const waitingMs = called(name, 'waitingMs', () => scenario.waitingMs?.(parameters));
  if (waitingMs !== undefined && !(waitingMs > 0 && Number.isFinite(waitingMs))) {
    throw new UserError(`scenario ${name}: waitingMs() must return a number above 0, not ${waitingMs}`);
  }
  const inWords = called(name, 'inWords', () => scenario.inWords?.(parameters)) ?? null;
  if (inWords !== null && (typeof inWords !== 'string' || inWords.trim() === '')) {
    throw new UserError(`scenario ${name}: inWords() must return a text that is not empty`);
  }
  return {
    summary: scenario.summary,
    inWords,
    specs,
    parameters,
    classes: classesOf(name, scenario, parameters),
    kernel:
      kernel === undefined
        ? null
        : { sizedBy: kernel.sizedBy ?? null, share: share ?? 1, inPool: kernel.inPool === true },
    waitingMs: waitingMs ?? null,
    openLoop: scenario.openLoop === true,
    hasSetUp: scenario.setUp !== undefined,
    severalWorkers: scenario.severalWorkers === true,
    tls: scenario.tls === true,
    shares: scenario.shared !== undefined,
    parity: scenario.repliesVary === true ? 'learned' : 'bytes',
  };
}

function classesOf(name: string, scenario: Scenario, parameters: Description['parameters']): Description['classes'] {
  const returned = called(name, 'requests', () => scenario.requests(parameters));
  const requests = classesSchema.safeParse(returned);
  if (!requests.success) throw new UserError(`scenario ${name}: requests() ${issueOf(requests.error)}`);
  for (const one of returned) {
    const problem = unsendable(one);
    if (problem !== null) throw new UserError(`scenario ${name}: request '${one.name}': ${problem}`);
  }
  const names = requests.data.map((one) => one.name);
  const twice = names.find((one, i) => names.indexOf(one) !== i);
  if (twice !== undefined) throw new UserError(`scenario ${name}: requests() has two classes named '${twice}'`);
  const ambiguous = sharedRoute(requests.data);
  if (ambiguous !== undefined) {
    throw new UserError(
      `scenario ${name}: requests() marks '${ambiguous.marked}' onFront, but '${ambiguous.other}' has the same method and path`,
    );
  }
  return requests.data;
}

/** A front end distinguishes requests by method and path alone, so a class for workers must not look like one for the front end. */
function sharedRoute(classes: Description['classes']): { readonly marked: string; readonly other: string } | undefined {
  for (const { name, method, path } of classes.filter(({ onFront }) => onFront === true)) {
    const other = classes.find((one) => one.onFront !== true && one.method === method && one.path === path);
    if (other !== undefined) return { marked: name, other: other.name };
  }
  return undefined;
}

function called<T>(name: string, method: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new UserError(`scenario ${name}: ${method}() failed: ${messageOf(error)}`);
  }
}
