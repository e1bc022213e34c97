import { expect, test } from "vitest";
import { plans } from "../../plugins/plans.ts";
import { isLive } from "../../src/compile/memory-map.tsx";

test("each program has one hash in all four ways of computing, and its map fits its plan", async () => {
  for (const { name, plan, hashes } of await plans()) {
    expect(new Set(hashes.map(({ hash }) => hash)).size, name).toBe(1);
    expect(hashes).toHaveLength(4);
    for (const at of plan.steps.keys()) {
      const live = plan.buffers.filter((buffer) => isLive(buffer, at));
      // Buffers that are needed at the same time do not overlap, but for one that is computed in place of another.
      for (const a of live) {
        expect(a.offset + a.size).toBeLessThanOrEqual(plan.total);
        for (const b of live) {
          const apart = a === b || a.offset + a.size <= b.offset || b.offset + b.size <= a.offset;
          expect(apart || a.overwrites === b.name || b.overwrites === a.name, `${name}, step ${at}`).toBe(
            true,
          );
        }
      }
    }
  }
});
