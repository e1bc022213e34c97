import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ArgumentError, FormatError, GradusError } from "@gradus/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

  test("throws at a broken checkpoint instead of skipping it", async () => {
    await train({ optimizer: "SGD torch", dir, every: { steps: 1 }, until: 9 });
    const newest = join(dir, "step-0000000009.safetensors");
    writeFileSync(newest, readFileSync(newest).subarray(0, -100));
    const resumed = train({ optimizer: "SGD torch", dir, resume: true });
    await expect(resumed).rejects.toThrow(GradusError);
    await expect(resumed).rejects.toThrow(
      /^step-0000000009 in .*; without it, training would go on from step-0000000008$/s,
    );
  });
});

function contents(): unknown {
  return readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), "base64")]);
}

function inAnotherProcess(trainings: readonly object[]): unknown {
  const script = fileURLToPath(new URL("training.ts", import.meta.url));
  const args = ["--conditions=@gradus/source", "--import", "tsx", script, JSON.stringify(trainings)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}
