// Names for @gradus/train. They may change in any release: programs must not import them.

export { type Followed, follow } from "./compile/follow.ts";
export { isRefusal } from "./compile/tracer.ts";
