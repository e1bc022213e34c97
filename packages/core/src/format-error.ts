import { GradusError } from "./errors.ts";

/** A file or a stored state that is broken, cut short, or not what it claims to be. */
export class FormatError extends GradusError {
  override name = "FormatError";
}
