import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import files from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { bundled } from "../../../../../tools/shared/bundled.ts";
import { LOCK, lockFolder } from "../../../src/checkpoint/folder/lock.ts";
import { thisProcess } from "../../../src/checkpoint/folder/process.ts";
import { StorageError } from "../../../src/index.ts";
import { train } from "../training.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gradus-lock-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true, force: true });
});

const path = (): string => join(dir, LOCK);

/** Leaves a lock behind, renewed so many seconds ago. */
function leave(holder: object, seconds = 0): void {
  const content = {
    lock: "gradus",
    ...thisProcess(),
    id: "other",
    since: "2026-01-01T00:00:00.000Z",
    ...holder,
  };
  writeFileSync(path(), JSON.stringify(content));
  const time = Date.now() / 1000 - seconds;
  utimesSync(path(), time, time);
}

/** The start of a process, as the lock has it. */
function startOf(pid: number): string {
  const text = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "latin1") : "";
  return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

/** Runs a training in another process. */
function elsewhere(options: object) {
  const script = fileURLToPath(new URL("../training.ts", import.meta.url));
  const args = [bundled(script), JSON.stringify([options])];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const output = { text: "" };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output.text += text));
  return { child, output, closed: once(child, "close") };
}

describe("a folder has one training at a time", () => {
  test("R4: the second of one process is refused, and the folder is free after the first", async () => {
    const lock = await lockFolder(dir);
    const second = lockFolder(dir);
    await expect(second).rejects.toThrow(StorageError);
    await expect(second).rejects.toThrow(
      `another training saves to ${dir} (process ${process.pid} on ${JSON.stringify(thisProcess().host)}, since 2`,
    );
    await lock.check();
    expect(readdirSync(dir)).toEqual([LOCK]);
    await lock.release();
    expect(readdirSync(dir)).toEqual([]);
    await (await lockFolder(dir)).release();
  });

  test("R4: a second process is refused before it trains, and changes nothing", async () => {
    const lock = await lockFolder(dir);
    const { output, closed } = elsewhere({ optimizer: "Adam torch", dir, seed: "other" });
    const [code] = await closed;
    expect(code).not.toBe(0);
    expect(output.text).toContain("StorageError: checkpoint: another training saves to");
    expect(readdirSync(dir)).toEqual([LOCK]);
    await lock.release();
  });

  test("R4: after kill -9 training goes on at once, with the same weights", async () => {
    const whole = await train({ optimizer: "Adam torch" });
    const { child, closed } = elsewhere({ optimizer: "Adam torch", dir, every: { steps: 1 }, waitAt: 5 });
    await expect
      .poll(() => existsSync(join(dir, "step-0000000004.safetensors")), { timeout: 60_000 })
      .toBe(true);
    await expect(train({ optimizer: "Adam torch", dir, resume: true })).rejects.toThrow(StorageError);
    child.kill("SIGKILL");
    await closed;
    expect(existsSync(path())).toBe(true);
    expect((await train({ optimizer: "Adam torch", dir, resume: true })).digest).toBe(whole.digest);
    expect(readdirSync(dir).some((name) => name.includes("lock") || name.includes(".tmp-"))).toBe(false);
  });

  test("R4: of 50 that find a lock left behind at the same time one gets it", async () => {
    for (let round = 0; round < 10; round++) {
      leave({ pid: 99_999_999 });
      const tried = await Promise.allSettled(Array.from({ length: 50 }, () => lockFolder(dir)));
      const won = tried.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
      for (const result of tried)
        if (result.status === "rejected") expect(result.reason).toBeInstanceOf(StorageError);
      expect(won).toHaveLength(1);
      await won[0].check();
      for (const lock of won) await lock.release();
      expect(readdirSync(dir)).toEqual([]);
    }
  });
});

test("R4: whoever was killed while it took a lock over is followed by the next one", async () => {
  const ended = { lock: "gradus", ...thisProcess(), pid: 99_999_999, since: "" };
  for (const [name, id] of [
    ["", "x"],
    [".after-x", "y"],
    [".after-y", "z"],
  ]) {
    writeFileSync(path() + name, JSON.stringify({ ...ended, id }));
  }
  const tried = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(dir)));
  const won = tried.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  expect(won).toHaveLength(1);
  await won[0].check();
  expect(readdirSync(dir)).toEqual([LOCK]);
  await won[0].release();
  writeFileSync(path(), JSON.stringify({ ...ended, id: "x" }));
  writeFileSync(`${path()}.after-x`, JSON.stringify({ ...ended, pid: process.pid, id: "y" }));
  await expect(lockFolder(dir)).rejects.toThrow("another training saves to"); // it is about to take over
});

describe("a lock that was left behind", () => {
  test.each<[string, object, number]>([
    ["by a process that has ended", { pid: 99_999_999 }, 0],
    ["by an earlier process of the same number", { start: "1" }, 0],
    ["before the machine was restarted", { boot: "other" }, 0],
    ["by another machine a minute ago", { host: "elsewhere", pid: 1 }, 61],
    ["by an earlier container, where the process is always 1", { space: "pid:[1]", pid: 1 }, 61],
    ["with a time in a distant past", { host: "elsewhere" }, 1e9],
    ["by another worker of this process, a minute ago", {}, 61],
    [
      "by a process that runs and was stopped ten minutes ago",
      { pid: process.ppid, start: startOf(process.ppid) },
      601,
    ],
  ])("R4: %s is taken over", async (_, holder, seconds) => {
    leave(holder, seconds);
    const lock = await lockFolder(dir);
    expect(JSON.parse(readFileSync(path(), "utf8"))).toMatchObject({ pid: process.pid });
    await lock.release();
    expect(readdirSync(dir)).toEqual([]);
  });

  test.each<[string, object, number]>([
    ["by another worker of this process", {}, 50],
    ["by a process that runs", { pid: process.ppid, start: startOf(process.ppid) }, 50],
  ])("R4: %s is not yet left behind", async (_, holder, seconds) => {
    leave(holder, seconds);
    await expect(lockFolder(dir)).rejects.toThrow("another training saves to");
  });

  test("R4: one that this thread has is never taken over, even if it could not be renewed", async () => {
    const lock = await lockFolder(dir);
    utimesSync(path(), 1, 1);
    await expect(lockFolder(dir)).rejects.toThrow("Wait for its end");
    await lock.check();
    await lock.release();
  });

  test("R4: by a power failure, empty, is taken over after a minute", async () => {
    for (const content of ["", "\0".repeat(300)]) {
      writeFileSync(path(), content);
      await expect(lockFolder(dir)).rejects.toThrow(StorageError);
      utimesSync(path(), Date.now() / 1000 - 61, Date.now() / 1000 - 61);
      await (await lockFolder(dir)).release();
    }
  });

  test("R4: by a machine that cannot be seen is waited for, and the message says how long", async () => {
    leave({ host: "elsewhere", pid: 7 }, 20);
    const refused = lockFolder(dir);
    await expect(refused).rejects.toThrow(StorageError);
    await expect(refused).rejects.toThrow(
      /\(process 7 on "elsewhere", since 2026-01-01T.*\)\. It cannot be seen from here whether it still runs: if not, try again in (39|40|41) s, or delete gradus\.lock/,
    );
  });

  test("R4: a file of that name that is not ours is neither used nor deleted", async () => {
    for (const content of ["mine", "{}", '{"lock":"gradus"}', '{"lock":"gradus","pid":"1"}', "[1]", "null"]) {
      writeFileSync(path(), content);
      utimesSync(path(), 1, 1);
      await expect(lockFolder(dir)).rejects.toThrow("gradus.lock is not a lock of gradus");
      expect(readFileSync(path(), "utf8")).toBe(content);
    }
  });
});

describe("a lock", () => {
  test("R4: that was deleted is taken again, and one that another training took is lost", async () => {
    const lock = await lockFolder(dir);
    rmSync(path());
    await lock.check();
    expect(existsSync(path())).toBe(true);
    leave({});
    await expect(lock.check()).rejects.toThrow(StorageError);
    await lock.release();
    expect(JSON.parse(readFileSync(path(), "utf8")).id).toBe("other"); // it is the other's to remove
  });

  test("R4: is renewed, so that other machines see that it is held", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const lock = await lockFolder(dir);
      utimesSync(path(), 1, 1);
      vi.advanceTimersByTime(10_000);
      await expect.poll(async () => (await files.stat(path())).mtimeMs > Date.now() - 5000).toBe(true);
      await lock.release();
    } finally {
      vi.useRealTimers();
    }
  });

  test("R4: needs no hard links", async () => {
    vi.spyOn(files, "link").mockRejectedValue(Object.assign(new Error("none"), { code: "EPERM" }));
    const lock = await lockFolder(dir);
    await expect(lockFolder(dir)).rejects.toThrow(StorageError);
    await lock.check();
    await lock.release();
    expect(readdirSync(dir)).toEqual([]);
  });
});
