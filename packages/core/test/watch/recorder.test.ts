import { describe, expect, test } from "vitest";
import {
  add,
  backward,
  grad,
  mul,
  Parameter,
  std,
  tensor,
  type UpdateSpec,
  update,
  variable,
} from "../../src/index.ts";
import { type RuleEvent, type Trace, type WatchEvent, watch } from "../../src/watch/index.ts";

const descend: UpdateSpec<number> = {
  name: "descend",
  run: ([g], [x], rate) => {
    for (let i = 0; i < x.length; i++) x[i] -= rate * g[i];
  },
};

/** The line that calls this function. */
function line(): number {
  const frames = (new Error().stack ?? "").split("\n").filter((text) => text.includes("recorder.test.ts:"));
  return Number(/:(\d+):\d+\)?$/.exec(frames[1])?.[1]);
}

const rulesOf = ({ events }: Trace): RuleEvent[] => events.filter((event) => event.kind === "rule");
const outermost = ({ events }: Trace): WatchEvent[] => events.filter(({ within }) => within === null);
const numbers = (trace: Trace, id: number): readonly number[] => trace.tensors[id].numbers;

describe("the events", () => {
  test("of c = (a + a)·a at 3 are two ops and four rules, whose gradients add up to 4·a = 12", () => {
    const a = variable(tensor(3));
    const at = line() + 1;
    const trace = watch(() => backward(add(a, a).mul(a)));
    expect(trace.result.of(a).item()).toBe(12);
    expect(outermost(trace).map(({ kind }) => kind)).toEqual(["op", "op", "rule", "rule", "rule", "rule"]);
    const [first, second] = trace.events;
    expect(first).toMatchObject({ id: 0, op: "add", formula: "out = x + y", params: null, layer: null });
    expect(first).toMatchObject({
      inputs: [0, 0],
      out: 1,
      site: expect.stringMatching(`recorder.test.ts:${at}:\\d+$`),
    });
    expect(second).toMatchObject({ id: 1, op: "mul", inputs: [1, 0], out: 2 });
    expect(trace.tensors[0]).toEqual({
      id: 0,
      shape: [],
      numbers: [3],
      summary: null,
      name: null,
      kind: "variable",
    });
    expect(trace.tensors[2]).toMatchObject({ numbers: [18], kind: "result" });
    // mul gives a + a = 6 to a, and a = 3 to its first input; add passes this 3 on to a twice.
    const rules = rulesOf(trace).map((rule) => ({
      of: rule.of,
      op: rule.op,
      input: rule.input,
      x: rule.x,
      numbers: [rule.g, rule.before, rule.gives, rule.sum].map((id) =>
        id === null ? null : numbers(trace, id)[0],
      ),
    }));
    expect(rules).toEqual([
      { of: 1, op: "mul", input: 0, x: 1, numbers: [1, null, 3, 3] },
      { of: 1, op: "mul", input: 1, x: 0, numbers: [1, null, 6, 6] },
      { of: 0, op: "add", input: 0, x: 0, numbers: [3, 6, 3, 9] },
      { of: 0, op: "add", input: 1, x: 0, numbers: [3, 9, 3, 12] },
    ]);
  });

  test("inside a rule are its ops, the sum of a broadcast gradient, and the sum where gradients meet", () => {
    const x = variable(tensor(2));
    const y = variable(tensor([1, 3]));
    const trace = watch(() => backward(add(mul(x, y), x).sum()));
    const [rule] = rulesOf(trace).filter(
      ({ op, x: input }) => op === "mul" && numbers(trace, input)[0] === 2,
    );
    const inside = trace.events.filter(({ within }) => within === rule.id);
    expect(inside.map((event) => (event.kind === "op" ? event.op : event.kind))).toEqual([
      "chain",
      "sum",
      "reshape",
      "add",
    ]);
    // d/dx of Σ (x·y + x) = Σ y + 2 = 6: the way through add gave 2 before.
    expect([rule.before, rule.gives, rule.sum].map((id) => numbers(trace, id as number)[0])).toEqual([
      2, 4, 6,
    ]);
    expect(inside.every((event) => event.kind !== "op" || event.site === null)).toBe(true);
  });

  test("of a derived op have its id", () => {
    const trace = watch(() => std(tensor([1, 2, 4]), { correction: 0 }));
    const [derived, ...parts] = trace.events;
    expect(derived).toMatchObject({ kind: "derived", name: "std", params: { correction: 0 }, within: null });
    expect(derived).toMatchObject({ formula: expect.stringContaining("variance") });
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.map(({ within }) => within)).toEqual(parts.map(() => derived.id));
    const last = parts.at(-1);
    expect(derived.kind === "derived" && derived.outs).toEqual([last?.kind === "op" && last.out]);
  });

  test("of a second derivative are rules of ops inside rules", () => {
    const x = tensor(0.5);
    const trace = watch(() => grad(grad((z) => z.mul(z).mul(z)))(x));
    expect(trace.result.item()).toBe(3); // 6·x
    const nested = rulesOf(trace).filter(({ of }) => of !== null && trace.events[of].within !== null);
    expect(nested.length).toBeGreaterThan(0);
    for (const { of } of nested)
      expect(trace.events[trace.events[of as number].within as number].kind).toBe("rule");
  });

  test("of a rule whose op ran before the watch have no event of the op", () => {
    const x = variable(tensor([1, 2]));
    const y = x.square().sum();
    const trace = watch(() => backward(y));
    expect(rulesOf(trace).map(({ of, op }) => [of, op])).toEqual([
      [null, "sum"],
      [null, "square"],
    ]);
    expect(trace.tensors[rulesOf(trace)[1].x]).toMatchObject({ numbers: [1, 2], kind: "variable" });
  });

  test("keep the numbers of the time of the event, whatever is changed in place later", () => {
    const w = new Parameter([1, 2]);
    const trace = watch(({ name }) => {
      name(w, "w");
      const gradients = backward(w.square().sum());
      update(descend, [gradients.of(w)], [w], 0.25);
      return w.sum();
    });
    const op = trace.events[0];
    expect(op.kind === "op" && trace.tensors[op.inputs[0]]).toMatchObject({ numbers: [1, 2], name: "w" });
    const changed = trace.events.find(({ kind }) => kind === "update");
    expect(changed).toMatchObject({ name: "descend", call: changed?.id, within: null });
    if (changed?.kind !== "update") throw new Error("no update");
    // w − 0.25·2·w = w/2
    expect(numbers(trace, changed.before)).toEqual([1, 2]);
    expect(trace.tensors[changed.after]).toMatchObject({ numbers: [0.5, 1], name: "w", kind: "parameter" });
    expect(numbers(trace, changed.reads[0])).toEqual([2, 4]);
    expect(changed.parameter).toBe(changed.before);
    const last = trace.events.at(-1);
    expect(last?.kind === "op" && last.inputs).toEqual([changed.after]);
    expect(trace.result.item()).toBe(1.5);
  });

  test("of an update of several tensors are one each, of the same call", () => {
    const [a, b] = [new Parameter([1]), new Parameter([2])];
    const shift: UpdateSpec = {
      name: "shift",
      run(_, writes) {
        for (const x of writes) x[0]++;
      },
    };
    const trace = watch(() => update(shift, [], [a, b], undefined));
    expect(trace.events.map((event) => event.kind === "update" && event.call)).toEqual([0, 0]);
    expect(trace.tensors.map(({ numbers: [value] }) => value)).toEqual([1, 2, 2, 3]);
  });

  test.each([
    ["assign", (x: Parameter) => x.assign([5])],
    ["a direct write", (x: Parameter) => (x.data[0] = 5)],
  ])("of a change by %s come when the tensor is used again", (_, change) => {
    const x = new Parameter([2]);
    const trace = watch(() => {
      x.square();
      change(x);
      return x.square();
    });
    expect(trace.events.map((event) => (event.kind === "op" ? event.op : event.kind))).toEqual([
      "square",
      "update",
      "square",
    ]);
    expect(trace.events[1]).toMatchObject({ name: "assign", reads: [] });
    const { before, after } = trace.events[1] as { before: number; after: number };
    expect([numbers(trace, before), numbers(trace, after)]).toEqual([[2], [5]]);
  });

  test("of calls that throw are taken back, with their parts", () => {
    const trace = watch(() => {
      expect(() => std(tensor([1, 2]), { axes: 3 })).toThrow();
      return tensor(1).add(1);
    });
    expect(trace.events.map((event) => event.kind === "op" && event.op)).toEqual(["add"]);
  });
});
