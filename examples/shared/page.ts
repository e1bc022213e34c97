/** Pages of docs/ whose tables are written from results, never by hand. */

/** The text with what stands between `<!-- results: name -->` and `<!-- end -->` as `resultsOf(name)` has it. */
export function fillIn(text: string, resultsOf: (name: string) => string): string {
  return text.replace(
    /(<!-- results: (\S+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => `${begin}${resultsOf(name)}\n${end}`,
  );
}
