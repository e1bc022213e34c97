// The address of the table of packages/core/src/math/log-table.ts. The module does not contain the table: the host computes
// it and writes it here, before the first instruction that needs it.

/** Its size: 128 rows of three numbers. */
export const LOG_TABLE_BYTES = 3072;

/** Where it begins: right after the module's own data. */
@inline
export function logTable(): usize {
  return __heap_base;
}
