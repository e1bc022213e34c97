import { describe, expect, test } from "vitest";
import { Schedule } from "../../src/compile/schedule.ts";

/** Makes calls, each after foreign code if `events`. @returns how many were followed. */
function followed(
  schedule: Schedule,
  turn: ReturnType<Schedule["turn"]>,
  calls: number,
  events = false,
): number {
  let count = 0;
  for (let i = 0; i < calls; i++) {
    if (events) schedule.event();
    if (schedule.skip(turn)) continue;
    schedule.followed(turn, false);
    count++;
  }
  return count;
}

describe("a schedule of followed calls", () => {
  test("follows the first 100, then about one in `distance`", () => {
    const schedule = new Schedule();
    const turn = schedule.turn(50);
    expect(followed(schedule, turn, 100)).toBe(100);
    expect(followed(schedule, turn, 5000) / 100).toBeCloseTo(1, 0);
  });

  test("after foreign code follows 1000 calls, then five times as many as without", () => {
    const schedule = new Schedule();
    const turn = schedule.turn(50);
    expect(followed(schedule, turn, 1000, true)).toBe(1000);
    followed(schedule, turn, 1000, true);
    const share = followed(schedule, turn, 10_000, true) / 10_000;
    expect(share).toBeGreaterThan(0.08);
    expect(share).toBeLessThan(0.12);
  });

  test("foreign code that runs rarely is always followed", () => {
    const schedule = new Schedule();
    const turn = schedule.turn(50);
    followed(schedule, turn, 200);
    for (let i = 0; i < 2000; i++) {
      expect(followed(schedule, turn, 1, true)).toBe(1);
      followed(schedule, turn, 20);
    }
  });

  test("a change after foreign code was missed by none; one by itself by the calls before", () => {
    const schedule = new Schedule();
    const turn = schedule.turn(50);
    followed(schedule, turn, 100);
    const skipped = 10 - followed(schedule, turn, 10);
    expect(skipped).toBeGreaterThan(0);
    expect(schedule.missed(turn)).toBe(skipped);
    schedule.event();
    expect(schedule.missed(turn)).toBe(0);
  });

  test("K18: a change that calls of other shapes may have missed is not taken for a new one", () => {
    const schedule = new Schedule();
    const [turn, other] = [schedule.turn(50), schedule.turn(50)];
    followed(schedule, turn, 100);
    schedule.followed(other, false);
    const skipped = 10 - followed(schedule, turn, 10);
    expect(schedule.missed(other)).toBe(skipped);
    schedule.followed(turn, true);
    expect(schedule.missed(other)).toBe(0);
  });
});
