import type { VNode } from "preact";

/** Text whose long names may go on in the next line after "." and "(" and before capital letters. */
export function Breakable({ text }: { text: string }): VNode {
  const parts = text.split(/(?<=[.(])|(?<=\p{Ll})(?=\p{Lu})/u);
  return (
    <>
      {parts.map((part, i) => (
        <>
          {i > 0 && <wbr />}
          {part}
        </>
      ))}
    </>
  );
}
