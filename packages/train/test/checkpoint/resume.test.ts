import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ArgumentError, FormatError, GradusError } from "@gradus/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { bundled } from "../../../../tools/shared/bundled.ts";
import { expectToGoOn } from "./broken-off.ts";
import { optimizerNames, STEPS, type TrainingOptions, train } from "./training.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gradus-resume-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("a resumed training gives the bits of an uninterrupted one", () => {
  test.each(optimizerNames)("%s, in the middle of an epoch and at its end, eager and compiled", (optimizer) =>
    expectToGoOn(dir, optimizer, [5, 8]),
  );

  test("interrupted many times, at every step", async () => {
    const whole = await train({ optimizer: "Adam torch" });
    for (let until = 1; until < STEPS; until++) {
      expect((await train({ optimizer: "Adam torch", dir, until, resume: true })).digest).toBeNull();
    }
    expect((await train({ optimizer: "Adam torch", dir, resume: true })).digest).toBe(whole.digest);
  });

  test("from a checkpoint that was saved during training, by steps or epochs", async () => {
    const whole = await train({ optimizer: "Adam torch" });
    for (const every of [{ steps: 3 }, { epochs: 2 }, { steps: 5, epochs: 1 }]) {
      const place = join(dir, JSON.stringify(every).replace(/\W/g, ""));
      await train({ optimizer: "Adam torch", dir: place, every, until: 19 });
      // As if the process had been killed: without the checkpoint of the abort.
      rmSync(join(place, "step-0000000019.safetensors"));
      const rest = await train({ optimizer: "Adam torch", dir: place, every, resume: true });
      expect(rest.digest, JSON.stringify(every)).toBe(whole.digest);
    }
  });

  test("in another process with other kernels, or another number of threads", async () => {
    const whole = await train({ optimizer: "Adam torch" });
    await train({ optimizer: "Adam torch", dir: join(dir, "first"), until: 13 });
    const ways = [{ reference: true }, { workers: 2 }, { workers: 3 }, { compile: false }].map((way) => {
      const place = join(dir, JSON.stringify(way).replace(/\W/g, ""));
      cpSync(join(dir, "first"), place, { recursive: true });
      return { optimizer: "Adam torch", dir: place, resume: true, ...way };
    });
    expect(inAnotherProcess(ways)).toEqual(ways.map(() => whole.digest));
  });

  test("resuming a finished training trains no more and gives the same net", async () => {
    const whole = await train({ optimizer: "RMSprop keras", dir });
    const before = readdirSync(dir);
    const again = await train({ optimizer: "RMSprop keras", dir, resume: true });
    expect(again.digest).toBe(whole.digest);
    expect(again.history?.epochs).toEqual(whole.history?.epochs);
    expect(readdirSync(dir)).toEqual(before);
  });

  test("resume without a checkpoint starts from the beginning", async () => {
    const whole = await train({ optimizer: "SGD torch" });
    expect((await train({ optimizer: "SGD torch", dir, resume: true })).digest).toBe(whole.digest);
  });
});

describe("fit with checkpoint", () => {
  test("keeps the newest checkpoints, two by default, and no incomplete files", async () => {
    await train({ optimizer: "SGD torch", dir, every: { steps: 1 }, until: 9 });
    expect(readdirSync(dir).sort()).toEqual(["step-0000000008.safetensors", "step-0000000009.safetensors"]);
  });

  test("refuses a folder with checkpoints without resume: true, and leaves them unchanged", async () => {
    await train({ optimizer: "SGD torch", dir, until: 3 });
    const before = contents();
    const anew = train({ optimizer: "SGD torch", dir });
    await expect(anew).rejects.toThrow(ArgumentError);
    await expect(anew).rejects.toThrow(
      /has checkpoints of an earlier training; pass resume: true to continue it/,
    );
    expect(contents()).toEqual(before);
  });

  test.each<[string, Partial<TrainingOptions>, RegExp]>([
    ["another seed", { seed: "other" }, /other settings.*stream was/s],
    ["another optimizer", { optimizer: "Adam torch" }, /state of "SGD", not of Adam/],
  ])("refuses to resume with %s", async (_, other, message) => {
    await train({ optimizer: "SGD torch, momentum", dir, until: 3 });
    const before = contents();
    const resumed = train({ optimizer: "SGD torch, momentum", dir, resume: true, ...other });
    await expect(resumed).rejects.toThrow(FormatError);
    await expect(resumed).rejects.toThrow(message);
    expect(contents()).toEqual(before);
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ["cut", (bytes) => bytes.subarray(0, -100)],
    ["empty", () => Buffer.alloc(0)],
    [
      "changed in one bit",
      (bytes) => Buffer.from(bytes.map((byte, i) => (i === bytes.length - 9 ? byte ^ 4 : byte))),
    ],
  ])("R7: throws at a damaged checkpoint (%s), and goes on from an older one if asked", async (_, damage) => {
    const whole = await train({ optimizer: "SGD torch" });
    await train({ optimizer: "SGD torch", dir, every: { steps: 1 }, until: 9 });
    const newest = join(dir, "step-0000000009.safetensors");
    const damaged = damage(readFileSync(newest));
    writeFileSync(newest, damaged);
    const before = contents();
    const resumed = train({ optimizer: "SGD torch", dir, resume: true });
    await expect(resumed).rejects.toThrow(GradusError);
    await expect(resumed).rejects.toThrow(
      /^step-0000000009 in .*; resume: "whole" goes on from step-0000000008$/s,
    );
    expect(contents()).toEqual(before);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    expect((await train({ optimizer: "SGD torch", dir, resume: "whole" })).digest).toBe(whole.digest);
    expect(warn.mock.calls.join()).toMatch(
      /step-0000000009 in .* is set aside as broken-step-0000000009, and training goes on/,
    );
    expect(readFileSync(join(dir, "broken-step-0000000009.safetensors"))).toEqual(damaged);
    warn.mockClear();
    expect((await train({ optimizer: "SGD torch", dir, resume: true })).digest).toBe(whole.digest);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  test("R7: if no checkpoint is whole, it says so and changes nothing", async () => {
    await train({ optimizer: "SGD torch", dir, every: { steps: 1 }, until: 2 });
    for (const name of readdirSync(dir)) writeFileSync(join(dir, name), "x");
    const before = contents();
    const resumed = train({ optimizer: "SGD torch", dir, resume: "whole" });
    await expect(resumed).rejects.toThrow(FormatError);
    await expect(resumed).rejects.toThrow(/^step-0000000002 in .*; no older one is whole$/s);
    expect(contents()).toEqual(before);
  });

  test("R7: a resumed training with another learning rate warns and goes on", async () => {
    await train({ optimizer: "Adam torch", dir, until: 3 });
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await train({ optimizer: "Adam torch", dir, resume: true, until: 5 });
    expect(warn).not.toHaveBeenCalled();
    await train({ optimizer: "Adam keras", dir, resume: true });
    expect(warn.mock.calls.join()).toMatch(/optimizer\.learningRate was 0\.01 and is /);
    warn.mockRestore();
  });
});

function contents(): unknown {
  return readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), "base64")]);
}

function inAnotherProcess(trainings: readonly object[]): unknown {
  const script = fileURLToPath(new URL("training.ts", import.meta.url));
  const args = [bundled(script), JSON.stringify(trainings)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}
