/** Pages of docs/ whose tables are written from results, never by hand. */

/** The text with the parts between `<!-- results: name -->` and `<!-- end -->` replaced by `resultsOf(name)`. */
export function fillIn(text: string, resultsOf: (name: string) => string): string {
  return text.replace(
    /(<!-- results: (\S+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => `${begin}${resultsOf(name)}\n${end}`,
  );
}
