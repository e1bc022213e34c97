// The parts of gradus that the terminal needs and that are not public. Their entries load the same files.

// biome-ignore-start lint/style/noRestrictedImports: no entry has them
export { withHook } from "../../packages/core/src/hook.ts";
export type { Limits } from "../../packages/core/src/watch/entries.ts";
export { Recorder } from "../../packages/core/src/watch/recorder.ts";
export { tableLines, wrapped } from "../../packages/core/src/watch/table.ts";
export {
  type Block,
  type Line,
  type Note,
  shownRows,
  traceText,
  valueText,
} from "../../packages/core/src/watch/text.ts";
export { numbersText, shortNumber } from "../../packages/core/src/watch/text-numbers.ts";
export { withLayerPaths } from "../../packages/train/src/layer-paths.ts";
// biome-ignore-end lint/style/noRestrictedImports: no entry has them
