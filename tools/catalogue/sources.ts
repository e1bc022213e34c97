/** Reads the declarations of ops from the sources, with TypeScript's parser alone: its type checker takes seconds. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import ts from "typescript";
import { rulesOf } from "../docs/gradient-rules.ts";

const root = new URL("../../", import.meta.url);

/** The declaration of an op as its source has it. */
export interface OpSource {
  /** The comment, without its tags. */
  readonly comment: string;
  /** The texts of its tags `@throws` and `@example`. */
  readonly throws: readonly string[];
  readonly examples: readonly string[];
  /** The names of its tensors, in order; one name for a list of tensors. */
  readonly inputs: readonly string[];
  /** The comment of each param, by name. */
  readonly params: Readonly<Record<string, string>>;
  /** The gradient rules, one for each input; undefined for an op made of other ops. */
  readonly rules: readonly string[] | undefined;
  /** The path from the root of the repository. */
  readonly file: string;
  /** The first and the last line of comment and declaration, counted from 1. */
  readonly first: number;
  readonly last: number;
  /** The lines from `first` to `last`. */
  readonly text: string;
}

type Interfaces = ReadonlyMap<string, ts.InterfaceDeclaration>;

/**
 * The exported declarations of the files of folders, by folder and name: "packages/core/src/ops/selu".
 *
 * @param folders from the root of the repository; all that their params are made of.
 */
export function opSources(folders: readonly string[]): ReadonlyMap<string, OpSource> {
  const files = folders.flatMap((folder) =>
    readdirSync(new URL(folder, root))
      .filter((name) => name.endsWith(".ts"))
      .map((name) => {
        const path = `${folder}/${name}`;
        const text = readFileSync(new URL(path, root), "utf8");
        return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
      }),
  );
  const statements = files.flatMap((file) => [...file.statements]);
  const interfaces = new Map(
    statements.filter(ts.isInterfaceDeclaration).map((declared) => [declared.name.text, declared]),
  );
  return new Map(
    statements
      .filter(ts.isVariableStatement)
      .filter((statement) => statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
      .flatMap((statement) =>
        statement.declarationList.declarations.map((declaration): [string, OpSource] => [
          `${dirname(declaration.getSourceFile().fileName)}/${declaration.name.getText()}`,
          read(statement, declaration, interfaces),
        ]),
      ),
  );
}

function read(
  statement: ts.VariableStatement,
  declaration: ts.VariableDeclaration,
  interfaces: Interfaces,
): OpSource {
  const file = declaration.getSourceFile();
  const start = statement.getStart(file, true); // with the comment
  const line = (position: number): number => file.getLineAndCharacterOfPosition(position).line + 1;
  const tagged = (name: string): string[] =>
    ts
      .getJSDocTags(declaration)
      .filter((tag) => tag.tagName.text === name)
      .map((tag) => plain(ts.getTextOfJSDocComment(tag.comment)));
  const { inputs, params } = argumentsOf(declaration, interfaces);
  return {
    comment: commentOf(statement),
    throws: tagged("throws"),
    examples: tagged("example"),
    inputs,
    params: { ...Object.fromEntries(tagged("param").flatMap(namedIn)), ...params },
    rules: rulesOf(declaration),
    file: file.fileName,
    first: line(start),
    last: line(statement.end),
    text: file.text.slice(start, statement.end),
  };
}

/** The params that the tag `@param params` of an op tells of, whose interface is no part of its folder: names, ":", what they do. */
function namedIn(text: string): [string, string][] {
  const [names, says] = text.split(/: (.*)/s);
  if (says === undefined) return [];
  const sentence = says.charAt(0).toUpperCase() + says.slice(1);
  return [...names.matchAll(/`(\w+)`/g)].map(([, name]) => [name, sentence]);
}

/** The tensors and the params of `Op<[x: Tensor], Params>` and `ListOp<Params>`. */
function argumentsOf(
  { type }: ts.VariableDeclaration,
  interfaces: Interfaces,
): Pick<OpSource, "inputs" | "params"> {
  const [first, second] = type && ts.isTypeReferenceNode(type) ? (type.typeArguments ?? []) : [];
  const list = first === undefined || !ts.isTupleTypeNode(first);
  const inputs = list
    ? ["inputs"]
    : first.elements.map((element) => (ts.isNamedTupleMember(element) ? element.name.text : "x"));
  return { inputs, params: Object.fromEntries(paramsOf(list ? first : second, interfaces)) };
}

/** The comments of an interface of params and of those that it extends. */
function paramsOf(type: ts.Node | undefined, interfaces: Interfaces): [string, string][] {
  const name =
    type && ts.isTypeReferenceNode(type) ? type.typeName : (type as { expression?: ts.Node })?.expression;
  const declared = interfaces.get(name?.getText() ?? "");
  if (declared === undefined) return [];
  const above = (declared.heritageClauses ?? []).flatMap(({ types }) => [...types]);
  return [
    ...above.flatMap((base) => paramsOf(base, interfaces)),
    ...declared.members.map((member): [string, string] => [member.name?.getText() ?? "", commentOf(member)]),
  ];
}

/** The comment of a node without its tags. */
function commentOf(node: ts.Node): string {
  return ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map(({ comment }) => plain(ts.getTextOfJSDocComment(comment)))
    .join("\n");
}

/** A comment without the marks of its links. */
function plain(comment: string | undefined): string {
  return (comment ?? "").replace(/\{@link ([\w.]+) ?\}/g, "$1").trim();
}
