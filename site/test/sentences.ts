/** Looks for what goes wrong when sentences are put together from parts. */

/** Elements that say something, so that one without content says too little. */
const SAYING = "p|dt|dd|li|h[1-6]|th|summary|caption|figcaption|legend|label|option|button|a";

/** Parts of a page that are doubled, empty, or wrongly joined; code and drawings are left out. */
export function flaws(html: string): string[] {
  const prose = html.replace(/<(pre|code|svg)\b[\s\S]*?<\/\1>/g, "◊");
  const found = [...prose.matchAll(new RegExp(`<(${SAYING})\\b[^>]*>\\s*</\\1>`, "g"))].map(
    ([empty]) => `empty: ${empty}`,
  );
  const lines = prose
    .split(
      /<\/?(?:p|dt|dd|li|ul|dl|h[1-6]|table|tr|t[hd]|div|summary|details|article|section|figure|label|legend)\b[^>]*>/,
    )
    .map((text) =>
      text
        .replace(/<[^>]+>/g, "")
        .replace(/&(?:quot|lt|gt|amp|#39);/g, "◊")
        .trim(),
    )
    .filter((line) => line !== "");
  lines.forEach((line, i) => {
    if (/\b(?:undefined|null|NaN ulp|Infinity ulp)\b|\[object/.test(line)) found.push(`no text: ${line}`);
    if (/(?<![\w◊])(\p{L}{2,}) \1(?![\w◊])/u.test(line)) found.push(`twice: ${line}`);
    // Shapes have dots and colons of their own: [n, ..., c], out[i, :].
    const plain = line.replace(/\[[^\]]*\]/g, "[]");
    if (/ [,;.](?!\d)|\.\.(?!\.)|[,;:]{2}|[,;:]\s*\.|\.\s*[:;]|(?<!\w)\(\s*\)| {2,}|[,;]$/.test(plain))
      found.push(`joined: ${line}`);
    // A reason after a colon has none of its own, or says the same again.
    const [, before, after] = /^([^:◊]+ [^:◊]+): ([^.]+)/.exec(plain) ?? [];
    const last = lines[i - 1] ?? "";
    if (after?.toLowerCase().includes(before.toLowerCase())) found.push(`said twice: ${line}`);
    if (
      /^\p{L}+(?: \p{L}+)+\.?$/u.test(last) &&
      line.toLowerCase().includes(last.toLowerCase().replace(/\.$/, ""))
    )
      found.push(`line twice: ${line}`);
  });
  return found;
}
