import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { fateOf, type ProcessId, thisProcess } from "../../../src/checkpoint/folder/process.ts";

const me = thisProcess();

/** The id of a process that has ended. */
async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "close");
  return child.pid as number;
}

test("this process is running", () => {
  expect(me).toMatchObject({ pid: process.pid });
  expect(me.host).not.toBe("");
  expect(fateOf(me)).toBe(existsSync("/proc/self/stat") ? "running" : "unknown");
});

test("R4: a process that was killed has ended", async () => {
  expect(fateOf({ ...me, pid: await endedPid() })).toBe("ended");
});

test.runIf(existsSync("/proc/self/stat"))(
  "R4: a process that is dead and not yet waited for has ended",
  async () => {
    // The shell becomes a program that never asks for its child.
    const parent = spawn("sh", ["-c", "true & echo $!; exec sleep 30"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [text] = await once(parent.stdout, "data");
    await expect.poll(() => fateOf({ ...me, pid: Number(text), start: "" })).toBe("ended");
    parent.kill();
  },
);

test.each<[string, Partial<ProcessId>, Partial<ProcessId>, string]>([
  ["of this number that began at another time has ended", { start: "1" }, {}, "ended"],
  ["of another start of the machine has ended", { boot: "b" }, { boot: "a" }, "ended"],
  ["of another machine cannot be seen", { host: "elsewhere" }, {}, "unknown"],
  [
    "of another container on this machine cannot be seen",
    { space: "pid:[1]" },
    { space: "pid:[2]" },
    "unknown",
  ],
  ["of an unknown start of the machine cannot be judged", { boot: "" }, { boot: "a" }, "unknown"],
  ["without its start cannot be judged", { start: "" }, {}, "unknown"],
])("R4: a process %s", (_, other, mine, fate) => {
  const base = { ...me, start: me.start || "7" };
  expect(fateOf({ ...base, ...other }, { ...base, ...mine })).toBe(
    me.start === "" && other.start === "1" ? "unknown" : fate,
  );
});
