export { alignColumns } from "./columns.ts";
export { isGzip, isPage, PAGE_SAVED, START, wrongStart } from "./file-start.ts";
