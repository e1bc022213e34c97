import { afterEach, describe, expect, test, vi } from "vitest";
import { Breather, nextTask } from "../src/breather.ts";

type Port = InstanceType<typeof MessageChannel>["port1"];

afterEach(() => {
  vi.unstubAllGlobals();
});

test("a breather is due when the thread was held for the budget, and again that long after", async () => {
  let now = 1000;
  let pauses = 0;
  const pause = async () => {
    pauses++;
    now += 500; // what others do meanwhile does not count
  };
  const breather = new Breather({ now: () => now, pause });
  expect(breather.due).toBe(false);
  now += 49;
  expect(breather.due).toBe(false);
  now += 1;
  expect(breather.due).toBe(true);
  await breather.breathe();
  expect(pauses).toBe(1);
  expect(breather.due).toBe(false);
  now += 50;
  expect(breather.due).toBe(true);
  const impatient = new Breather({ budget: 5, now: () => now, pause });
  now += 5;
  expect(impatient.due).toBe(true);
});

describe("nextTask", () => {
  test("lets everything that waits have its turn", async () => {
    const turns: string[] = [];
    setImmediate(() => turns.push("immediate"));
    Promise.resolve().then(() => turns.push("promise"));
    await nextTask();
    expect(turns).toEqual(["promise", "immediate"]);
  });

  test("sends a message where there is no setImmediate, and closes the channel", async () => {
    let closed = 0;
    const RealChannel = MessageChannel;
    vi.stubGlobal("setImmediate", undefined);
    vi.stubGlobal(
      "MessageChannel",
      class {
        readonly port1: Port;
        readonly port2: Port;
        constructor() {
          const { port1, port2 } = new RealChannel();
          const close = port1.close.bind(port1);
          port1.close = () => {
            closed++;
            close();
          };
          [this.port1, this.port2] = [port1, port2];
        }
      },
    );
    await nextTask();
    await nextTask();
    expect(closed).toBe(2);
  });

  test("uses a timer where there is neither", async () => {
    vi.stubGlobal("setImmediate", undefined);
    vi.stubGlobal("MessageChannel", undefined);
    const timer = vi.spyOn(globalThis, "setTimeout");
    await nextTask();
    expect(timer).toHaveBeenCalledWith(expect.any(Function), 0);
    timer.mockRestore();
  });
});
