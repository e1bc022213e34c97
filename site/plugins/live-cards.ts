import type { Plugin } from "vite";
import { exampleOf } from "../src/ops/example.ts";
import { plotOf } from "../src/ops/plot.ts";
import type { LiveCards } from "../src/ops/protocol.ts";
import { entries } from "./catalogue.ts";

function liveCards(): LiveCards {
  return Object.fromEntries(
    entries().map((entry) => {
      const plot = plotOf(entry);
      if (plot === null) return [entry.name, { call: exampleOf(entry).call, names: entry.inputs }];
      const { call, by, x, y } = plot;
      return [entry.name, { call, by, x, y }];
    }),
  );
}

/** `virtual:gradus-live-cards` is the address of the numbers with which the cards of the ops become live, as JSON. */
export function liveCardsPlugin(): Plugin {
  const name = "virtual:gradus-live-cards";
  return {
    name: "gradus-live-cards",
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined;
      const source = JSON.stringify(liveCards());
      const file = this.emitFile({ type: "asset", name: "live-cards.json", source });
      return `export default import.meta.ROLLUP_FILE_URL_${file};`;
    },
  };
}
