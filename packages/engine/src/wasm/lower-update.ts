import type { UpdateKernel } from "@gradus/core/internal";
import { encodeUpdate } from "./encoders.generated.ts";
import { areNumbers, find, type Lowering, zeros } from "./instruction.ts";

/**
 * The instructions for an update that declares this kernel; null if its own loop must run: there is no such instruction, or the
 * declaration does not fit it.
 *
 * @param reads how many elements each tensor has that the update reads; `writes` those that it changes.
 */
export function lowerUpdate(
  { instruction, reads: readNames, writes: writtenNames, numbers = [] }: UpdateKernel,
  reads: readonly number[],
  writes: readonly number[],
): Lowering | null {
  const entry = find("update", instruction);
  if (!entry) return null;
  const [fewNumbers, operands] = entry.rest;
  const [few, ...wanted] = operands.split(/(?=[<>])/);
  const given = [...readNames.map((name) => `<${name}`), ...writtenNames.map((name) => `>${name}`)];
  const sizes = [...reads, ...writes];
  /** Where each operand of the instruction is among those given; -1 for an optional one that is missing. */
  const places = wanted.map((name) => given.indexOf(name.replace("?", "")));
  const fewPlace = given.indexOf(few);
  const length = sizes[places[0]];
  const fits =
    readNames.length === reads.length &&
    given.length === sizes.length &&
    given.length === places.filter((place) => place >= 0).length + 1 &&
    places.every((place, i) => (place < 0 ? wanted[i].endsWith("?") : sizes[place] === length)) &&
    sizes[fewPlace] >= Number(fewNumbers) &&
    areNumbers(numbers, entry.count);
  if (!fits) return null;
  return {
    inPlace: false,
    instructions(read, written) {
      const addresses = [...read, ...written].map(({ byteOffset }) => byteOffset);
      const at = addresses[fewPlace];
      const all = places.map((place) => addresses[place] ?? 0);
      const update = encodeUpdate(entry.opcode, length, at, all, numbers);
      // An update that changes `few` adds to it: it starts at 0, the sum of nothing.
      return few.startsWith(">") ? [zeros(at, 1), update] : [update];
    },
  };
}
