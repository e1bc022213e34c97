import { type Tensor, tensor } from "@gradus/core";
import { type Calls, describeExtraArguments, method } from "../../core/test/extra-arguments.ts";
import { describeHostile } from "../../core/test/hostile.ts";
import * as engine from "../src/index.ts";

const calls: Calls = { compile: () => [(x: Tensor) => x], threads: () => [1] };
const compiled = engine.compile((x: Tensor) => ({ y: x.mul(2) }));
const x = tensor([1, 2]);

describeHostile(engine, {
  ...calls,
  "compiled.plan": () => method(compiled, "plan", x)(),
  "compiled.describe": () => method(compiled, "describe", x)(),
  "compiled.profile": () => method(compiled, "profile", x)(),
  "compiled.traced": () => method(compiled, "traced", x)(),
  "compiled.returned": () => [(value: unknown) => engine.compile(() => value)(), x],
  "compiled.called": () => [(value: never) => engine.compile((y: Tensor) => y.mul(2))(value), x],
});

describeExtraArguments(engine, calls, {
  simdSupported: "reads only",
  useSimd: "for tests of the plain loops",
});
