import { ArgumentError, show } from "@gradus/core";
import type { Metrics } from "./metrics.ts";

const taken: ReadonlySet<string> = new Set(["epoch", "loss", "learningRate", "seconds"]);

/** The name that a value has on validation data: `loss` becomes `valLoss`. @internal */
export function validationName(name: string): string {
  return `val${name[0].toUpperCase()}${name.slice(1)}`;
}

/** Refuses metrics that are no functions, or whose names would clash with other columns. @internal */
export function checkMetrics(who: string, metrics: Metrics): void {
  if (typeof metrics !== "object" || metrics === null || Array.isArray(metrics)) {
    throw new ArgumentError(`${who}: metrics is an object such as { accuracy }, got ${show(metrics)}`);
  }
  for (const [name, metric] of Object.entries(metrics)) {
    if (typeof metric !== "function") {
      throw new ArgumentError(
        `${who}: the metric ${show(name)} must be a function (output, targets) => sum, got ${show(metric)}`,
      );
    }
    if (!/^[A-Za-z]\w*$/.test(name) || taken.has(name) || /^val[A-Z]/.test(name)) {
      throw new ArgumentError(
        `${who}: a metric cannot be named ${show(name)}; use letters and digits, not ${[...taken].join(", ")} or val…`,
      );
    }
  }
}

/** Whether less or more of a value is better. */
export type Direction = "min" | "max";

/**
 * The direction in which a logged value gets better: as said, or as its name says: losses fall, accuracies rise.
 *
 * @throws ArgumentError if the name does not say and nothing is given. @internal
 */
export function directionOf(who: string, monitor: string, given: Direction | undefined): Direction {
  if (given === "min" || given === "max") return given;
  if (given !== undefined) {
    throw new ArgumentError(`${who}: direction must be "min" or "max", got ${show(given)}`);
  }
  if (/loss$/i.test(monitor)) return "min";
  if (/accuracy$/i.test(monitor)) return "max";
  throw new ArgumentError(
    `${who}: is more or less of ${show(monitor)} better? Say direction: "max" or direction: "min"`,
  );
}

/** Whether `value` is better than `other`. NaN never is, and anything else is better than NaN. @internal */
export function isBetter(value: number, other: number, direction: Direction): boolean {
  if (Number.isNaN(value)) return false;
  return Number.isNaN(other) || (direction === "min" ? value < other : value > other);
}
