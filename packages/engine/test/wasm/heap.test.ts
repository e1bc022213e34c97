import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Heap } from "../../src/wasm/heap.ts";
import { createMemory } from "../../src/wasm/module.ts";

const PAGE = 65_536;

describe("Heap", () => {
  test("hands out blocks that are aligned and do not overlap, whatever is taken and given back", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.constant("release" as const))),
        (steps) => {
          const heap = new Heap(createMemory(1), 1000);
          const blocks: { at: number; size: number }[] = [];
          for (const step of steps) {
            if (step === "release") {
              const block = blocks.shift();
              if (block) heap.release(block.at);
              continue;
            }
            const at = heap.allocate(step) as number;
            expect(at % 64).toBe(0);
            expect(at).toBeGreaterThanOrEqual(1000);
            expect(blocks.every((other) => at + step <= other.at || other.at + other.size <= at)).toBe(true);
            expect(blocks.some((other) => other.at === at)).toBe(false);
            blocks.push({ at, size: step });
          }
        },
      ),
    );
  });

  test("uses room again that was given back, joined with its neighbours", () => {
    const memory = createMemory(1);
    const heap = new Heap(memory, 0);
    const [a, b, c] = [heap.allocate(1000), heap.allocate(1000), heap.allocate(1000)] as number[];
    heap.release(a);
    heap.release(c);
    heap.release(b);
    expect(heap.allocate(PAGE)).toBe(a);
    expect(memory.buffer.byteLength).toBe(PAGE);
  });

  test("grows, and blocks from before stay valid", () => {
    const memory = createMemory(1);
    const heap = new Heap(memory, 0);
    const numbers = heap.numbers(heap.allocate(80) as number, 10).fill(7);
    const large = heap.allocate(10 * PAGE) as number;
    expect(memory.buffer.byteLength).toBeGreaterThan(10 * PAGE);
    heap.numbers(large, 10).fill(1);
    expect([...numbers]).toEqual(new Array(10).fill(7));
    expect([...heap.numbers(numbers.byteOffset, 10)]).toEqual([...numbers]);
  });

  test("gives null where the memory can grow no more, and goes on with what it has", () => {
    let pages = 1;
    const memory = {
      get buffer() {
        return new ArrayBuffer(pages * PAGE);
      },
      grow(more: number) {
        if (pages + more > 3) throw new RangeError("no more");
        pages += more;
        return pages;
      },
    };
    const heap = new Heap(memory, 0);
    expect(heap.allocate(4 * PAGE)).toBe(null);
    expect(heap.allocate(2 * PAGE)).toBe(0);
    expect(heap.allocate(PAGE)).toBe(2 * PAGE);
    expect(heap.allocate(1)).toBe(null);
  });

  test("gives a block back once only", () => {
    const heap = new Heap(createMemory(1), 0);
    const at = heap.allocate(100) as number;
    heap.release(at);
    heap.release(at);
    const [a, b] = [heap.allocate(100), heap.allocate(100)];
    expect(a).not.toBe(b);
  });
});
