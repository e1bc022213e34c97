// Where the table of packages/core/src/math/log-table.ts is: computing it takes less room than keeping it, so the host
// writes it, before the first instruction that needs it.

/** Its size: 128 rows of three numbers. */
export const LOG_TABLE_BYTES = 3072;

/** Where it begins: right after the module's own data. */
@inline
export function logTable(): usize {
  return __heap_base;
}
