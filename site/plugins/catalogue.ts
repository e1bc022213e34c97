import type { Plugin } from "vite";
import { type CatalogueEntry, catalogue } from "../../tools/catalogue/catalogue.ts";
import { type PartGroup, partGroups } from "../../tools/catalogue/parts.ts";

let made: readonly CatalogueEntry[] | undefined;
let madeParts: readonly PartGroup[] | undefined;

/** The catalogue of this build. */
export function entries(): readonly CatalogueEntry[] {
  made ??= catalogue();
  return made;
}

/** The layers, optimizers, schedules, callbacks and readers of this build. */
export function parts(): readonly PartGroup[] {
  madeParts ??= partGroups();
  return madeParts;
}

/** `import { catalogue } from "virtual:gradus-catalogue"`: all ops as plain data (tools/catalogue). */
export function cataloguePlugin(): Plugin {
  const name = "virtual:gradus-catalogue";
  return {
    name: "gradus-catalogue",
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) =>
      id === `\0${name}`
        ? `export const catalogue = JSON.parse(${JSON.stringify(JSON.stringify(entries()))});`
        : undefined,
  };
}
