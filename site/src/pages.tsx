import { compilePage } from "./compile/compile-page.tsx";
import { landing } from "./landing/landing.tsx";
import { gallery } from "./ops/gallery.tsx";
import type { Page } from "./page.ts";
import { parts } from "./parts/parts.tsx";
import { walkPage } from "./walk/walk-page.tsx";

/** All pages, in the order of the navigation. Each has a folder with an index.html. */
export const pages: readonly Page[] = [landing, walkPage, gallery, compilePage, parts];
