import { concat, createRng, slice, tensor, zeros } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { Bidirectional, Dense, GRU, LSTM } from "../../../src/index.ts";

const rng = createRng("both");
const x = rng.normal([2, 4, 3]);

describe("Bidirectional", () => {
  test("puts both directions side by side, of any kinds and sizes", () => {
    const options = { rng, returnSequences: true };
    const [gru, lstm] = [new GRU(3, 2, options), new LSTM(3, 5, { ...options, layers: 2 })];
    const both = new Bidirectional(gru, lstm);
    const lengths = [2, 4];
    const [first, second] = [gru.run(x, { lengths }), lstm.run(x, { lengths, reverse: true })];
    const { output, states } = both.run(x, { lengths });
    expect(output.toArray()).toEqual(concat([first.output, second.output], { axis: 2 }).toArray());
    expect(states.map(({ shape }) => shape)).toEqual([
      [1, 2, 2],
      [2, 2, 5],
      [2, 2, 5],
    ]);
    const [h, c, d] = states.map((state) => state.detach());
    const next = both.run(x, { states: [h, c, d] }).output;
    expect(slice(next, { axis: 2, end: 2 }).toArray()).toEqual(gru.run(x, { states: [h] }).output.toArray());
    const backwards = lstm.run(x, { states: [c, d], reverse: true }).output;
    expect(slice(next, { axis: 2, start: 2 }).toArray()).toEqual(backwards.toArray());
    expect(both.forward(x).shape).toEqual([2, 4, 7]);
  });

  test("without returnSequences gives the last state of each direction: that of the second has seen all steps", () => {
    const [forward, backward] = [new GRU(3, 2, { rng }), new GRU(3, 2, { rng })];
    const out = new Bidirectional(forward, backward).forward(x);
    const states = [forward.run(x), backward.run(x, { reverse: true })].map(({ states: [h] }) => h);
    expect(out.toArray()).toEqual(
      concat(states, { axis: 2 })
        .reshape({ shape: [2, 4] })
        .toArray(),
    );
  });

  test("refuses layers that do not fit together, and states of one direction", () => {
    const gru = new GRU(3, 2, { rng });
    const make =
      (...layers: unknown[]) =>
      () =>
        new Bidirectional(...(layers as [GRU, GRU]));
    expect(make(gru, gru)).toThrow(
      "Bidirectional: each direction needs a layer of its own, got the same one twice",
    );
    expect(make(gru)).toThrow(
      "the directions must be recurrent layers, got undefined; it takes two layers such as",
    );
    expect(make(gru, new Dense(3, 2, { rng }))).toThrow("must be recurrent layers, got Dense");
    expect(make(gru, new GRU(4, 2, { rng }))).toThrow(
      "Bidirectional: both directions need the same inputSize, got GRU(3, 2) and GRU(4, 2)",
    );
    expect(make(gru, new GRU(3, 2, { rng, returnSequences: true }))).toThrow("need the same returnSequences");
    expect(make(gru, new GRU(3, 2, { rng }), { rng })).toThrow("takes nothing after backward, got Object");
    const both = new Bidirectional(gru, new LSTM(3, 2, { rng }));
    const text = "Bidirectional(GRU(3, 2), LSTM(3, 2))";
    expect(String(both)).toBe(text);
    expect(() => both.run(x, { states: [zeros([1, 2, 2])] })).toThrow(
      `${text}: needs states [h, h, c], those of the first layer, then those of the second, got `,
    );
    expect(() => both.run(x, { states: zeros([3, 1, 2, 2]) as never })).toThrow("needs states [h, h, c]");
    expect(() => both.run(x, { reverse: true } as never)).toThrow('unknown option "reverse"');
    expect(() => both.run(x, { lengths: [1] })).toThrow(
      "GRU(3, 2): needs one length for each of the 2 sequences",
    );
    expect(() => both.forward(tensor([[1, 2, 3]]))).toThrow("GRU(3, 2): expects an input [n, time, 3]");
  });
});
