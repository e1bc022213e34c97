import { threads } from "@gradus/engine";
import { expect, test, vi } from "vitest";
import { run } from "../../../examples/mnist/main.ts";

test("the convolutional net learns the same on real images with one thread and with two", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const write = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  const options = { preset: "lenet", epochs: 1, seed: "test", limit: 1200 };
  const [one, two] = [await run(options), await run({ ...options, threads: 2 })];
  await threads(1);
  log.mockRestore();
  write.mockRestore();
  expect(one.testAccuracy).toBeGreaterThan(0.6);
  expect(two.hash).toBe(one.hash);
});
