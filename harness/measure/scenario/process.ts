/**
 * Runs the module of one scenario, so that nothing of it runs in the harness: what it prints, patches, holds open or ends is
 * its own. What checks the module takes as long to load as the rest, and a trial with a set-up waits for this process, so it is
 * loaded only where the scenario is to be described.
 */
import { setImmediate } from 'node:timers/promises';
import { importDefault } from '../../../scenarios/import.ts';
import type { Scenario, SetUpContext } from '../../../scenarios/scenario.ts';
import { messageOf, UserError } from '../../errors.ts';
import type { Given, Purpose, ScenarioNotice, ScenarioOrder, Wanted } from './messages.ts';

const send = process.send?.bind(process);
// It is not the module's to use: what it says there is meant for another kind of parent, such as a process manager.
delete process.send;

const tell = (notice: ScenarioNotice): void => void send?.(notice);
const waiting = new Map<number, (given: Given) => void>();
/** Checked when it is described, which comes before everything else that is asked of it. */
let scenario: Scenario | undefined;

function ask(wanted: Wanted): Promise<Given> {
  return new Promise((resolve) => {
    const ticket = waiting.size === 0 ? 1 : Math.max(...waiting.keys()) + 1;
    waiting.set(ticket, resolve);
    tell({ type: 'wanted', ticket, wanted });
  });
}

const services: Pick<SetUpContext, 'startService' | 'makeFolder'> = {
  startService: async (entry, args = []) => {
    const given = await ask({ kind: 'service', entry: String(entry), args: args.map(String) });
    if (given.kind !== 'service') throw refusal(given);
    return { port: given.port };
  },
  makeFolder: async () => {
    const given = await ask({ kind: 'folder' });
    if (given.kind !== 'folder') throw refusal(given);
    return given.path;
  },
};

function refusal(given: Given): Error {
  return new Error(given.kind === 'nothing' ? given.message : `a ${given.kind} was given instead`);
}

type Question = Exclude<ScenarioOrder, { readonly type: 'given' }>;

async function answer(order: Question): Promise<ScenarioNotice> {
  const { ticket } = order;
  if (order.type === 'describe') {
    const { checkedScenario, describeScenario } = await import('./description.ts');
    const { asked } = order;
    try {
      return { type: 'described', ticket, description: describeScenario(asked, checkedScenario(asked, scenario)) };
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError(`scenario ${asked.name}: it cannot be described: ${messageOf(error)}`);
    }
  }
  if (scenario === undefined) throw new Error('there is no scenario');
  switch (order.type) {
    case 'verify': {
      const text = Buffer.from(order.reply.bytes).toString('utf8');
      const wrong: unknown = (await scenario.verify({ ...order.reply, text }, order.expectation)) ?? null;
      if (wrong === null || typeof wrong === 'string') return { type: 'verified', ticket, wrong };
      throw new Error(`it must return what is wrong as a text, or nothing, and returned ${String(wrong)}`);
    }
    case 'set-up': {
      const addresses = (await scenario.setUp?.({ parameters: order.parameters, ...services })) ?? {};
      const other = Object.entries(addresses).find(([, address]) => typeof address !== 'string');
      if (other === undefined) return { type: 'set-up', ticket, addresses: { ...addresses } };
      throw new Error(`it must return addresses as texts, and '${other[0]}' is a ${typeof other[1]}`);
    }
    default:
      return order satisfies never;
  }
}

process.on('message', (order: ScenarioOrder) => {
  if (order.type === 'given') {
    waiting.get(order.ticket)?.(order.given);
    waiting.delete(order.ticket);
    return;
  }
  answer(order)
    .catch((error: unknown): ScenarioNotice => ({ type: 'failed', ticket: order.ticket, message: messageOf(error) }))
    .then(tell);
});
// When the harness goes, it goes.
process.on('disconnect', () => process.exit());

// Before the module can patch what the checks are made of.
const purpose: Purpose = process.argv[3] === 'describe' ? 'describe' : 'run';
if (purpose === 'describe') await import('./description.ts');
try {
  scenario = await importDefault<Scenario>(process.argv[2] ?? '');
  // A rejection that nobody handles ends the process in this turn, and not while the harness thinks that all is well.
  await setImmediate();
  tell({ type: 'loaded' });
} catch (error) {
  tell({ type: 'not-loaded', message: messageOf(error) });
}
