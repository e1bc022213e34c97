import type * as calls from "./check-calls.ts";
import type * as tests from "./testing/check-gradcheck.ts";

/**
 * Checks of what callers pass. A function calls one as `checks.axes?.(axis, rank)`: it throws, or returns the arguments completed, or
 * nothing. Importing @gradus/core sets them (install.ts), importing @gradus/core/testing those of gradcheck. Until then the object is
 * empty: right calls compute the same, wrong ones are not noticed.
 */
export const checks: Partial<typeof calls & typeof tests> = {};
