/**
 * Checks the documentation: links resolve, commands exist, every snippet compiles and prints the text of its
 * comments.
 *
 * The ts blocks of one `##` section make one program, in their order. `console.log(x); // text` must print that text,
 * and `statement; // ShapeError: message` must throw that error. In a table with a column headed "gradus", every piece of
 * code in that column is an expression that must compile and run after the blocks of its section.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { format } from "node:util";
import "@gradus/engine"; // snippets turn it on
import ts from "typescript";
import { describe, expect, test, vi } from "vitest";
import { typescriptProgram } from "../shared/typescript-program.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const markdown = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));
const packages = readdirSync(join(root, "packages")).map((name) => join("packages", name));
const documents = [".", "docs", ...packages].flatMap(markdown);
const fence = /^( *)```(\w*)\n([\s\S]*?)^ *```$/gm;

/** The anchors of a document, made as GitHub makes them. */
function anchorsOf(text: string): string[] {
  const used = new Map<string, number>();
  return [...text.replace(fence, "").matchAll(/^#{1,6} (.*)$/gm)].map(([, title]) => {
    const slug = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- _]/gu, "")
      .replaceAll(" ", "-");
    const count = used.get(slug) ?? 0;
    used.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

function brokenLinks(path: string): string[] {
  const prose = read(path)
    .replace(fence, "")
    .replace(/`[^`\n]*`/g, "code");
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)|<img[^>]* src="([^"]+)"/g)].map(
    ([, link, image]) => link ?? image,
  );
  return targets.filter((target) => {
    if (/^(https?|mailto):/.test(target)) return false;
    const [file, anchor] = target.split("#");
    const other = file === "" ? path : join(dirname(path), file);
    if (!existsSync(join(root, other))) return true;
    return anchor !== undefined && !anchorsOf(read(other)).includes(anchor);
  });
}

describe.each(documents)("%s", (path) => {
  test("has no broken links", () => {
    expect(brokenLinks(path)).toEqual([]);
  });

  test("names only commands that exist", () => {
    const { scripts } = JSON.parse(read("package.json"));
    const code = [...read(path).matchAll(/```(?:sh|text)?\n[\s\S]*?```|`[^`\n]+`/g)]
      .map(([text]) => text)
      .join("\n");
    const commands = [...code.matchAll(/\bpnpm(?:@\d+)? ([a-z][\w:-]*)(?: ([\w-]+))?/g)];
    const unknown = commands.filter(([, command, program]) =>
      command === "exec"
        ? !existsSync(join(root, "node_modules/.bin", program ?? ""))
        : command !== "install" && !(command in scripts),
    );
    expect(unknown.map(([text]) => text)).toEqual([]);
  });

  test("contains no path of a particular machine", () => {
    expect(
      read(path).match(/(?<![\w.:/])\/(home|root|Users|work|tmp|var|usr|opt|mnt)\b|\b[A-Z]:\\|localhost/g),
    ).toBeNull();
  });
});

interface Program {
  readonly name: string;
  readonly file: string;
  readonly source: string;
}

/** The gradus packages as snippets import them, and the files behind them. */
const sources = new Map(
  readdirSync(join(root, "packages")).flatMap((name) => {
    const manifest = JSON.parse(read(`packages/${name}/package.json`));
    return Object.entries(manifest.exports as Record<string, string | Record<string, string>>).flatMap(
      ([subpath, target]) =>
        typeof target === "string"
          ? []
          : [[join(manifest.name, subpath), join(root, "packages", name, target["@gradus/source"])]],
    ) as [string, string][];
  }),
);

/** The pieces of code in the columns headed "gradus" of all tables of a text. */
function codeInTables(text: string): string[] {
  const cells = (line: string): string[] => line.split("|").map((cell) => cell.trim());
  let column = -1;
  return text.split("\n").flatMap((line) => {
    if (!line.startsWith("|")) column = -1;
    else if (column < 0) column = cells(line).indexOf("gradus");
    else return [...(cells(line)[column] ?? "").matchAll(/`([^`]+)`/g)].map(([, code]) => code);
    return [];
  });
}

/** One program for each `##` section that has ts blocks, written to out/docs, which git ignores. */
function programsOf(path: string): Program[] {
  return read(path)
    .split(/^(?=## )/m)
    .flatMap((section) => {
      const blocks = [...section.matchAll(fence)]
        .filter(([, , language]) => language === "ts")
        .map(([, , , text]) => text);
      if (blocks.length === 0) return [];
      const [heading = ""] = anchorsOf(section);
      const file = join(root, "out/docs", `${path.replace(/\W/g, "-")}-${heading}.ts`);
      const source = [...blocks, ...codeInTables(section).map((code) => `void (${code});`)]
        .join("\n")
        .replace(/from "((?:@gradus\/|gradus\b)[^"]*)"/g, (_, name) => {
          const target = sources.get(name);
          if (target === undefined) throw new Error(`${path}: there is no ${name}`);
          return `from "${relative(dirname(file), target)}"`;
        })
        .concat("\nexport {};\n");
      return [{ name: `${path}: ${heading || "top"}`, file, source }];
    });
}

/** Writes only changed files, so that a watching test runner does not run for ever. */
function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
}

/** The program with its comments turned into checks. */
function checked(source: string): string {
  return source
    .replace(
      /^( *)console\.log\((.*)\); \/\/ (.*)$/gm,
      (_, indent, values, text) => `${indent}__prints(${JSON.stringify(text)}, ${values});`,
    )
    .replace(
      /^( *)(.*;) \/\/ (\w+Error: .*)$/gm,
      (_, indent, code, text) => `${indent}__throws(${JSON.stringify(text)}, () => { ${code} });`,
    )
    .concat(
      "declare const __prints: (...args: unknown[]) => void, __throws: (text: string, run: () => unknown) => void;\n",
    );
}

/** Generated pages show code as it stands in the source: pieces of it, no programs. */
const programs = documents.filter((path) => !read(path).startsWith("<!-- Generated")).flatMap(programsOf);

test("every snippet compiles", () => {
  for (const { file, source } of programs) write(file, source);
  const snippets = typescriptProgram(
    programs.map(({ file }) => file),
    { more: { noUnusedLocals: false, noUnusedParameters: false } },
  );
  // Of the snippets alone: the packages are checked by `pnpm check`.
  const complaints = programs
    .flatMap(({ file }) => ts.getPreEmitDiagnostics(snippets, snippets.getSourceFile(file)))
    .map(({ file, start = 0, messageText }) => {
      const line =
        file === undefined
          ? ""
          : `${relative(root, file.fileName)}:${file.getLineAndCharacterOfPosition(start).line + 1}: `;
      return line + ts.flattenDiagnosticMessageText(messageText, "\n");
    });
  expect(complaints).toEqual([]);
}, 120_000);

test.each(programs)(
  "$name runs and prints what it says",
  async ({ file, source }) => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    vi.stubGlobal("__prints", (text: string, ...values: unknown[]) => expect(format(...values)).toBe(text));
    vi.stubGlobal("__throws", (text: string, run: () => unknown) => {
      let thrown: unknown;
      try {
        run();
      } catch (error) {
        thrown = error;
      }
      expect(String(thrown)).toBe(text);
    });
    const runnable = file.replace(/\.ts$/, ".run.ts");
    // Ignore the files of earlier runs in `out`.
    const out = mkdtempSync(join(tmpdir(), "gradus-docs-"));
    write(runnable, checked(source).replaceAll('"out/', `${JSON.stringify(out).slice(0, -1)}/`));
    try {
      await import(/* @vite-ignore */ pathToFileURL(runnable).href);
    } finally {
      log.mockRestore();
      vi.unstubAllGlobals();
      rmSync(out, { recursive: true });
    }
  },
  120_000,
);
