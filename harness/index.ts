/** What a program may use: the types of a scenario and of a config file, and everything that can be derived from a run file. */

export type { Canvas, CanvasSize } from '../reports/drawing/canvas.ts';
export type { ImageOptions, Theme } from '../reports/images/options.ts';
export { markdownReport } from '../reports/markdown.ts';
export { type LabelledRun, sideBySide } from '../reports/side-by-side/summary.ts';
export { textReport } from '../reports/terminal/report.ts';
export { type Reported, type WrittenReport, writeReport } from '../reports/write.ts';
export type {
  Expectation,
  Handler,
  HandlerContext,
  HandlerRequest,
  Kernel,
  ParameterSpec,
  ReceivedReply,
  Reply,
  RequestClass,
  Scenario,
  Service,
  SetUpContext,
  WorkerContext,
} from '../scenarios/scenario.ts';
export { type Config, defineConfig } from './config/schema.ts';
export { UserError } from './errors.ts';
export type {
  CellResult,
  CellSummary,
  Comparison,
  Estimate,
  LimitedBy,
  ScenarioSummary,
  Summary,
  Warning,
} from './judge/schema/summary.ts';
export { summarise } from './judge/summary.ts';
export type { Curve } from './judge/traces/curves.ts';
export { type RunTraces, type Timeline, type Traces, tracesOf } from './judge/traces/traces.ts';
export { readRun } from './store/read-run.ts';
export { runFilePath } from './store/run-file.ts';
export type { Cell, Failure, Limit, Manifest, Measurement, Run, ScenarioPlan, Trial } from './store/schema.ts';
