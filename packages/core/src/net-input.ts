import { ArgumentError } from "./errors.ts";
import { nearestName } from "./nearest-name.ts";
import { show } from "./shape.ts";
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

/** Names that JavaScript itself reads. */
const READ_BY_LANGUAGE: ReadonlySet<string> = new Set(["then", "toJSON"]);

/**
 * The inputs for a `forward`: reading one that is not there is an error.
 *
 * @param inputs is copied.
 * @param read receives the names that are read. @internal
 */
export function guarded(inputs: NamedInputs, read?: Set<string>): NamedInputs {
  const names = (): string => Object.keys(inputs).map(show).join(", ");
  return new Proxy(
    { ...inputs },
    {
      get(all, name) {
        if (name === Symbol.iterator) {
          throw new ArgumentError(
            `the net was given the inputs ${names()} by name, which is no list: forward({ ${Object.keys(inputs).join(", ")} }, mode)`,
          );
        }
        if (typeof name === "string" && Object.hasOwn(all, name)) read?.add(name);
        else if (typeof name === "string" && !(name in all) && !READ_BY_LANGUAGE.has(name)) {
          const near = nearestName(name, Object.keys(inputs));
          throw new ArgumentError(
            `the net was given the inputs ${names()} by name, and reads ${show(name)}${near === undefined ? "" : `; is ${show(near)} meant?`}`,
          );
        }
        return Reflect.get(all, name);
      },
    },
  );
}

/** Throws for inputs that a net has not read: it would compute without them. @param who begins the message. @internal */
export function refuseUnread(names: readonly string[], read: ReadonlySet<string>, who = ""): void {
  const unread = names.filter((name) => !read.has(name));
  if (unread.length === 0) return;
  throw new ArgumentError(
    `${who}the net's forward does not read the input ${unread.map(show).join(", ")}. Leave it out, or read it in forward: ` +
      `forward({ ${names.join(", ")} }, mode)`,
  );
}
