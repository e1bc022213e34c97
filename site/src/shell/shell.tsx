import type { ComponentChildren, VNode } from "preact";
import type { Page } from "../page.ts";

export interface ShellProps {
  readonly page: Page;
  readonly pages: readonly Page[];
  readonly children: ComponentChildren;
}

/** The frame of every page: a link to the content, the navigation, the content, the footer. */
export function Shell({ page, pages, children }: ShellProps): VNode {
  const root = page.path === "" ? "./" : "../".repeat(page.path.split("/").length - 1);
  return (
    <>
      <a class="skip" href="#content">
        To the content
      </a>
      <header class="top">
        <nav aria-label="Pages">
          <ul>
            {pages.map(({ path, title }) => (
              <li>
                <a href={`${root}${path}`} {...(path === page.path ? { "aria-current": "page" } : {})}>
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <footer class="bottom">
        <p>
          gradus: a from-scratch autodiff mini-framework in TypeScript. These pages are static files; nothing
          is sent anywhere.
        </p>
      </footer>
    </>
  );
}
