import {
  ArgumentError,
  checkShape,
  formatShape,
  type Range,
  ranges,
  type Shape,
  ShapeError,
  show,
  Tensor,
} from "@gradus/core";
import { isNamedInputs } from "@gradus/core/internal";
import { isClass, isLayer } from "./layers/function-layer.ts";

// The checks of layers: check-net.ts passes them on, and importing @gradus/nn sets them (install.ts).

export { fixFields } from "@gradus/core/internal";

/** Throws unless the input of a layer `fits`. */
export function input(layer: object, fits: boolean, shape: Shape, expected: string): void {
  if (!fits) throw new ShapeError(`${layer}: expects an input ${expected}, got ${formatShape(shape)}`);
}

/** Throws unless the input of a layer is a tensor, and says how to get one from what was given. */
export function tensor(layer: object, x: unknown): void {
  if (x instanceof Tensor) return;
  const name = String(layer).split("\n")[0].replace(/\($/, "");
  throw new ArgumentError(`${name}: forward takes a tensor, got ${show(x)}${wayToTensor(x)}`);
}

/** Throws unless the input of a Sequential is a tensor; if it has layers, the first may take tensors by name. */
export function inputs(sequential: { readonly layers: readonly unknown[] }, x: unknown): void {
  const named = !(x instanceof Tensor) && isNamedInputs(x) && !isBatch(x);
  if (!named || sequential.layers.length === 0) tensor(sequential, x);
}

/** Whether a value is a whole batch of a dataset. */
function isBatch(x: object): boolean {
  return Object.hasOwn(x, "inputs") && Object.hasOwn(x, "targets");
}

function wayToTensor(given: unknown): string {
  if (isNamedInputs(given) && !isBatch(given)) {
    const names = Object.keys(given).join(", ");
    return `; a layer that takes several inputs by name must put them together: forward({ ${names} }, mode)`;
  }
  const { batch, inputs, targets, storage } = Object(given) as Readonly<Record<string, unknown>>;
  if (typeof batch === "function") return "; predict(net, dataset) takes a dataset";
  if ((inputs instanceof Tensor || isNamedInputs(inputs)) && targets instanceof Tensor)
    return "; pass batch.inputs";
  if (storage !== undefined) return ""; // a tensor of another copy of gradus, as `show` says
  if (ArrayBuffer.isView(given))
    return "; tensor(numbers, [n, ...]) makes one, with n samples in its first axis";
  return Array.isArray(given) ? "; tensor(array) makes one" : "; tensor([[1, 2]]) makes one";
}

/** Throws for what was put into the list of layers of a Sequential later, and is no layer. */
export function wrapped(layer: unknown, layers: readonly unknown[]): void {
  if (typeof Object(layer).forward === "function") return;
  const way =
    typeof layer === "function" ? ": only new Sequential(…) wraps functions; use new FunctionLayer(…)" : "";
  throw new ArgumentError(
    `Sequential: layer ${layers.indexOf(layer)} has no forward, got ${show(layer)}${way}`,
  );
}

/** Throws for what Sequential cannot wrap: a class, and anything but a function. */
export function wrappable(layer: unknown, i: number): void {
  if (isClass(layer)) {
    throw new ArgumentError(
      `Sequential: layer ${i} is the class ${layer.name}; make one: new ${layer.name}(…)`,
    );
  }
  if (typeof layer === "function") return;
  throw new ArgumentError(
    `Sequential: layer ${i} has no forward method, got ${show(layer)}; ${wayToLayer(layer)}`,
  );
}

/** The way out for what is no layer, as the end of a message. */
function wayToLayer(given: unknown): string {
  if (Array.isArray(given) || Array.isArray(Object(given).layers))
    return "pass the layers one by one: new Sequential(...layers)";
  const hint = typeof given === "string" ? activationHint(given) : undefined;
  return hint ?? "it takes layers, and functions such as selu";
}

/** The shape of a weight that has fans. @returns a copy. */
export function fans(shape: Shape, who: string): Shape {
  const checked = checkShape(shape, who);
  if (checked.length >= 2) return checked;
  throw new ShapeError(
    `${who}(${formatShape(checked)}): fans need a shape [in, out]; for a bias use zeros or constantInit`,
  );
}

/** The way out for what is no activation. */
export function activationHint(given: unknown): string | undefined {
  return functionSuchAsSelu.hint?.(given);
}

/** The way out for what is no initializer. */
export function initializerHint(given: unknown): string | undefined {
  return functionSuchAsHeNormal.hint?.(given);
}

/** The activations of core, for "did you mean". */
export const ACTIVATIONS: readonly string[] =
  "relu relu6 leakyRelu elu celu selu gelu silu mish sigmoid logSigmoid tanh softplus softsign hardtanh softmax logSoftmax".split(
    " ",
  );

const functionSuchAsSelu: Range = /* @__PURE__ */ ranges.functionNamed("", ACTIVATIONS, (value) => {
  if (value === "linear" || value === "none" || value === "identity") return "leave it out";
  const layer = isClass(value) ? value.name : isLayer(value) ? value.constructor.name : undefined;
  return layer === undefined ? undefined : `put new ${layer}(…) after this layer in Sequential`;
});

/** The initializers that are functions of a shape, for "did you mean". */
export const INITIALIZERS: readonly string[] = (
  "zeros ones lecunNormal lecunNormalTruncated lecunUniform glorotNormal glorotNormalTruncated glorotUniform heNormal " +
  "heNormalTruncated heUniform uniform normal orthogonal constantInit"
).split(" ");

const functionSuchAsHeNormal: Range = /* @__PURE__ */ ranges.functionNamed("", INITIALIZERS, (value) => {
  if (typeof value === "number") return `use constantInit(${value})`;
  return typeof value === "object" && value !== null ? "for given numbers use () => tensor([…])" : undefined;
});
