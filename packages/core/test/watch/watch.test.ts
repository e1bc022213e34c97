import { describe, expect, test } from "vitest";
import { hook } from "../../src/hook.ts";
import {
  backward,
  createRng,
  NumericsError,
  ones,
  Parameter,
  std,
  tensor,
  trapNumerics,
  type UpdateSpec,
  update,
  variable,
} from "../../src/index.ts";
import { type Trace, type WatchEvent, watch } from "../../src/watch/index.ts";

const descend: UpdateSpec<number> = {
  name: "descend",
  run: ([g], [x], rate) => {
    for (let i = 0; i < x.length; i++) x[i] -= rate * g[i];
  },
};

const outermost = ({ events }: Trace): WatchEvent[] => events.filter(({ within }) => within === null);

describe("names", () => {
  test("of tensors may be given before or after their use; a detached view has the same", () => {
    const x = variable(tensor(1));
    const trace = watch(({ name }) => {
      name(x, "x");
      const y = x.detach().exp();
      name(y, "y");
    });
    expect(trace.tensors.map(({ name }) => name)).toEqual(["x", "y"]);
  });

  test("of layers are those of their ops, of the rules of these, and of the ops in the rules", () => {
    const x = variable(tensor(1));
    const trace = watch(({ layer }) => {
      const hidden = layer("hidden", () => layer("inner", () => x.exp()).tanh());
      return backward(hidden.add(1));
    });
    expect(
      outermost(trace).map((event) => [
        event.kind === "rule" || event.kind === "op" ? event.op : "",
        event.layer,
      ]),
    ).toEqual([
      ["exp", "inner"],
      ["tanh", "hidden"],
      ["add", null],
      ["add", null],
      ["tanh", "hidden"],
      ["exp", "inner"],
    ]);
    const part = trace.events.find(({ within }) => within === outermost(trace)[4].id);
    expect(part?.layer).toBe("hidden");
  });

  type Anything = Record<string, (...args: unknown[]) => unknown>;
  test.each<[string, (w: Anything) => unknown]>([
    ["name: needs a tensor, got [1]; tensor(values) makes one", (w) => w.name([1], "x")],
    ["name: name must be a string, got 1", (w) => w.name(tensor(1), 1)],
    ["layer: name must be a string, got undefined", (w) => w.layer()],
    ["layer: run must be a function, got undefined", (w) => w.layer("a")],
    ["layer: the function is async", (w) => w.layer("a", async () => 1)],
  ])("%s", (message, run) => {
    expect(() => watch(run as never)).toThrow(message);
  });
});

describe("limits", () => {
  test("more events than allowed are an error that says what to set, also if it is caught inside", () => {
    const error =
      "watch: there are more than 3 events; watch a smaller part, such as one step, or set { events: 6 }";
    const run = () => {
      let x = tensor(1);
      for (let i = 0; i < 4; i++) x = x.add(1);
      return x;
    };
    expect(() => watch(run, { events: 3 })).toThrow(error);
    expect(watch(run, { events: 4 }).events).toHaveLength(4);
    const caught = () => {
      try {
        run();
      } catch {}
    };
    expect(() => watch(caught, { events: 3 })).toThrow(error);
    expect(hook()).toBeNull();
  });

  test("the default is 20,000 events", () => {
    const many = (count: number) => () => {
      const x = tensor(1);
      for (let i = 0; i < count; i++) x.neg();
    };
    expect(watch(many(20_000)).events).toHaveLength(20_000);
    expect(() => watch(many(20_001))).toThrow("more than 20000 events");
  });

  test("of a tensor with more numbers than allowed the first 64 and a summary are kept", () => {
    const x = tensor(Array.from({ length: 4097 }, (_, i) => i));
    const [large, sum] = watch(() => x.neg().sum()).tensors.slice(1);
    expect(large.numbers).toEqual(Array.from({ length: 64 }, (_, i) => -i));
    // The numbers −4096 … 0: mean −2048, variance (4097² − 1)/12 = 1398784.
    expect(large.summary).toEqual({ mean: -2048, variance: 1398784, min: -4096, max: -0 });
    expect(sum.summary).toBeNull();
    expect(watch(() => x.neg(), { numbers: 4097 }).tensors[1].numbers).toHaveLength(4097);
    expect(watch(() => x.neg(), { numbers: 10 }).tensors[1].numbers).toHaveLength(10);
  });

  test("a change in a large tensor is noticed by its summary", () => {
    const x = tensor(new Float64Array(5000));
    const trace = watch(() => {
      x.neg();
      x.data[4000] = 1;
      x.neg();
    });
    expect(trace.events.map(({ kind }) => kind)).toEqual(["op", "update", "op"]);
  });

  test.each([
    [{ events: 0 }, "watch: events must be a whole number ≥ 1, got 0"],
    [{ events: Number.NaN }, "watch: events must be a whole number ≥ 1, got NaN"],
    [{ numbers: -1 }, "watch: numbers must be a whole number ≥ 0, got -1"],
    [{ event: 3 }, 'watch: unknown option "event"; did you mean "events"?'],
  ])("options %j are refused", (options, message) => {
    expect(() => watch(() => 1, options as never)).toThrow(message);
  });
});

describe("a watch", () => {
  test("inside a watch sees its part, and the outer one sees all", () => {
    const x = variable(tensor(2));
    let inner: Trace | undefined;
    const outer = watch(() => {
      const y = x.exp();
      inner = watch(() => backward(std(y.mul(tensor([1, 2])))));
      return y.neg();
    });
    const count = outer.events.length;
    expect(inner?.events.length).toBe(count - 2);
    expect(inner?.events.filter(({ kind }) => kind === "derived")).toHaveLength(1);
    expect(outer.events.filter(({ kind }) => kind === "derived")).toHaveLength(1);
  });

  test("and the NaN trap see the same ops, whichever is inside", () => {
    const x = variable(tensor([4, 9]));
    const run = () => backward(std(x).add(x.sqrt().sum()));
    const plain = watch(run).events;
    const ids = (events: readonly WatchEvent[]) => events.map((event) => ({ ...event, site: null }));
    expect(ids(watch(() => trapNumerics(run)).events)).toEqual(ids(plain));
    expect(ids(trapNumerics(() => watch(run)).events)).toEqual(ids(plain));
    expect(() => watch(() => trapNumerics(() => tensor(0).log()))).toThrow(NumericsError);
    expect(() => trapNumerics(() => watch(() => tensor(0).log()))).toThrow(NumericsError);
    const w = new Parameter([1]);
    const updated = watch(() => trapNumerics(() => update(descend, [ones([1])], [w], 1)));
    expect(updated.events.map(({ kind }) => kind)).toEqual(["update"]);
  });

  test("passes errors on and leaves no hook behind", () => {
    expect(() => watch(() => tensor([1, 2]).add(tensor([1, 2, 3])))).toThrow(
      "add([2], [3]): shapes do not broadcast",
    );
    expect(() =>
      watch(() => {
        throw new TypeError("mine");
      }),
    ).toThrow(new TypeError("mine"));
    expect(hook()).toBeNull();
  });

  test("of an async function is refused, also if it rejects", async () => {
    const message = "watch: the function is async, and its ops after the first await would not be seen";
    expect(() => watch(async () => 1)).toThrow(message);
    expect(() => watch(() => Promise.reject(new Error("later")))).toThrow(message);
    await new Promise((done) => setTimeout(done)); // an unhandled rejection would fail the run
    expect(hook()).toBeNull();
  });

  test("of a generator is refused: its ops have not run", () => {
    function* steps() {
      yield tensor(1).neg();
    }
    expect(() => watch(steps)).toThrow(
      "watch: the function gave Generator, a generator whose ops have not run",
    );
  });

  test.each([[undefined], [3], [class Net {}]])("of %s is refused", (run) => {
    expect(() => watch(run as never)).toThrow(/^watch: run must be a function, got/);
  });

  test("draws from random streams as without it", () => {
    const draw = () => createRng("a").normal([3]).mul(2).toArray();
    expect(watch(draw).result).toEqual(draw());
  });
});
