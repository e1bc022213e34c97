/**
 * The kind of a built-in object: "Float64Array", "ArrayBuffer", "Map", "Promise", "Error". Unlike `instanceof`, it is right
 * also for an object of another window, worker or `vm` context.
 *
 * @example tagOf(new Float64Array(1)); // "Float64Array"
 */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}
