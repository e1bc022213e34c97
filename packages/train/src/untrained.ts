import { ArgumentError, formatShape, Parameter, show, type Tensor } from "@gradus/core";
import { type Layer, namedLayers, namedParameters, namedTensors } from "@gradus/nn";
import { Optimizer } from "@gradus/optim";
import type { StepTaker } from "./callbacks.ts";
import { watchFields } from "./watched-fields.ts";

/** Fields by which other frameworks leave a layer out of the training, if they are false. (Tensors refuse them at once.) */
const MARKS = ["trainable", "requiresGrad", "requires_grad"] as const;

/** Refuses an optimizer with parameters that are not part of the net. @internal */
export function refuseForeign(net: Layer<never>, optimizer: StepTaker): void {
  if (!(optimizer instanceof Optimizer)) return;
  const own = new Set<Tensor>(namedParameters(net).map(([, parameter]) => parameter));
  const trained = optimizer.parameters;
  const foreign = trained.filter((x) => !own.has(x));
  if (foreign.length === 0) return;
  throw new ArgumentError(
    `fit: ${foreign.length} of the optimizer's ${trained.length} parameters are not part of this net, such as one of ` +
      `shape ${formatShape(foreign[0].shape)}; make the optimizer with namedParameters(net), after the net`,
  );
}

/**
 * Refuses a net with a layer that is marked, as in Keras, not to be trained, if the optimizer trains it: gradus does not read
 * such marks.
 *
 * @throws ArgumentError with the way to train a part of a net. @internal
 */
export function refuseMarks(net: Layer<never>, optimizer: StepTaker): void {
  const parametersOf = (part: object): Parameter[] => namedParameters(part).map(([, parameter]) => parameter);
  const trained = new Set<Tensor>(optimizer instanceof Optimizer ? optimizer.parameters : parametersOf(net));
  for (const [name, part] of namedLayers(net)) {
    const mark = MARKS.find((field) => (part as unknown as Record<string, unknown>)[field] === false);
    if (mark === undefined) continue;
    if (!parametersOf(part).some((parameter) => trained.has(parameter))) continue;
    throw new ArgumentError(
      `fit: ${name === "" ? "the net" : show(name)} has ${mark}: false, which gradus does not read, and the optimizer trains it; ` +
        "make the optimizer of the parameters to train: namedParameters(net).filter(([name]) => …)",
    );
  }
}

/**
 * A warning if the outputs of a net depend on parameters that are not part of it: a layer in a private field, or one that
 * `forward` makes. Undefined if there are none.
 *
 * @param output of the net, recorded. @internal
 */
export function hiddenParameters(net: Layer<never>, output: Tensor): string | undefined {
  const own = new Set<Tensor>(namedTensors(net).map(([, x]) => x));
  const reached = new Set([output]);
  // A loop over a set goes on with what is added meanwhile.
  for (const { record } of reached) {
    for (const input of record?.inputs ?? []) if (input.tracked) reached.add(input);
  }
  const hidden = [...reached].filter((x) => x instanceof Parameter && !own.has(x));
  if (hidden.length === 0) return undefined;
  const [{ shape }] = hidden;
  const which =
    hidden.length === 1
      ? `a parameter of shape ${formatShape(shape)} that is`
      : `${hidden.length} parameters, one of shape ${formatShape(shape)}, that are`;
  return (
    `fit: the net's outputs depend on ${which} not part of the net, so neither trained nor saved. Make layers in the constructor ` +
    "and keep them in fields without #; for a part that shall not change, call detach() on its outputs"
  );
}

/**
 * Notes the parameters of a net before a training: one that joins the net later, from a callback or because `forward` makes its
 * layer, would not be trained, and one that leaves it would be trained for nothing.
 *
 * @returns refuses other parameters than those, with an ArgumentError that names one. @internal
 */
export function sameParameters(net: Layer<never>): () => void {
  const before = new Map<Tensor, string>(namedParameters(net).map(([name, x]) => [x, name]));
  let unchanged = watchFields(net); // a walk through all layers takes longer than to look at known fields
  return () => {
    if (unchanged()) return;
    const now = namedParameters(net);
    const joined = now.find(([, x]) => !before.has(x));
    if (joined !== undefined) {
      const [name, { shape }] = joined;
      throw new ArgumentError(
        `fit: ${name}, a parameter of shape ${formatShape(shape)}, joined the net after the training had begun, so the optimizer ` +
          "would not train it. Make all layers in the constructor of the net; to add one later, call fit again with a new optimizer",
      );
    }
    const own = new Set<Tensor>(now.map(([, x]) => x));
    for (const [x, name] of before) {
      if (own.has(x)) continue;
      throw new ArgumentError(
        `fit: ${name}, a parameter of shape ${formatShape(x.shape)}, left the net during the training, and the optimizer would go on ` +
          "to train it. To take a layer out, call fit again with a new optimizer",
      );
    }
    unchanged = watchFields(net);
  };
}
