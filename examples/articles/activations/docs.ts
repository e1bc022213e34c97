/** docs/activations.md: its tables are written from results, never by hand. */

import * as page from "../../shared/page.ts";
import { asMarkdown, type Table } from "../../shared/table.ts";
import { accuracyTable, momentsTable, zerosTable } from "./histograms.ts";
import { deepTable } from "./moments.ts";
import { slopesTable } from "./prelu.ts";
import { gradientTable, propertiesTable } from "./properties.ts";
import { publishedTable } from "./published.ts";
import { slopeRulesTable } from "./random-slopes.ts";
import { roundedTable } from "./rounded.ts";
import type { Results } from "./run.ts";

/** All tables, by the names in the text. */
export function tablesOf(results: Results): Readonly<Record<string, Table>> {
  const { published, rounded, properties, deep, slopeRules, prelu, histograms } = results;
  return {
    published: publishedTable(published),
    rounded: roundedTable(rounded),
    properties: propertiesTable(properties),
    gradients: gradientTable(properties),
    deep: deepTable(deep),
    "slope-rules": slopeRulesTable(slopeRules),
    slopes: slopesTable(prelu),
    accuracy: accuracyTable(histograms),
    moments: momentsTable(histograms),
    zeros: zerosTable(histograms),
  };
}

/** The text with every table between `<!-- results: name -->` and `<!-- end -->` replaced by that of the results. */
export function fillIn(text: string, results: Results): string {
  const tables = tablesOf(results);
  return page.fillIn(text, (name) => {
    if (!(name in tables)) throw new Error(`docs/activations.md asks for ${name}, which is no table`);
    return `\n${asMarkdown(tables[name])}\n`;
  });
}

/** Results as JSON, infinite numbers as text, in the format of Biome. */
export function asJson(results: Results): string {
  const text = JSON.stringify(
    results,
    (_, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value),
    2,
  );
  return `${text.replace(/^( *)(.*)\[\s*((?:[-+\d.e]+|"-?Infinity")(?:,\s*(?:[-+\d.e]+|"-?Infinity"))*)\s*\](,?)/gm, listed)}\n`;
}

const WIDTH = 110;

/** A list on one line, or with as many numbers on each line as fit. */
function listed(_: string, indent: string, head: string, list: string, comma: string): string {
  const line = `${indent}${head}[${list.split(/,\s*/).join(", ")}]${comma}`;
  if (line.length <= WIDTH) return line;
  const lines = [`${indent}  `];
  for (const item of list.split(/(?<=,)\s*/)) {
    const last = lines[lines.length - 1];
    const space = last.trim() === "" ? "" : " ";
    if (last.length + space.length + item.length <= WIDTH) lines[lines.length - 1] += space + item;
    else lines.push(`${indent}  ${item}`);
  }
  return [`${indent}${head}[`, ...lines, `${indent}]${comma}`].join("\n");
}

/** Results as {@link asJson} wrote them. */
export function fromJson(text: string): Results {
  return JSON.parse(text, (_, value) => (/^-?Infinity$/.test(value) ? Number(value) : value));
}
