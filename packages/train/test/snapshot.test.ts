import { createRng, Parameter, tensor } from "@gradus/core";
import type { Dense } from "@gradus/nn";
import { expect, test } from "vitest";
import { Snapshot } from "../src/snapshot.ts";
import { bitsOf, smallNet } from "./support.ts";

test("a snapshot puts back parameters and buffers bit for bit, as often as asked", () => {
  const net = smallNet();
  (net.layers[0] as Dense).weight.assign([-0, Number.NaN, Infinity, 5e-324, 0.1, 1, 2, 3]);
  const before = bitsOf(net);
  const snapshot = new Snapshot(net);
  for (let i = 0; i < 2; i++) {
    net.forward(createRng(1).normal([4, 2]), { train: true, rng: createRng(2) });
    (net.layers[0] as Dense).weight.assign(new Float64Array(8));
    expect(bitsOf(net)).not.toEqual(before);
    snapshot.restore();
    expect(bitsOf(net)).toEqual(before);
  }
});

test("a snapshot taken anew forgets the old one", () => {
  const net = { x: new Parameter(tensor([1, 2])), buffer: tensor([3]) };
  const snapshot = new Snapshot(net);
  net.x.assign([4, 5]);
  snapshot.take();
  net.x.assign([6, 7]);
  net.buffer.assign([8]);
  snapshot.restore();
  expect([...net.x.data, ...net.buffer.data]).toEqual([4, 5, 3]);
});

test("a snapshot may be of some tensors only, and copies nothing later than asked", () => {
  const net = { x: new Parameter(tensor([1, 2])), buffer: tensor([3]) };
  const snapshot = new Snapshot(net, (x) => !(x instanceof Parameter));
  net.x.assign([4, 5]);
  net.buffer.assign([6]);
  snapshot.restore();
  expect([...net.x.data, ...net.buffer.data]).toEqual([4, 5, 3]);
});

test("restoring counts as a change, so that gradients of stale values are refused", () => {
  const net = { x: new Parameter(tensor([1, 2])) };
  const snapshot = new Snapshot(net);
  const before = net.x.storage.version;
  snapshot.restore();
  expect(net.x.storage.version).toBeGreaterThan(before);
});
