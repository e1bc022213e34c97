import type { Tensor } from "@gradus/core";
import * as nn from "@gradus/nn";
import * as optim from "@gradus/optim";
import { type Recorder, withLayerPaths } from "./internals.ts";

type Method = (this: never, ...args: never[]) => unknown;
type Prototype = Record<string, Method>;

/**
 * Names layers and parameters while a program runs: the net whose `forward` is called names its layers and tensors by their paths,
 * and an optimizer its parameters by the names that it was given.
 *
 * @returns a function that ends it.
 */
export function nameNets(recorder: Recorder): () => void {
  const undo: (() => void)[] = [];
  let inside = false;
  const known = new WeakSet<object>();
  for (const prototype of layerPrototypes()) {
    undo.push(
      replace(prototype, "forward", (forward) => {
        return function (this: nn.Layer<never>, ...args: never[]) {
          if (inside) return forward.apply(this as never, args);
          inside = true;
          try {
            nameTensors(recorder, this);
            return withLayerPaths(this, layersOf(recorder, this), () => this.forward(...(args as [never])));
          } finally {
            inside = false;
          }
        };
      }),
    );
  }
  undo.push(
    replace(optim.Optimizer.prototype as unknown as Prototype, "step", (step) => {
      return function (this: optim.Optimizer<never>, ...args: never[]) {
        if (!known.has(this)) {
          known.add(this);
          const names = Object.keys(this.state().slots);
          this.parameters.forEach((x, i) => {
            recorder.name(x, names[i]);
          });
        }
        return step.apply(this as never, args);
      };
    }),
  );
  return () => {
    for (const putBack of undo) putBack();
  };
}

/** A net names the layers in it by their paths; a layer that is called alone has its own name. */
function layersOf(recorder: Recorder, net: nn.Layer<never>): { layer: Recorder["layer"]; name(): void } {
  const alone = nn.layerName(net);
  return {
    layer: (path, run) => recorder.layer(path?.startsWith("net") && !isContainer(net) ? alone : path, run),
    name: () => {},
  };
}

function nameTensors(recorder: Recorder, net: nn.Layer<never>): void {
  const lead = isContainer(net) ? "" : `${nn.layerName(net)}.`;
  for (const [path, x] of nn.namedTensors(net) as [string, Tensor][]) recorder.nameOnce(x, lead + path);
}

function isContainer(net: object): boolean {
  return net instanceof nn.Sequential;
}

/** The prototypes of all layers that nn exports. */
function layerPrototypes(): Prototype[] {
  const found = new Set<Prototype>();
  for (const exported of Object.values(nn) as unknown[]) {
    const prototype =
      typeof exported === "function" ? (exported.prototype as Prototype | undefined) : undefined;
    if (prototype && Object.hasOwn(prototype, "forward")) found.add(prototype);
  }
  return [...found];
}

function replace(prototype: Prototype, name: string, make: (method: Method) => Method): () => void {
  const before = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
  Object.defineProperty(prototype, name, { ...before, value: make(before.value) });
  return () => Object.defineProperty(prototype, name, before);
}
