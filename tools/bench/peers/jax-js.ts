/** jax-js on WebAssembly, the whole step in one `jit`: `jax-js.ts f32|f64`. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  nn,
  numpy as np,
  random,
  tree,
  valueAndGrad,
} from "@jax-js/jax";
import { type Prepared, serve, Unsupported } from "../contestants/serve.ts";
import type { OptimizerSpec, Work } from "../works.ts";

// biome-ignore lint/suspicious/noExplicitAny: no types without the package
type Any = any;

const BATCHES = 8;
/** The value that alpha dropout gives a dropped unit. */
const SILENT = -1.0507009873554805 * 1.6732632423543772;
const dtype = process.argv[2] === "f64" ? np.float64 : np.float32;
await init("wasm");
defaultDevice("wasm");
const main = createRequire(import.meta.url).resolve("@jax-js/jax");
const { version } = JSON.parse(readFileSync(new URL("../package.json", `file://${main}`), "utf8"));

await serve((work): Prepared => {
  if (work.kind === "epoch") throw new Unsupported("not set up for whole epochs");
  if (work.net.convolutions) throw new Unsupported("not set up for convolutions");
  if (work.net.recurrent) throw new Unsupported("not set up for recurrent layers");
  if (work.net.transformer) throw new Unsupported("not set up for attention");
  const about = `Node ${process.versions.node}, jax-js ${version}`;
  const { sizes } = work.net;
  let params: Any = sizes.slice(1).map((size, i) => ({
    weight: normal(i, [sizes[i], size]).mul(1 / Math.sqrt(sizes[i])),
    bias: np.zeros([size], { dtype }),
  }));
  const batches = Array.from({ length: BATCHES }, (_, i) => data(work, i));
  let i = 0;
  const next = (): Any => batches[i++ % BATCHES];
  if (work.kind === "inference") {
    const infer = jit((params: Any, x: Any) => forward(work, params, x, undefined));
    const run = async (times: number) => {
      for (let k = 0; k < times; k++) await infer(tree.ref(params), next().x.ref).data();
    };
    return { about, run };
  }
  let state: Any = {
    key: random.key(0),
    t: np.array(0, { dtype }),
    slots: slots(work.optimizer).map(() => tree.map((p: Any) => np.zerosLike(p.ref), params)),
  };
  const step = jit((params: Any, { key, t, slots }: Any, x: Any, y: Any) => {
    const keys = random.split(key, 2);
    const [loss, gradients] = valueAndGrad((params: Any, x: Any, y: Any, key: Any) => {
      const output = forward(work, params, x, key);
      if (work.loss === "mse") return np.square(output.sub(y)).mean();
      return nn
        .logSoftmax(output)
        .mul(y)
        .sum()
        .mul(-1 / work.batch);
    })(tree.ref(params), x, y, keys.ref.slice(0));
    const count = t.add(1);
    const [updated, changed] = update(work.optimizer, params, gradients, slots, count.ref);
    return [updated, { key: keys.slice(1), t: count, slots: changed }, loss];
  });
  const run = async (times: number) => {
    for (let k = 0; k < times; k++) {
      const { x, y } = next();
      const [updated, changed, loss] = step(params, state, x.ref, y.ref);
      [params, state] = await blockUntilReady([updated, changed]);
      await loss.data();
    }
  };
  return { about, run };
});

function forward({ net: { activation, dropout } }: Work, params: Any, x: Any, key: Any): Any {
  const hidden = params.length - 1;
  const drops = key !== undefined && dropout > 0;
  const keys = drops ? random.split(key, hidden) : undefined;
  if (!drops) key?.dispose();
  let h = x;
  params.forEach(({ weight, bias }: Any, i: number) => {
    h = np.matmul(h, weight).add(bias);
    if (i === hidden) return;
    h = activation === "selu" ? nn.selu(h) : np.tanh(h);
    if (keys !== undefined) h = alphaDropout(h, keys.ref.slice(i), dropout);
  });
  keys?.dispose();
  return h;
}

function alphaDropout(h: Any, key: Any, p: number): Any {
  const q = 1 - p;
  const a = 1 / Math.sqrt(q + SILENT * SILENT * q * p);
  const kept = random.bernoulli(key, q, h.shape);
  return np
    .where(kept, h, SILENT)
    .mul(a)
    .add(-a * p * SILENT);
}

/** The names of the arrays that an optimizer stores for each parameter. */
function slots({ name }: OptimizerSpec): readonly string[] {
  return { sgd: [], rmsprop: ["v"], adam: ["m", "v"] }[name];
}

function update(
  spec: OptimizerSpec,
  params: Any,
  gradients: Any,
  slots: Any,
  t: Any,
): [params: Any, slots: Any] {
  const rate = spec.learningRate;
  if (spec.name === "sgd") {
    t.dispose();
    return [tree.map((p: Any, g: Any) => p.sub(g.mul(rate)), params, gradients), []];
  }
  const squares = (v: Any, beta: number): Any =>
    tree.map((v: Any, g: Any) => v.mul(beta).add(np.square(g).mul(1 - beta)), v, tree.ref(gradients));
  if (spec.name === "rmsprop") {
    t.dispose();
    const v = squares(slots[0], spec.rho);
    const move = (p: Any, g: Any, v: Any): Any => p.sub(g.mul(rate).div(np.sqrt(v).add(spec.epsilon)));
    return [tree.map(move, params, gradients, tree.ref(v)), [v]];
  }
  const { beta1, beta2, epsilon } = spec;
  const v = squares(slots[1], beta2);
  const m = tree.map((m: Any, g: Any) => m.mul(beta1).add(g.mul(1 - beta1)), slots[0], gradients);
  const correction = (beta: number): Any => np.subtract(1, np.power(beta, t.ref.astype(dtype)));
  const [first, second] = [correction(beta1), correction(beta2)];
  t.dispose();
  const move = (p: Any, m: Any, v: Any): Any =>
    p.sub(
      m
        .div(first.ref)
        .mul(rate)
        .div(np.sqrt(v.div(second.ref)).add(epsilon)),
    );
  const moved = tree.map(move, params, tree.ref(m), tree.ref(v));
  first.dispose();
  second.dispose();
  return [moved, [m, v]];
}

function data({ net, batch, loss }: Work, i: number): { x: Any; y: Any } {
  if (loss === "mse") {
    const [x, y] = [
      [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
      [[0], [1], [1], [0]],
    ];
    return { x: np.array(x, { dtype }), y: np.array(y, { dtype }) };
  }
  const classes = net.sizes[net.sizes.length - 1];
  const labels = Array.from({ length: batch }, (_, k) => (7 * k) % classes);
  const y = nn.oneHot(np.array(labels, { dtype: np.int32 }), classes).astype(dtype);
  return { x: normal(100 + i, [batch, net.sizes[0]]), y };
}

function normal(seed: number, shape: readonly number[]): Any {
  return random.normal(random.key(seed), shape).astype(dtype);
}
