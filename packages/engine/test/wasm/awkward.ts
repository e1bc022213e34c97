import { createRng } from "@gradus/core";
import { specials } from "./shares.ts";

/** Where a formula changes: there every neighbour counts. */
const corners = [
  ...[708, 709, 709.782712893384, 710, 744.4400719213812, 745.1332191019411, 746, 745.5, 1021, 1074],
  ...[
    37, 22, 11, 1, 0.5, 0.34657359027997264, 0.0039, 0.0078, 1e-8, 5e-9, 1e-20, 2.2250738585072014e-308,
    1e-300,
  ],
  ...[
    0.6875,
    1.375,
    2 ** 53,
    2 ** 54,
    1e300,
    1.2359e308,
    1.7976931348623157e308,
    5e-324,
    2 ** -1023,
    2 ** -1074,
  ],
];

/** Two of everything that has to do with one of the corners, of both signs. */
export function awkward(): Float64Array {
  const rng = createRng("awkward");
  const view = new DataView(new ArrayBuffer(8));
  const out: number[] = [...specials];
  for (const corner of corners) {
    for (let step = -8; step <= 8; step++) {
      view.setFloat64(0, corner);
      view.setBigInt64(0, view.getBigInt64(0) + BigInt(step));
      out.push(view.getFloat64(0));
    }
    for (let i = 0; i < 60; i++) out.push(corner * (1 + (rng.next() - 0.5) / 2 ** rng.integer(40)));
  }
  for (let i = 0; i < 15_000; i++) {
    view.setUint32(0, rng.integer(2 ** 32));
    view.setUint32(4, rng.integer(2 ** 32));
    out.push(view.getFloat64(0)); // any double
    out.push((rng.next() - 0.5) * 2 ** (rng.integer(28) - 14));
    out.push(1 + (rng.next() - 0.5) / 2 ** rng.integer(50));
    if (i % 8 === 0) out.push((rng.integer(4096) - 2048) * 0.34657359027997264, rng.next() * 2 ** -1022);
  }
  return Float64Array.from(out.flatMap((value) => [value, -value]));
}
