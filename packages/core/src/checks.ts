import type * as calls from "./check-calls.ts";
import type * as tests from "./testing/check-gradcheck.ts";

/**
 * Checks of what callers pass, each named after the function that calls it. Importing @gradus/core sets them (install.ts), and
 * importing @gradus/core/testing those of gradcheck.
 * Without them the heart computes the same for right calls, and does not notice wrong ones.
 */
export const checks: Partial<typeof calls & typeof tests> = {};
