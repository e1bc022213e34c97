export { type Row, type Rows, rowsOf, type Section } from "./rows.ts";
export type {
  DerivedEvent,
  NumbersSummary,
  OpEvent,
  RuleEvent,
  TraceData,
  TraceTextOptions,
  UpdateEvent,
  WatchEvent,
  WatchedTensor,
} from "./trace.ts";
export { Trace } from "./trace.ts";
export { type Watcher, type WatchOptions, watch } from "./watch.ts";
