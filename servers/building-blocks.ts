/** What a model of a user may be made of: `fourways/servers`. Like all of `servers/`, it loads `node:` modules only. */
export { type LoadedHandler, loadHandler } from './http/handler.ts';
export { type Replica, startReplica } from './http/replica.ts';
export { type HttpServer, httpServer, type OnRequest, respond } from './http/server.ts';
export type {
  Effort,
  HandlingUsage,
  LoopUsage,
  Model,
  Patience,
  ProcessUsage,
  Running,
  ServerContext,
  ServerSnapshot,
  Style,
  WorkerUsage,
} from './model.ts';
export type { JobBatch, ReplyBatch } from './pool/dispatcher.ts';
export { JobRunner } from './pool/job-runner.ts';
export { type PoolWorker, startPool } from './pool/pool.ts';
export { listenOptions, type Place } from './place.ts';
export { type LoopProbe, processUsage, startLoopProbe } from './usage.ts';
export {
  type SpawnWorker,
  startWorkers,
  type WorkerCommand,
  type WorkerGroup,
  type WorkerHandle,
  type WorkerMessage,
  type WorkerReport,
} from './workers/group.ts';
export { type ForkedWorker, forked, serveReplica } from './workers/processes.ts';
export { startReplicas } from './workers/replicas.ts';
export { followCommands, type RunningWorker } from './workers/worker.ts';
