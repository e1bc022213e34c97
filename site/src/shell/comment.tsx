import type { VNode } from "preact";
import { Code } from "./scroll.tsx";

/** A comment of the sources: paragraphs; indented ones are formulas, lines that begin with "-" are a list. */
export function Comment({ text }: { text: string }): VNode {
  return (
    <>
      {text.split(/\n\s*\n/).map((paragraph) => {
        if (/^ {2,}/.test(paragraph))
          return <Code text={paragraph.replace(/^ {1,4}/gm, "")} label="Formula" />;
        const [first, ...items] = paragraph.split(/(?:^|\n)\s*- /);
        return (
          <>
            {first !== "" && <p>{inline(first)}</p>}
            {items.length > 0 && (
              <ul>
                {items.map((item) => (
                  <li>{inline(item)}</li>
                ))}
              </ul>
            )}
          </>
        );
      })}
    </>
  );
}

/** Text in one line; what is between backquotes is code. */
export function inline(text: string): (string | VNode)[] {
  return text
    .replace(/\s+/g, " ")
    .split("`")
    .map((part, i) => (i % 2 === 1 ? <code>{part}</code> : part));
}
