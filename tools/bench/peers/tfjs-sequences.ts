/** A GRU and a transformer of TensorFlow.js, of its ops: its layer GRU has no reset gate after the product. */
import * as tf from "@tensorflow/tfjs-core";
import type { Net, Recurrent, Transformer } from "../works.ts";

// biome-ignore lint/suspicious/noExplicitAny: no types without the package
type Any = any;
type Apply = (x: Any) => Any;

/** @returns the logits of a net with `recurrent` or `transformer`; undefined for others. */
export function sequenceNet({ recurrent, transformer, sizes }: Net): Apply | undefined {
  const [size, classes] = sizes;
  if (recurrent) {
    const [before, output] = [gru(recurrent), dense(size, classes)];
    return (x) => output(before(x));
  }
  if (!transformer) return undefined;
  const [before, output] = [blocks(transformer, classes), dense(size, classes)];
  return (x) => output(before(x));
}

/** [n, time, features] → the last state [n, size]. */
function gru({ features, size }: Recurrent): Apply {
  const weights = normal([features, 3 * size], features);
  const recurrentWeights = normal([size, 3 * size], size);
  const [bias, recurrentBias] = [zeros([3 * size]), zeros([3 * size])];
  return (x) => {
    let h: Any = tf.zeros([x.shape[0], size]);
    for (const step of tf.unstack(x, 1)) {
      const [r, z, n] = tf.split(tf.add(tf.matMul(step, weights), bias), 3, 1);
      const [pastR, pastZ, pastN] = tf.split(tf.add(tf.matMul(h, recurrentWeights), recurrentBias), 3, 1);
      const kept = tf.sigmoid(tf.add(z, pastZ));
      const fresh = tf.tanh(tf.add(n, tf.mul(tf.sigmoid(tf.add(r, pastR)), pastN)));
      h = tf.add(fresh, tf.mul(kept, tf.sub(h, fresh)));
    }
    return h;
  };
}

/** [n, time] → [n·time, size]. */
function blocks({ time, size, heads, blocks }: Transformer, vocabulary: number): Apply {
  const table = normal([vocabulary, size], 1);
  const positions = normal([time, size], 2500);
  const all = Array.from({ length: blocks }, () => block(time, size, heads));
  const norm = layerNorm(size);
  return (x) => {
    // As a product, because WASM has no gradient of gather.
    const rows = tf.matMul(tf.cast(tf.oneHot(tf.reshape(x, [-1]), vocabulary), "float32"), table);
    let y: Any = tf.add(tf.reshape(rows, [-1, time, size]), positions);
    for (const apply of all) y = apply(y);
    return tf.reshape(norm(y), [-1, size]);
  };
}

function block(time: number, size: number, heads: number): Apply {
  const [norm1, norm2] = [layerNorm(size), layerNorm(size)];
  const [project, out] = [dense(size, 3 * size), dense(size, size)];
  const [hidden, output] = [dense(size, 4 * size), dense(4 * size, size)];
  const rows = Array.from({ length: time }, (_, i) =>
    Array.from({ length: time }, (_, k) => (k > i ? -1e9 : 0)),
  );
  const later = tf.tensor2d(rows);
  const width = size / heads;
  const attend: Apply = (x) => {
    const parts = tf.split(project(tf.reshape(x, [-1, size])), 3, 1);
    const [q, k, v] = parts.map((part: Any) =>
      tf.transpose(tf.reshape(part, [-1, time, heads, width]), [0, 2, 1, 3]),
    );
    const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(width));
    const mixed = tf.matMul(tf.softmax(tf.add(scores, later)), v);
    return tf.reshape(out(tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [-1, size])), [-1, time, size]);
  };
  return (x) => {
    const y: Any = tf.add(x, attend(norm1(x)));
    const z = output(tf.relu(hidden(tf.reshape(norm2(y), [-1, size]))));
    return tf.add(y, tf.reshape(z, [-1, time, size]));
  };
}

function dense(n: number, outputs: number): Apply {
  const [weights, bias] = [normal([n, outputs], n), zeros([outputs])];
  return (x) => tf.add(tf.matMul(x, weights), bias);
}

function layerNorm(size: number): Apply {
  const [scale, shift] = [tf.variable(tf.ones([size])), zeros([size])];
  return (x) => {
    const centered = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centered), -1, true);
    return tf.add(tf.mul(tf.mul(centered, tf.rsqrt(tf.add(variance, 1e-5))), scale), shift);
  };
}

const zeros = (shape: readonly number[]): Any => tf.variable(tf.zeros([...shape]));
/** Variance 1/n. */
const normal = (shape: readonly number[], n: number): Any =>
  tf.variable(tf.randomNormal([...shape], 0, 1 / Math.sqrt(n)));
