import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** The text that an editor shows at a position, and the targets of "go to definition". */
export interface View {
  /** Such as `(property) relu: () => Tensor`. */
  readonly signature: string;
  /** The comment, with its tags. */
  readonly documentation: string;
  /** File and name of each definition: in the source, where a declaration file has a map to it. */
  readonly definitions: readonly { readonly file: string; readonly name: string }[];
}

/** A program as an editor sees it. */
export interface EditorView {
  /** Messages of the compiler. */
  readonly problems: readonly string[];
  /** The text that is shown at a position. */
  at(position: number): View;
}

/**
 * Opens a program in TypeScript's language service, which editors ask.
 *
 * @param folder where the program is thought to lie: packages are looked up from there.
 * @param conditions export conditions besides "import" and "types".
 */
export function editorView(folder: string, text: string, conditions: readonly string[] = []): EditorView {
  const program = join(folder, "editor-program.ts");
  const host: ts.LanguageServiceHost = {
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => ({
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      strict: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      types: [],
      customConditions: [...conditions],
    }),
    getScriptFileNames: () => [program],
    getScriptVersion: () => "1",
    getScriptSnapshot: (path) => {
      const content = path === program ? text : ts.sys.readFile(path);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => folder,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (path) => path === program || ts.sys.fileExists(path),
  };
  const service = ts.createLanguageService(host);
  const diagnostics = [
    ...service.getSyntacticDiagnostics(program),
    ...service.getSemanticDiagnostics(program),
  ];
  return {
    problems: diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
    at(position) {
      const shown = service.getQuickInfoAtPosition(program, position);
      const tags =
        shown?.tags?.map(({ name, text: body }) => `@${name} ${ts.displayPartsToString(body)}`) ?? [];
      return {
        signature: ts.displayPartsToString(shown?.displayParts),
        documentation: [ts.displayPartsToString(shown?.documentation), ...tags].join("\n").trim(),
        definitions: (service.getDefinitionAtPosition(program, position) ?? []).map(({ fileName, name }) => ({
          file: sourceOf(fileName),
          name,
        })),
      };
    },
  };
}

/** The source that the map of a declaration file names, as editors follow it; the file itself if there is none. */
function sourceOf(file: string): string {
  if (!existsSync(`${file}.map`)) return file;
  const { sources } = JSON.parse(readFileSync(`${file}.map`, "utf8")) as { sources: readonly string[] };
  const source = join(dirname(file), sources[0]);
  return existsSync(source) ? source : file;
}

/**
 * The faults of the methods of Tensor in an editor. Each method must have the params and the result of its op, show the
 * op's comment, and "go to definition" must lead to the declaration in `src/ops`.
 *
 * @param names of the ops that are methods.
 * @param conditions as for {@link editorView}.
 */
export function methodComplaints(
  folder: string,
  names: readonly string[],
  conditions?: readonly string[],
): string[] {
  const text = `import { ops, type Tensor, tensor } from "@gradus/core";
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Rest<A> = A extends [unknown, ...infer R] ? R : never;
const x = tensor([1, 2]);
${names
  .map(
    (name) => `ops.${name};
x.${name};
true satisfies Same<Parameters<Tensor["${name}"]>, Rest<Parameters<typeof ops.${name}>>>;
true satisfies Same<ReturnType<Tensor["${name}"]>, ReturnType<typeof ops.${name}>>;`,
  )
  .join("\n")}`;
  const view = editorView(folder, text, conditions);
  const seen = (use: string, name: string): View =>
    view.at(text.indexOf(`\n${use};`) + 1 + use.length - name.length);
  return [
    ...view.problems,
    ...names.flatMap((name) => {
      const [op, method] = [seen(`ops.${name}`, name), seen(`x.${name}`, name)];
      const [file] = method.definitions.map((definition) => definition.file);
      return [
        method.documentation === "" && "shows no comment",
        method.documentation !== op.documentation && "shows another comment than its op",
        !/src[/\\]ops[/\\][\w-]+\.ts$/.test(file) && `leads to ${file}`,
        JSON.stringify(method.definitions) !== JSON.stringify(op.definitions) &&
          "leads elsewhere than its op",
      ]
        .filter((complaint) => complaint !== false)
        .map((complaint) => `${name}: ${complaint}`);
    }),
  ];
}
