import { checks } from "./checks.ts";
import { ArgumentError } from "./errors.ts";
import type { NamedInputs } from "./net-input.ts";
import { show } from "./shape.ts";

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
          const near = checks.nearestName?.(name, Object.keys(inputs));
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
