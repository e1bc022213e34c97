/** The first XOR step of a program that uses TensorFlow.js. */
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";

const net = sequential();
net.add(layers.dense({ units: 8, inputShape: [2], activation: "tanh" }));
net.add(layers.dense({ units: 1 }));
const sgd = tf.train.sgd(0.1);
const [x, y] = [tf.tensor2d([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]), tf.tensor2d([0, 1, 1, 0], [4, 1])];
const loss = sgd.minimize(() => tf.losses.meanSquaredError(y, net.apply(x, { training: true })), true);
console.log("first step:", loss.dataSync()[0]);
