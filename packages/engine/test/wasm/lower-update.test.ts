import { Parameter, type Tensor, tensor, update, zeros } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/index.ts";
import { inWay, WAYS } from "../ways.ts";

describe("the loop of an update runs where its kernel does not fit:", () => {
  const numbers = [0.9, 0.99];
  const adam = { instruction: "adam", reads: ["g", "step"], writes: ["x", "m", "v"], numbers };
  const updates: readonly (readonly [
    kernel: unknown,
    reads: readonly number[],
    writes: readonly number[],
  ])[] = [
    [{ ...adam, reads: ["g"] }, [4], [4, 4, 4]],
    [{ ...adam, reads: ["g"] }, [4, 2], [4, 4, 4]],
    [{ ...adam, reads: ["g", "g"] }, [4, 4], [4, 4, 4]],
    [{ ...adam, reads: ["g", "step", "hat"] }, [4, 2, 4], [4, 4, 4]],
    [{ ...adam, writes: ["x", "m"] }, [4, 2], [4, 4]],
    [{ ...adam, writes: ["x", "m", "m"] }, [4, 2], [4, 4, 4]],
    [{ ...adam, writes: ["x", "m", "v", "largest"] }, [4, 2], [4, 4, 4, 4]],
    [{ ...adam, reads: ["g", "step", "x"], writes: ["m", "v"] }, [4, 2, 4], [4, 4]],
    [{ ...adam, reads: ["g", "step", ">x"], writes: ["m", "v"] }, [4, 2, 4], [4, 4]],
    [{ ...adam, reads: ["step"], writes: ["x", "m", "v", "g"] }, [2], [4, 4, 4, 4]],
    [adam, [4, 1], [4, 4, 4]],
    [adam, [3, 2], [4, 4, 4]],
    [adam, [4, 2], [3, 4, 4]],
    [adam, [4, 2], [4, 4, 3]],
    [adam, [4, 2], [40, 4, 4]],
    [adam, [4, 2], [4, 4]],
    [{ ...adam, numbers: [0.9] }, [4, 2], [4, 4, 4]],
    [{ ...adam, numbers: [0.9, Number.NaN] }, [4, 2], [4, 4, 4]],
    [{ ...adam, numbers: [0.9, "0.99"] }, [4, 2], [4, 4, 4]],
    [{ ...adam, numbers: undefined }, [4, 2], [4, 4, 4]],
    [{ ...adam, instruction: "add" }, [4, 2], [4, 4, 4]],
    [{ instruction: "findNonFinite", reads: ["g", "found"], writes: [] }, [4, 1], []],
    [{ instruction: "findNonFinite", reads: ["g"], writes: ["found"] }, [4], [0]],
  ];

  test.each(updates.map((one) => [JSON.stringify(one).replaceAll('"', ""), one] as const))(
    "%s",
    (_, [kernel, reads, writes]) => {
      for (const way of WAYS) {
        inWay(way, () => {
          const array = (size: number): Parameter => new Parameter(zeros([size]).add(0.5));
          const [read, written] = [reads.map(array), writes.map(array)];
          const spec = {
            name: "own",
            kernel: () => kernel as never,
            run: (_: unknown, arrays: readonly Float64Array[]) => {
              for (const x of arrays) for (let i = 0; i < x.length; i++) x[i] += i + 1;
            },
          };
          const step = compile((x: Tensor) => {
            update(spec, read, written, undefined);
            return x;
          });
          step(tensor(0));
          for (const x of read) expect([...x.data]).toEqual([...x.data].fill(0.5));
          for (const x of written) expect([...x.data]).toEqual(Array.from(x.data, (_, i) => i + 1.5));
        });
      }
    },
  );
});
