import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { Dispatcher, JOB_FIELDS, type JobBatch } from './dispatcher.ts';

const NO_BODY = new Uint8Array(0);

/** A response that remembers how it was answered, in place of a socket. */
class RecordedResponse extends ServerResponse {
  answered: { status: number; body: string } | undefined;
  constructor() {
    super(new IncomingMessage(new Socket()));
  }
  override end(body?: unknown): this {
    this.answered = { status: this.statusCode, body: String(body) };
    return this;
  }
}

/** A worker that keeps what it is sent. */
function workerOn(dispatcher: Dispatcher) {
  const jobs: number[] = [];
  const batches: JobBatch[] = [];
  const { settle, detach } = dispatcher.attach((batch) => {
    batches.push(batch);
    for (let i = 0; i < batch.length; i += JOB_FIELDS) jobs.push(Number(batch[i]));
  });
  const reply = (id: number, body = 'done'): void => settle([1, 0.001, id, 200, 'content-type\ntext/plain', body]);
  return { jobs, batches, reply, settle, detach };
}

function send(dispatcher: Dispatcher, count: number): RecordedResponse[] {
  return Array.from({ length: count }, () => {
    const response = new RecordedResponse();
    dispatcher.dispatch('GET', '/', [], NO_BODY, response);
    return response;
  });
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('jobs of one turn travel in one message per worker', async () => {
  const dispatcher = new Dispatcher();
  const workers = [workerOn(dispatcher), workerOn(dispatcher)];
  send(dispatcher, 4);
  expect(workers.map(({ batches }) => batches.length)).toEqual([0, 0]);
  await turn();
  expect(workers.map(({ batches }) => batches.length)).toEqual([1, 1]);
  expect(workers.map(({ jobs }) => jobs.length)).toEqual([2, 2]);
});

test('a job goes to the worker with the fewest outstanding', async () => {
  const dispatcher = new Dispatcher();
  const [slow, quick] = [workerOn(dispatcher), workerOn(dispatcher)];
  send(dispatcher, 4);
  await turn();
  for (const id of quick.jobs.splice(0)) quick.reply(id);
  send(dispatcher, 2);
  await turn();
  expect(slow.jobs).toHaveLength(2);
  expect(quick.jobs).toHaveLength(2);
});

test('replies are matched by id, in whatever order they come, and a stray one is ignored', async () => {
  const dispatcher = new Dispatcher();
  const worker = workerOn(dispatcher);
  const responses = send(dispatcher, 2);
  await turn();
  for (const id of worker.jobs.toReversed()) worker.reply(id, `reply ${id}`);
  worker.reply(999);
  expect(responses.map(({ answered }) => answered?.body)).toEqual(worker.jobs.map((id) => `reply ${id}`));
});

describe('a worker that is lost', () => {
  test('fails its jobs with 503, and only its own', async () => {
    const dispatcher = new Dispatcher();
    const [dead, alive] = [workerOn(dispatcher), workerOn(dispatcher)];
    const responses = send(dispatcher, 4);
    await turn();
    dead.detach();
    for (const id of alive.jobs) alive.reply(id);
    expect(responses.map(({ answered }) => answered?.status).toSorted()).toEqual([200, 200, 503, 503]);
  });

  test('is not given another job', async () => {
    const dispatcher = new Dispatcher();
    const [dead, alive] = [workerOn(dispatcher), workerOn(dispatcher)];
    dead.detach();
    send(dispatcher, 2);
    await turn();
    expect([dead.jobs.length, alive.jobs.length]).toEqual([0, 2]);
  });

  test('jobs wait for the one that replaces the last', async () => {
    const dispatcher = new Dispatcher();
    workerOn(dispatcher).detach();
    const [response] = send(dispatcher, 1);
    await turn();
    const next = workerOn(dispatcher);
    await turn();
    for (const id of next.jobs) next.reply(id);
    expect(response?.answered).toEqual({ status: 200, body: 'done' });
  });
});

test('a full queue refuses with 503, and what waits is taken up in order', async () => {
  const dispatcher = new Dispatcher(2);
  const worker = workerOn(dispatcher);
  const responses = send(dispatcher, 5);
  await turn();
  // Nothing is known of the worker yet, so it has two; two wait, and there is no place for the last.
  expect(responses.map(({ answered }) => answered?.status)).toEqual([undefined, undefined, undefined, undefined, 503]);
  for (let done = 0; done < 4; done++) {
    const id = worker.jobs[done];
    if (id !== undefined) worker.reply(id);
    await turn();
  }
  expect(responses.map(({ answered }) => answered?.status)).toEqual([200, 200, 200, 200, 503]);
  expect(worker.jobs).toEqual(worker.jobs.toSorted((a, b) => a - b));
});

describe('how many jobs a worker is given', () => {
  /** What it is given of many, when jobs have taken it so long. */
  async function givenAfter(busyMsPerJob: number): Promise<number> {
    const dispatcher = new Dispatcher();
    const worker = workerOn(dispatcher);
    for (let i = 0; i < 100; i++) {
      send(dispatcher, 1);
      await turn();
      const id = worker.jobs.at(-1) ?? 0;
      worker.settle([1, busyMsPerJob, id, 200, '', 'done']);
    }
    const before = worker.jobs.length;
    send(dispatcher, 500);
    await turn();
    return worker.jobs.length - before;
  }

  test('is what it will soon have done, and two at the least', async () => {
    expect(await givenAfter(20)).toBe(2);
    expect(await givenAfter(1)).toBe(4);
    expect(await givenAfter(0.02)).toBeCloseTo(200, -1);
  });

  test('is none while it has not come to the one that it has', async () => {
    const dispatcher = new Dispatcher();
    const worker = workerOn(dispatcher);
    send(dispatcher, 1);
    await turn();
    await new Promise((resolve) => setTimeout(resolve, 20));
    send(dispatcher, 1);
    await turn();
    expect(worker.jobs).toHaveLength(1);
    worker.reply(worker.jobs[0] ?? 0);
    await turn();
    expect(worker.jobs).toHaveLength(2);
  });

  test('does not count those that wait in it for something else', async () => {
    const dispatcher = new Dispatcher();
    const worker = workerOn(dispatcher);
    for (let i = 0; i < 50; i++) {
      send(dispatcher, 1);
      await turn();
      worker.settle([1, 0.05]); // It has begun it, and the reply comes later.
    }
    expect(worker.jobs).toHaveLength(50);
  });
});
