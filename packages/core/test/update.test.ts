import { expect, test } from "vitest";
import { ArgumentError, tensor, type UpdateSpec, update } from "../src/index.ts";

const addTo: UpdateSpec = {
  name: "addTo",
  run: ([x], [sum]) => {
    for (let i = 0; i < sum.length; i++) sum[i] += x[i];
  },
};

test("an update changes its tensors and counts the change", () => {
  const sum = tensor([1, 2]);
  const version = sum.storage.version;
  update(addTo, [tensor([3, 4])], [sum], undefined);
  expect(sum.toArray()).toEqual([4, 6]);
  expect(sum.storage.version).toBe(version + 1);
});

test.each<[unknown, unknown, unknown]>([
  [undefined, [], []],
  [{ name: "addTo" }, [], []],
  [addTo, tensor(1), [tensor(1)]],
  [addTo, [tensor(1)], undefined],
  [addTo, [[1]], [tensor(1)]],
])("update(%o, %o, %o) is refused", (spec, reads, writes) => {
  const call = (): void => update(spec as never, reads as never, writes as never, undefined);
  expect(call).toThrow(ArgumentError);
  expect(call).toThrow(/^update: needs \{ name, run \} and two arrays of tensors, got \[/);
});
