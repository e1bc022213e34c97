import { ArgumentError, formatShape, type NetInput, notTensor, ShapeError, show, Tensor } from "@gradus/core";
import { guarded, isNamed, isNamedInputs, refuseUnread } from "@gradus/core/internal";
import type { AnyBatch } from "@gradus/data";
import type { Layer, Mode } from "@gradus/nn";

/** The tensors of a batch: inputs, targets and weights, if there are any. @internal */
export interface BatchTensors {
  readonly input: NetInput;
  readonly targets: Tensor;
  readonly weights: Tensor | undefined;
}

/** The tensors of a batch as arguments of a step: its inputs, its targets and its weights, if it has any. @internal */
export function tensorsOf({ inputs, targets, weights }: AnyBatch): Tensor[] {
  const first = inputs instanceof Tensor ? [inputs] : Object.values(inputs);
  return weights === undefined ? [...first, targets] : [...first, targets, weights];
}

/**
 * Makes of the tensors of {@link tensorsOf} what the net and the loss take.
 *
 * @param names of the inputs; undefined for one without a name.
 * @param read receives the names of the inputs that the net reads. @internal
 */
export function batchOf(
  names: readonly string[] | undefined,
  read?: Set<string>,
): (tensors: readonly Tensor[]) => BatchTensors {
  if (names === undefined) return ([input, targets, weights]) => ({ input, targets, weights });
  const count = names.length;
  return (tensors) => ({
    input: netInput(names, tensors, read),
    targets: tensors[count],
    weights: tensors[count + 1],
  });
}

/** The input of a net, of its tensors in the order of their names. @internal */
export function netInput(
  names: readonly string[] | undefined,
  tensors: readonly Tensor[],
  read?: Set<string>,
): NetInput {
  if (names === undefined) return tensors[0];
  return guarded(Object.fromEntries(names.map((name, i) => [name, tensors[i]])), read);
}

/** The inputs of a net, as a user gives them. @internal */
export interface GivenInputs {
  /** In alphabetical order, so that the order in which they are given does not matter; undefined for one tensor. */
  readonly names: readonly string[] | undefined;
  readonly tensors: readonly Tensor[];
}

/** @throws ArgumentError for anything but a tensor or an object of tensors. @internal */
export function givenInputs(who: string, given: unknown, takes: string): GivenInputs {
  if (given instanceof Tensor) return { names: undefined, tensors: [given] };
  if (isNamedInputs(given)) {
    const names = Object.keys(given).sort();
    return { names, tensors: names.map((name) => given[name]) };
  }
  const wrong = isNamed(given) ? Object.entries(given).find(([, x]) => !(x instanceof Tensor)) : undefined;
  throw new ArgumentError(
    wrong === undefined
      ? `${who}: needs ${takes}, got ${notTensor(given)}`
      : `${who}: the input ${wrong[0]} must be a tensor, got ${show(wrong[1])}`,
  );
}

/**
 * Runs a net in a trial.
 *
 * @param whole whether it must read all inputs: one that it does not read would be left out without a word.
 * @throws ArgumentError also for a net with several inputs that is given one tensor. @internal
 */
export function tryForward(net: Layer<NetInput>, inputs: NetInput, mode: Mode, whole: boolean): unknown {
  if (!(inputs instanceof Tensor)) {
    const read = new Set<string>();
    const output = net.forward(guarded(inputs, read), mode);
    if (whole) refuseUnread(Object.keys(inputs), read);
    return output;
  }
  try {
    return net.forward(inputs, mode);
  } catch (error) {
    // `const { image } = x` of a tensor gives undefined.
    if (!/\bundefined\b/.test(String(error))) throw error;
    const Kind = error instanceof ShapeError ? ShapeError : ArgumentError;
    throw new Kind(
      `${(error as Error).message}; the net was given one tensor ${formatShape(inputs.shape)}. If its forward takes several inputs ` +
        "by name, the dataset needs them: new Dataset({ inputs: { image, table }, targets })",
      { cause: error },
    );
  }
}

/** `inputs [2, 3]`, or `inputs { image [2, 28, 28], table [2, 4] }`. @internal */
export function formatInputs(inputs: NetInput): string {
  if (inputs instanceof Tensor) return `inputs ${formatShape(inputs.shape)}`;
  const each = Object.entries(inputs).map(([name, x]) => `${name} ${formatShape(x.shape)}`);
  return `inputs { ${each.join(", ")} }`;
}

/** The number of samples of all inputs. @throws ShapeError for a scalar, or if it is not the same for all. @internal */
export function sampleCount(who: string, { names, tensors }: GivenInputs): number {
  for (const [i, x] of tensors.entries()) {
    if (x.rank > 0) continue;
    const what = names === undefined ? "the inputs" : `the input ${names[i]}`;
    throw new ShapeError(`${who}: a scalar is no list of samples; ${what} must be [n, ...]`);
  }
  const counts = tensors.map(({ shape }) => shape[0]);
  if (counts.every((count) => count === counts[0])) return counts[0];
  throw new ShapeError(
    `${who}: all inputs must have the same number of samples, got ${names?.map((name, i) => `${counts[i]} of ${name}`).join(", ")}`,
  );
}
