/** Layers, optimizers, schedules, callbacks and readers as plain data: what exists, how it is called, its options with their comments. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { call, isOptional, optionsOf } from "../docs/calls.ts";
import { publicEntries } from "../shared/public-entries.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** An option of a part. */
export interface OptionEntry {
  readonly name: string;
  readonly optional: boolean;
  /** Its range, its default, and the source of the default. */
  readonly comment: string;
}

/** A layer, optimizer, schedule, callback or reader. */
export interface PartEntry {
  readonly name: string;
  /** `new Dense(inputSize, outputSize, options)`. */
  readonly call: string;
  /** The entry that exports it, such as "@gradus/data/node". */
  readonly from: string;
  readonly comment: string;
  readonly examples: readonly string[];
  readonly options: readonly OptionEntry[];
  /** The declaration of the defaults that its comment names, such as `adamDefaults`; null if the options' comments have them. */
  readonly defaults: string | null;
  /** The path from the root of the repository, and its first line there. */
  readonly file: string;
  readonly line: number;
}

/** The parts of one kind. */
export interface PartGroup {
  readonly name: string;
  readonly parts: readonly PartEntry[];
}

interface Found {
  readonly name: string;
  readonly from: string;
  readonly type: ts.Type;
  readonly symbol: ts.Symbol;
}

/** Which exports belong to a group: decided by their types, so that a new one appears by itself. */
const groups: Readonly<Record<string, (found: Found, checker: ts.TypeChecker) => boolean>> = {
  layers: ({ from, type }) => from === "@gradus/nn" && made(type)?.getProperty("forward") !== undefined,
  optimizers: ({ from, type }) =>
    from === "@gradus/optim" &&
    made(type)
      ?.getBaseTypes()
      ?.some(({ symbol }) => symbol?.name === "Optimizer") === true,
  schedules: ({ from, type }) =>
    from === "@gradus/optim" &&
    (returned(type)?.aliasSymbol?.name === "Schedule" || made(type)?.symbol.name === "Plateau"),
  callbacks: ({ from, type }, checker) => {
    const given = returned(type);
    return from.startsWith("@gradus/train") && given !== undefined && isCallback(given, checker);
  },
  readers: ({ from, name, type }) =>
    /^@gradus\/(data|io)/.test(from) && /^(read|load)[A-Z]/.test(name) && returned(type) !== undefined,
};

/** All parts, group by group, in the order of their names. */
export function partGroups(): readonly PartGroup[] {
  const { entries, checker } = publicEntries();
  const all = entries
    .filter(({ name }) => name.startsWith("@"))
    .flatMap(({ name: from, module }) =>
      checker.getExportsOfModule(module).map((exported): Found => {
        const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
        return { name: exported.name, from, symbol, type: checker.getTypeOfSymbol(symbol) };
      }),
    )
    .filter(({ symbol }) => symbol.flags & ts.SymbolFlags.Value)
    .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  return Object.entries(groups).map(([name, belongs]) => ({
    name,
    parts: all.filter((found) => belongs(found, checker)).map((found) => part(found, all, checker)),
  }));
}

function part(found: Found, all: readonly Found[], checker: ts.TypeChecker): PartEntry {
  const { name, from, type, symbol } = found;
  const declaration = symbol.declarations?.[0];
  const file = declaration?.getSourceFile();
  const tags = symbol.getJsDocTags(checker).filter((tag) => tag.name === "example");
  return {
    name,
    call: call(name, type, checker),
    from,
    comment: plain(symbol.getDocumentationComment(checker)),
    examples: tags.map((tag) => plain(tag.text)),
    options: optionsOf(type, checker).map((option) => ({
      name: option.name,
      optional: isOptional(option),
      comment: plain(option.getDocumentationComment(checker)),
    })),
    defaults: defaultsOf(found, all, checker),
    file: file ? relative(root, file.fileName) : "",
    line: file && declaration ? file.getLineAndCharacterOfPosition(declaration.getStart()).line + 1 : 0,
  };
}

/** The declaration whose name is in the comment of a part and ends in `Defaults`: it says where each default comes from. */
function defaultsOf({ symbol }: Found, all: readonly Found[], checker: ts.TypeChecker): string | null {
  const [name] = /\b\w+Defaults\b/.exec(plain(symbol.getDocumentationComment(checker))) ?? [];
  const declaration = all.find((one) => one.name === name)?.symbol.valueDeclaration;
  return declaration ? declaration.getText() : null;
}

/** The objects that a class makes. */
function made(type: ts.Type): ts.Type | undefined {
  return type.getConstructSignatures()[0]?.getReturnType();
}

/** The result of a function. */
function returned(type: ts.Type): ts.Type | undefined {
  return type.getCallSignatures()[0]?.getReturnType();
}

/** Whether a type is the interface Callback or one that extends it. */
function isCallback(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (type.symbol?.name === "Callback") return true;
  if (type.isIntersection()) return type.types.some((one) => isCallback(one, checker));
  return type.isClassOrInterface() && checker.getBaseTypes(type).some((base) => isCallback(base, checker));
}

/** A comment without the marks of its links. */
function plain(parts: readonly ts.SymbolDisplayPart[] | undefined): string {
  return ts
    .displayPartsToString(parts as ts.SymbolDisplayPart[])
    .replace(/\{@link ([\w.]+) ?\}/g, "$1")
    .trim();
}
