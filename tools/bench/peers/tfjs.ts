/** TensorFlow.js, float32: `tfjs.ts cpu|wasm`. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";
import { loop, type Prepared, serve, Unsupported } from "../contestants/serve.ts";
import type { Net, OptimizerSpec, Work } from "../works.ts";
import { sequenceNet } from "./tfjs-sequences.ts";

const BATCHES = 8;
const backend = process.argv[2];
console.warn = () => {}; // the advice to install its native package
const require = createRequire(import.meta.url);
if (backend === "wasm") {
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);
} else {
  await import("@tensorflow/tfjs-backend-cpu");
}
await tf.setBackend(backend);
await tf.ready();

await serve((work): Prepared => {
  if (work.kind === "epoch") throw new Unsupported("not set up for whole epochs");
  if (backend === "wasm" && work.net.convolutions) throw new Unsupported("has no gradients of convolutions");
  const about = `Node ${process.versions.node}, tfjs ${tf.version_core}`;
  const note = backend === "wasm" ? "no threads under Node" : undefined;
  const sequences = sequenceNet(work.net);
  const net = sequences ? { apply: sequences, predict: sequences } : buildNet(work.net);
  const batches = Array.from({ length: BATCHES }, () => data(work));
  let i = 0;
  const next = () => batches[i++ % BATCHES];
  if (work.kind === "inference") {
    return { about, run: loop(() => tf.tidy(() => net.predict(next().x).dataSync())), ...(note && { note }) };
  }
  const optimizer = buildOptimizer(work.optimizer);
  // minimize is faster than trainOnBatch, which is asynchronous.
  const step = (): void => {
    const { x, y } = next();
    const loss = optimizer.minimize(() => {
      const output = net.apply(x, { training: true });
      return work.loss === "mse"
        ? tf.losses.meanSquaredError(y, output)
        : tf.losses.softmaxCrossEntropy(y, output);
    }, true);
    loss.dataSync();
    loss.dispose();
  };
  return { about, run: loop(step), ...(note && { note }) };
});

function buildNet({ sizes, activation, dropout, convolutions }: Net) {
  const net = layers.sequential();
  convolutions?.outputs.forEach((filters, i) => {
    const { image, kernel, pool } = convolutions;
    const inputShape = i === 0 && { inputShape: [...image] };
    net.add(
      layers.layers.conv2d({
        filters,
        kernelSize: kernel,
        ...inputShape,
        activation,
        kernelInitializer: "leCunNormal",
      }),
    );
    net.add(layers.layers.maxPooling2d({ poolSize: pool, strides: pool }));
  });
  if (convolutions) net.add(layers.layers.flatten());
  sizes.slice(1).forEach((units, i) => {
    const last = i === sizes.length - 2;
    net.add(
      layers.layers.dense({
        units,
        ...(i === 0 && !convolutions && { inputShape: [sizes[0]] }),
        ...(!last && { activation }),
        kernelInitializer: "leCunNormal",
      }),
    );
    if (!last && dropout > 0) net.add(layers.layers.alphaDropout({ rate: dropout }));
  });
  return net;
}

function buildOptimizer(spec: OptimizerSpec) {
  if (spec.name === "sgd") return tf.train.sgd(spec.learningRate);
  if (spec.name === "adam") return tf.train.adam(spec.learningRate, spec.beta1, spec.beta2, spec.epsilon);
  return tf.train.rmsprop(spec.learningRate, spec.rho, 0, spec.epsilon);
}

function data({ net, batch, loss }: Work) {
  if (loss === "mse") {
    return { x: tf.tensor2d([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]), y: tf.tensor2d([0, 1, 1, 0], [4, 1]) };
  }
  const classes = net.sizes[net.sizes.length - 1];
  const { convolutions, recurrent, transformer } = net;
  const numbers = (count: number, factor: number): Int32Array =>
    Int32Array.from({ length: count }, (_, i) => (factor * i) % classes);
  const labels = numbers(batch * (transformer?.time ?? 1), 7);
  const y = tf.cast(tf.oneHot(tf.tensor1d(labels, "int32"), classes), "float32");
  if (transformer) {
    const { time } = transformer;
    return { x: tf.tensor2d(numbers(batch * time, 5), [batch, time], "int32"), y };
  }
  const shape = convolutions?.image ?? (recurrent ? [recurrent.time, recurrent.features] : [net.sizes[0]]);
  return { x: tf.randomNormal([batch, ...shape]), y };
}
