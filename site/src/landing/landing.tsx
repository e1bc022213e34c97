import type { Page } from "../page.ts";
import { Code } from "../shell/scroll.tsx";

const code = `import { variable, backward } from "gradus";

const a = variable(3);
const b = a.add(a);     // 6
const c = b.mul(a);     // 18
const gradients = backward(c);
console.log(gradients.of(a).item()); // 12`;

/** The first page: what gradus is, and a door to each page that exists. */
export const landing: Page = {
  path: "",
  title: "gradus",
  description: "See reverse-mode automatic differentiation at work.",
  body: ({ entries, pages }) => (
    <>
      <h1>See gradients at work</h1>
      <p class="lead">
        gradus computes gradients of TypeScript programs. Its {entries.length} ops are declarations: a
        formula, a loop and a rule for each gradient. These pages are made from the declarations.
      </p>
      <Code text={code} label="A program" />
      <ul class="doors">
        {pages
          .filter(({ path }) => path !== "")
          .map(({ path, title, description }) => (
            <li>
              <a href={path}>
                <strong>{title}</strong>
                {description}
              </a>
            </li>
          ))}
      </ul>
    </>
  ),
};
