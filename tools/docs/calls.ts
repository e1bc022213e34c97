/** How functions and classes of the packages are called, as the type checker sees them. */
import ts from "typescript";

/** The parameters of a function, without those that only refuse further arguments. */
export function parametersOf(signature: ts.Signature | undefined): ts.Symbol[] {
  return (signature?.getParameters() ?? []).filter(({ name, valueDeclaration }) => {
    const rest = valueDeclaration && ts.isParameter(valueDeclaration) && valueDeclaration.dotDotDotToken;
    return !rest || (name !== "extra" && name !== "more");
  });
}

/** `new Dense(inputSize, outputSize, options)`: how a value is called; a constant is named. */
export function call(name: string, type: ts.Type, checker: ts.TypeChecker): string {
  const made = type.getConstructSignatures()[0];
  const signature = made ?? type.getCallSignatures()[0];
  if (signature === undefined) return name;
  const parameters = parametersOf(signature).flatMap((parameter) => {
    const tuple = checker.getTypeOfSymbol(parameter) as ts.TypeReference;
    const names = (tuple.target as ts.TupleType | undefined)?.labeledElementDeclarations;
    if (names) return names.map((name) => name?.name.getText() ?? "…");
    const declaration = parameter.valueDeclaration as ts.ParameterDeclaration | undefined;
    const optional = declaration !== undefined && (declaration.questionToken || declaration.initializer);
    const rest = declaration?.dotDotDotToken ? "…" : "";
    const name = parameter.name.startsWith("__") ? "{ … }" : parameter.name;
    return `${rest}${name}${optional ? "?" : ""}`;
  });
  return `${made ? "new " : ""}${name}(${parameters.join(", ")})`;
}

/** The options that a value takes: the properties of its last parameter, if it has an options type. */
export function optionsOf(type: ts.Type, checker: ts.TypeChecker): readonly ts.Symbol[] {
  const signature = type.getConstructSignatures()[0] ?? type.getCallSignatures()[0];
  const last = parametersOf(signature).at(-1);
  if (last === undefined || last.name !== "options" || /Error$/.test(checker.typeToString(type))) return [];
  return checker.getNonNullableType(checker.getTypeOfSymbol(last)).getProperties();
}

/** Whether an option may be left out. */
export function isOptional({ flags }: ts.Symbol): boolean {
  return (flags & ts.SymbolFlags.Optional) !== 0;
}
