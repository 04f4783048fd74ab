/**
 * Runs the module of one scenario outside the harness, so that whatever it prints, patches, holds open or ends affects this
 * process alone. The code that checks a module takes as long to load as everything else, and a trial with a set-up waits for
 * this process, so that code is loaded only to describe the scenario.
 */
import { setImmediate } from 'node:timers/promises';
import { importDefault } from '../../../scenarios/import.ts';
import type { Scenario, SetUpContext } from '../../../scenarios/scenario.ts';
import { keepChannel } from '../../../servers/app/process.ts';
import { messageOf, UserError } from '../../errors.ts';
import type { Purpose, Resource, ResourceRequest, ScenarioCommand, ScenarioEvent } from './messages.ts';

const send = process.send?.bind(process);

const notify = (event: ScenarioEvent): void => void send?.(event);
const pending = new Map<number, (resource: Resource) => void>();
/** Not checked before it is described, which is the first thing that is asked of a scenario. */
let scenario: Scenario | undefined;

function request(what: ResourceRequest): Promise<Resource> {
  return new Promise((resolve) => {
    const id = pending.size === 0 ? 1 : Math.max(...pending.keys()) + 1;
    pending.set(id, resolve);
    notify({ type: 'request', id, request: what });
  });
}

const services: Pick<SetUpContext, 'startService' | 'makeFolder'> = {
  startService: async (entry, args = [], { keep = false } = {}) => {
    const resource = await request({ kind: 'service', entry: String(entry), args: args.map(String), keep });
    if (resource.kind !== 'service') throw refusal(resource);
    return resource.service;
  },
  makeFolder: async () => {
    const resource = await request({ kind: 'folder' });
    if (resource.kind !== 'folder') throw refusal(resource);
    return resource.path;
  },
};

function refusal(resource: Resource): Error {
  return new Error(resource.kind === 'none' ? resource.message : `got a ${resource.kind} instead`);
}

type Question = Exclude<ScenarioCommand, { readonly type: 'provide' }>;

async function answer(question: Question): Promise<ScenarioEvent> {
  const { id } = question;
  if (question.type === 'describe') {
    const { checkedScenario, describeScenario } = await import('./description.ts');
    const { asked } = question;
    try {
      return { type: 'described', id, description: describeScenario(asked, checkedScenario(asked, scenario)) };
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError(`scenario ${asked.name}: it cannot be described: ${messageOf(error)}`);
    }
  }
  if (scenario === undefined) throw new Error('there is no scenario');
  switch (question.type) {
    case 'verify': {
      const text = Buffer.from(question.reply.bytes).toString('utf8');
      const wrong: unknown = (await scenario.verify({ ...question.reply, text }, question.expectation)) ?? null;
      if (wrong === null || typeof wrong === 'string') return { type: 'verified', id, wrong };
      throw new Error(`it must return a string that says what is wrong, or nothing, but returned ${String(wrong)}`);
    }
    case 'set-up': {
      const addresses = (await scenario.setUp?.({ ...question.asked, ...services })) ?? {};
      const other = Object.entries(addresses).find(([, address]) => typeof address !== 'string');
      if (other === undefined) return { type: 'set-up', id, addresses: { ...addresses } };
      throw new Error(`it must return addresses as strings, but '${other[0]}' is a ${typeof other[1]}`);
    }
    default:
      return question satisfies never;
  }
}

process.on('message', (command: ScenarioCommand) => {
  if (command.type === 'provide') {
    pending.get(command.id)?.(command.resource);
    pending.delete(command.id);
    return;
  }
  answer(command)
    .catch((error: unknown): ScenarioEvent => ({ type: 'failed', id: command.id, message: messageOf(error) }))
    .then(notify);
});
// It ends with the harness.
process.on('disconnect', () => process.exit());

keepChannel();
// Before the module is loaded, which may patch what the checks use.
const purpose: Purpose = process.argv[3] === 'describe' ? 'describe' : 'run';
if (purpose === 'describe') await import('./description.ts');
try {
  scenario = await importDefault<Scenario>(process.argv[2] ?? '');
  // An unhandled rejection ends the process in this turn, before the harness is told that the module is loaded.
  await setImmediate();
  notify({ type: 'loaded' });
} catch (error) {
  notify({ type: 'not-loaded', message: messageOf(error) });
}
