/** Finds every exported function, class and method of the packages that takes an object of options. */
import ts from "typescript";
import { publicEntries } from "../shared/public-entries.ts";

/** A parameter whose type is an object of named values. */
export interface Taker {
  /** As a user calls it: `backward`, `SGD` for a constructor, `Rng.normal` for a method. */
  readonly name: string;
  readonly parameter: string;
  /** The name of its type; `{}` for one that was written in place. */
  readonly type: string;
}

/** All of them, in all entry points of all packages, as the type checker sees them. */
export function takers(): Taker[] {
  const found = new Map<string, Taker>();
  const { entries, checker } = publicEntries();
  for (const { module } of entries) {
    for (const exported of checker.getExportsOfModule(module)) {
      const aliased = exported.flags & ts.SymbolFlags.Alias;
      const symbol = aliased ? checker.getAliasedSymbol(exported) : exported;
      if (!(symbol.flags & ts.SymbolFlags.Value)) continue;
      for (const { name, signature } of signatures(exported.name, checker.getTypeOfSymbol(symbol), checker)) {
        for (const parameter of signature.getParameters()) {
          for (const type of objects(checker.getTypeOfSymbol(parameter), checker)) {
            const taker = { name, parameter: parameter.name, type: nameOf(type) };
            found.set(`${name} ${taker.type}`, taker);
          }
        }
      }
    }
  }
  return [...found.values()];
}

/** The call signatures of an export: as a function, as a constructor, and those of the methods of its instances. */
function signatures(
  name: string,
  type: ts.Type,
  checker: ts.TypeChecker,
): { name: string; signature: ts.Signature }[] {
  const constructors = type.getConstructSignatures();
  const methods = constructors.flatMap((made) =>
    made
      .getReturnType()
      .getProperties()
      .filter((method) => !method.name.startsWith("#"))
      .flatMap((method) =>
        checker
          .getTypeOfSymbol(method)
          .getCallSignatures()
          .map((signature) => ({ name: `${name}.${method.name}`, signature })),
      ),
  );
  return [...type.getCallSignatures(), ...constructors]
    .map((signature) => ({ name, signature }))
    .concat(methods);
}

/** The members of a type that are objects of this repository, but for instances of classes, arrays and functions. */
function objects(type: ts.Type, checker: ts.TypeChecker): ts.Type[] {
  const given = checker.getNonNullableType(type);
  return (given.isUnion() ? given.types : [given]).filter((part) => {
    if (!(part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return false;
    if (part.getCallSignatures().length > 0 || checker.isArrayLikeType(part)) return false;
    const symbol = part.aliasSymbol ?? part.symbol;
    if (symbol?.flags & ts.SymbolFlags.Class) return false;
    return !symbol?.declarations?.every((declaration) =>
      /\/node_modules\/(typescript|@types)\//.test(declaration.getSourceFile().fileName),
    );
  });
}

function nameOf(type: ts.Type): string {
  const name = (type.aliasSymbol ?? type.symbol)?.name ?? "{}";
  return name.startsWith("__") ? "{}" : name;
}
