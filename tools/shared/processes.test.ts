import { expect, test } from "vitest";
import { start, within } from "./processes.ts";

test("a program that does not end is ended", async () => {
  const running = start([process.execPath, "-e", "setInterval(() => {}, 1000)"], { cwd: "." });
  await expect(within(0.1, running.output)).rejects.toThrow("no answer after 0.1 s");
  await running.end();
  await expect(running.output).rejects.toThrow("ended with SIGTERM");
});

test("the error of a program that fails has its message", async () => {
  const running = start([process.execPath, "-e", 'console.error("no such thing"); process.exit(3)'], {
    cwd: ".",
  });
  await expect(running.output).rejects.toThrow("ended with 3: no such thing");
  await running.end();
  await expect(start(["/no/such/program"], { cwd: "." }).output).rejects.toThrow("ENOENT");
});
