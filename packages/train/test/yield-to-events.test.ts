import { afterEach, describe, expect, test, vi } from "vitest";
import { Aborted, eventYielder, nextTask } from "../src/yield-to-events.ts";

type Port = InstanceType<typeof MessageChannel>["port1"];

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("eventYielder", () => {
  test("pauses after 50 ms, and again 50 ms after the pause", async () => {
    let now = 1000;
    let pauses = 0;
    const pause = async () => {
      pauses++;
      now += 500; // what others do meanwhile does not count
    };
    const yieldToEvents = eventYielder(undefined, { now: () => now, pause });
    const pausesAfter = async (milliseconds: number) => {
      now += milliseconds;
      await yieldToEvents();
      return pauses;
    };
    expect(await pausesAfter(0)).toBe(0);
    expect(await pausesAfter(49)).toBe(0);
    expect(await pausesAfter(1)).toBe(1);
    expect(await pausesAfter(0)).toBe(1);
    expect(await pausesAfter(50)).toBe(2);
  });

  test("throws the signal's reason, also when it was aborted in the pause", async () => {
    let now = 0;
    const controller = new AbortController();
    const pause = async () => controller.abort("enough");
    const yieldToEvents = eventYielder(controller.signal, { now: () => now, pause });
    await yieldToEvents();
    now = 50;
    for (let i = 0; i < 2; i++) {
      const error = await yieldToEvents().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Aborted);
      expect((error as Aborted).reason).toBe("enough");
    }
  });
});

describe("nextTask", () => {
  test("lets all pending events be handled", async () => {
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
