import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import files from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArgumentError } from "@gradus/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { thisProcess } from "../../src/checkpoint/folder/process.ts";
import { temporarySuffix } from "../../src/checkpoint/folder/temporary.ts";
import { folderStore, writeFileAtomically } from "../../src/checkpoint/folder.ts";
import { StorageError } from "../../src/index.ts";
import { train } from "./training.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gradus-folder-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  rmSync(dir, { recursive: true, force: true });
});

const bytes = Uint8Array.of(1, 2, 3);
const failing = (code: string): Error => Object.assign(new Error(`${code}: it failed`), { code });

/** Lets one method of every opened file fail. */
function failAt(method: "writeFile" | "sync", code: string): void {
  const open = files.open.bind(files);
  vi.spyOn(files, "open").mockImplementation(async (...args) => {
    const handle = await open(...args);
    vi.spyOn(handle, method).mockRejectedValue(failing(code));
    return handle;
  });
}

describe("a file is written as a whole or not at all", () => {
  test("the folder contains the file and no temporary one", async () => {
    await writeFileAtomically(join(dir, "a"), bytes);
    await writeFileAtomically(join(dir, "a"), Uint8Array.of(4));
    expect([...readFileSync(join(dir, "a"))]).toEqual([4]);
    expect(readdirSync(dir)).toEqual(["a"]);
  });

  test("the file is forced to the disk before it is renamed, and the folder after", async () => {
    const order: string[] = [];
    const open = files.open.bind(files);
    vi.spyOn(files, "open").mockImplementation(async (path, ...rest) => {
      const handle = await open(path, ...rest);
      const what = path === dir ? "folder" : "file";
      const sync = handle.sync.bind(handle);
      vi.spyOn(handle, "sync").mockImplementation(() => {
        order.push(`sync ${what}`);
        return sync();
      });
      return handle;
    });
    const rename = files.rename.bind(files);
    vi.spyOn(files, "rename").mockImplementation((...args) => {
      order.push("rename");
      return rename(...args);
    });
    await writeFileAtomically(join(dir, "a"), bytes);
    expect(order).toEqual(["sync file", "rename", "sync folder"]);
  });

  test.each<[string, () => void, RegExp]>([
    ["a full disk", () => failAt("writeFile", "ENOSPC"), /the disk is full \(ENOSPC\)/],
    ["a disk that fails when it is forced", () => failAt("sync", "EIO"), /the disk reports an error \(EIO\)/],
    [
      "a name that may not be taken",
      () => vi.spyOn(files, "rename").mockRejectedValue(failing("EACCES")),
      /permission is denied \(EACCES\)/,
    ],
    [
      "a disk for reading alone",
      () => vi.spyOn(files, "open").mockRejectedValue(failing("EROFS")),
      /can only be read/,
    ],
    [
      "something else",
      () => vi.spyOn(files, "open").mockRejectedValue(failing("EWEIRD")),
      /EWEIRD: it failed \(EWEIRD\)/,
    ],
  ])("%s is an error, leaves the old file, and no other", async (_, breakIt, reason) => {
    const path = join(dir, "a");
    writeFileSync(path, "old");
    breakIt();
    const written = writeFileAtomically(path, bytes);
    await expect(written).rejects.toThrow(StorageError);
    await expect(written).rejects.toThrow(`cannot write ${path}`);
    await expect(written).rejects.toThrow(reason);
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(dir)).toEqual(["a"]);
  });
});

describe("a folder of checkpoints", () => {
  test("is created when training begins", async () => {
    const store = folderStore(join(dir, "runs", "a"));
    await store.open();
    await store.write("step-1", bytes);
    expect(await store.names()).toEqual(["step-1"]);
    expect([...(await store.read("step-1"))]).toEqual([1, 2, 3]);
    await store.remove("step-1");
    expect(await store.names()).toEqual([]);
  });

  test("R6: is cleared of the incomplete files of killed processes, and of nothing else", async () => {
    const dead = { ...thisProcess(), pid: 99_999_999 };
    const remains = [
      `step-0000000001.safetensors${temporarySuffix(dead)}`,
      `gradus.lock${temporarySuffix(dead)}`,
    ];
    const others = [
      "mine.tmp",
      "model.safetensors.tmp-999999-abc",
      `model.safetensors${temporarySuffix(dead)}`,
      `step-0000000001.safetensors${temporarySuffix()}`,
    ];
    for (const name of [...remains, ...others]) writeFileSync(join(dir, name), "");
    const store = folderStore(dir);
    await store.open();
    await store.close?.();
    expect(readdirSync(dir).sort()).toEqual(others.sort());
  });

  test("R15: when it is created, the names of it and of its parents are forced to the disk", async () => {
    const open = files.open.bind(files);
    const synced: string[] = [];
    vi.spyOn(files, "open").mockImplementation(async (path, ...rest) => {
      const handle = await open(path, ...rest);
      const sync = handle.sync.bind(handle);
      vi.spyOn(handle, "sync").mockImplementation(() => {
        synced.push(String(path));
        return sync();
      });
      return handle;
    });
    const store = folderStore(join(dir, "runs", "a"));
    await store.open();
    await store.close?.();
    expect(synced).toEqual([join(dir, "runs"), dir]);
  });

  test("is not created again if it is removed during training: that is an error", async () => {
    const place = join(dir, "gone");
    const store = folderStore(place);
    await store.open();
    rmSync(place, { recursive: true });
    for (const use of [() => store.write("a", bytes), () => store.names(), () => store.read("a")]) {
      const used = use();
      await expect(used).rejects.toThrow(StorageError);
      await expect(used).rejects.toThrow(/no such folder or file; was it removed\? \(ENOENT\)/);
    }
    expect(existsSync(place)).toBe(false);
  });

  test("cannot have the path of a file", async () => {
    writeFileSync(join(dir, "file"), "");
    await expect(folderStore(join(dir, "file")).open()).rejects.toThrow(/cannot use the folder/);
    await expect(folderStore(join(dir, "file", "in")).open()).rejects.toThrow(/a part of the path is a file/);
  });

  test("a folder that exists but takes no entry is an error, where Node's recursive mkdir never ends", async () => {
    const mkdir = files.mkdir.bind(files);
    const refusing = vi.spyOn(files, "mkdir").mockImplementation(async (path, ...rest) => {
      if (!existsSync(join(String(path), "..")) || existsSync(String(path))) return mkdir(path, ...rest);
      throw failing("ENOENT"); // as in /proc
    });
    for (const place of [join(dir, "a"), join(dir, "a", "b", "c")]) {
      const opened = folderStore(place).open();
      await expect(opened).rejects.toThrow(StorageError);
      await expect(opened).rejects.toThrow(/cannot use the folder .*ENOENT/);
    }
    expect(refusing.mock.calls.length).toBeLessThan(10);
    expect(refusing.mock.calls.some(([, options]) => options !== undefined)).toBe(false);
  });

  test("a relative path in a working folder that was removed is an error", () => {
    vi.spyOn(process, "cwd").mockImplementation(() => {
      throw failing("ENOENT");
    });
    expect(() => folderStore("runs")).toThrow(StorageError);
    expect(() => folderStore("runs")).toThrow(/cannot find runs from the working folder: .*removed/);
  });

  test("a link to nothing is an error", async () => {
    symlinkSync(join(dir, "nothing"), join(dir, "link"));
    for (const place of [join(dir, "link"), join(dir, "link", "in")]) {
      await expect(folderStore(place).open()).rejects.toThrow(/there is a file of that name \(EEXIST\)/);
    }
  });

  test("is refused in a browser", () => {
    vi.stubGlobal("process", undefined);
    expect(() => folderStore("runs")).toThrow(ArgumentError);
    expect(() => folderStore("runs")).toThrow(/pass a store instead of dir, such as indexedDbStore/);
  });

  test("must be a path that is not empty", () => {
    expect(() => folderStore("")).toThrow(ArgumentError);
  });
});

describe("a training whose checkpoint cannot be written", () => {
  test("ends with that error, and can be resumed from the last good checkpoint", async () => {
    const whole = await train({ optimizer: "Adam torch" });
    const place = join(dir, "run");
    mkdirSync(place);
    await train({ optimizer: "Adam torch", dir: place, until: 5 });
    const good = readdirSync(place);
    failAt("writeFile", "ENOSPC");
    const failed = train({ optimizer: "Adam torch", dir: place, every: { steps: 4 }, resume: true });
    await expect(failed).rejects.toThrow(StorageError);
    vi.restoreAllMocks();
    expect(readdirSync(place)).toEqual(good);
    expect((await train({ optimizer: "Adam torch", dir: place, resume: true })).digest).toBe(whole.digest);
  });

  test("throws the error of saving, not the reason of the abort, if it is aborted", async () => {
    failAt("writeFile", "ENOSPC");
    await expect(train({ optimizer: "Adam torch", dir, until: 5 })).rejects.toThrow(StorageError);
    expect(readdirSync(dir)).toEqual([]);
  });
});
