/** For a few numbers a loop is faster than `set`, and a copy as fast as to find out whether one is needed. */
export const FEW = 64;

/** Copies numbers. @returns `target`. */
export function copyNumbers(target: Float64Array, source: Float64Array): Float64Array {
  if (source.length > FEW) target.set(source);
  else for (let i = 0; i < source.length; i++) target[i] = source[i];
  return target;
}
