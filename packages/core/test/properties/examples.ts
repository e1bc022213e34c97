/** How many examples of a property are tried. FUZZ_EXAMPLES=10000 tries more, FUZZ_SEED=… others. */
export const examples = Number(process.env.FUZZ_EXAMPLES ?? 100);
