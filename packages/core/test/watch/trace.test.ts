import { describe, expect, test } from "vitest";
import { ones, tensor } from "../../src/index.ts";
import { watch } from "../../src/watch/index.ts";

describe("JSON", () => {
  test("keeps NaN, infinities and −0 as text, and all else as it is", () => {
    const trace = watch(() => tensor([0, Number.NaN, Number.POSITIVE_INFINITY, 1.5]).neg());
    const { events, tensors } = JSON.parse(JSON.stringify(trace));
    expect(tensors[1].numbers).toEqual(["-0", "NaN", "-Infinity", -1.5]);
    expect(tensors[1].numbers.map(Number)).toEqual([-0, Number.NaN, Number.NEGATIVE_INFINITY, -1.5]);
    expect(events).toEqual(trace.events);
    expect(structuredClone(trace.toJSON())).toEqual(trace.toJSON());
  });

  test("has params as plain data", () => {
    const trace = watch(() => ones([2, 2]).sum({ axes: [0] }));
    expect(trace.events[0]).toMatchObject({ params: { axes: [0] } });
  });
});
