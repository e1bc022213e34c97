import { tagOf } from "./tag.ts";
import { Tensor } from "./tensor.ts";

/** Several inputs of a net, by name. */
export type NamedInputs = Readonly<Record<string, Tensor>>;

/** All that a net can take: one tensor, or several by name. */
export type NetInput = Tensor | NamedInputs;

/**
 * One value for each input: a `T` if there is one input without a name (`never`, the default of a `Dataset`), else an object
 * with a `T` for each name. For `string` it is either.
 */
export type PerInput<Names extends string, T> = string extends Names
  ? T | Readonly<Record<string, T>>
  : [Names] extends [never]
    ? T
    : { readonly [Name in Names]: T };

/** The input of a net that is trained on a dataset with these names of inputs. */
export type InputOf<Names extends string> = PerInput<Names, Tensor>;

/** T, from which TypeScript infers no type argument: `NoInfer` of TypeScript 5.4. */
export type NotInferred<T> = [T][T extends unknown ? 0 : never];

/** Whether a value is an object of named values: no array, Map or instance of a class. @internal */
export function isNamed<T>(value: unknown): value is Readonly<Record<string, T>> {
  if (tagOf(value) !== "Object") return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Whether a value is several tensors by name. Reads nothing through a proxy. @internal */
export function isNamedInputs(value: unknown): value is NamedInputs {
  if (!isNamed(value)) return false;
  const fields = Object.values(Object.getOwnPropertyDescriptors(value));
  return fields.length > 0 && fields.every((field) => field.value instanceof Tensor);
}
