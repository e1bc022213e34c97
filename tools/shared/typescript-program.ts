import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The parsed files of earlier programs, by path. Parsing them all, TypeScript's own included, takes a second. */
const parsed = new Map<string, ts.SourceFile>();

/** The options of the repository's tsconfig.json. */
function repositoryOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile);
  return ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root).options;
}

/**
 * A TypeScript program of these files with the options of the repository's tsconfig.json. A file is parsed once for all
 * programs of a process, and again after its text has changed.
 *
 * @param texts files that are not on the disk, by their absolute paths.
 */
export function typescriptProgram(
  paths: readonly string[],
  { more = {}, texts = {} }: { more?: ts.CompilerOptions; texts?: Readonly<Record<string, string>> } = {},
): ts.Program {
  const options = { ...repositoryOptions(), ...more };
  const host = ts.createCompilerHost(options);
  host.getSourceFile = (path, language) => {
    const text = texts[path] ?? ts.sys.readFile(path);
    if (text === undefined) return undefined;
    const known = parsed.get(path);
    if (known?.text === text) return known;
    const file = ts.createSourceFile(path, text, language);
    parsed.set(path, file);
    return file;
  };
  return ts.createProgram(paths, options, host);
}
