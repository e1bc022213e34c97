import { Tensor } from "@gradus/core";

/**
 * Notes the fields of an object and of all objects in them: numbers, texts, functions and tensors by identity, plain objects,
 * arrays and instances of classes with what they hold; and the method `forward` wherever there is one, own or inherited.
 * Not noted: private fields, the elements of tensors, typed arrays, maps and sets, and variables outside.
 *
 * @returns tells whether all of it is still the same. @internal
 */
export function watchFields(root: object): () => boolean {
  const holders: object[] = [];
  const keys: string[] = [];
  const values: unknown[] = [];
  const objects = new Set([root]);
  for (const object of objects) {
    for (const key of [...Object.keys(object), "forward"]) {
      const value = read(object, key);
      holders.push(object);
      keys.push(key);
      values.push(value);
      if (typeof value === "object" && value !== null && !isLeaf(value)) objects.add(value);
    }
  }
  const all = [...objects];
  const counts = all.map((object) => Object.keys(object).length);
  return () => {
    for (let i = 0; i < all.length; i++) if (Object.keys(all[i]).length !== counts[i]) return false;
    for (let i = 0; i < values.length; i++) {
      if (!Object.is(read(holders[i], keys[i]), values[i])) return false;
    }
    return true;
  };
}

/** A field that cannot be read is never the same. */
function read(object: object, key: string): unknown {
  try {
    return (object as Readonly<Record<string, unknown>>)[key];
  } catch {
    return {};
  }
}

function isLeaf(value: object): boolean {
  return value instanceof Tensor || ArrayBuffer.isView(value);
}
