export { writeFileAtomically } from "../checkpoint/folder.ts";
export { type CsvLogOptions, csvLog } from "./csv-log.ts";
export { type ProgressBarOptions, type ProgressStream, progressBar } from "./progress.ts";
