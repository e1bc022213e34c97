import { backward, Parameter, ranges } from "@gradus/core";
import { type Calls, describeExtraArguments } from "../../core/test/extra-arguments.ts";
import { describeHostile } from "../../core/test/hostile.ts";
import * as optim from "../src/index.ts";

const parameters = () => [["x", new Parameter([1, 2])]] as const;
const gradients = () => backward(new Parameter([1, 2]).square().sum());

const rates: Record<string, object> = {
  stepDecay: { every: 2, factor: 0.5 },
  multiStepDecay: { at: [2], factor: 0.5 },
  exponentialDecay: { every: 2, factor: 0.5 },
  inverseTimeDecay: { decay: 0.5 },
  linearDecay: { to: 0, steps: 2 },
  polynomialDecay: { to: 0, steps: 2, power: 2 },
  cosineDecay: { steps: 2 },
  oneCycle: { steps: 9 },
};
const optimizers = ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax", "NAdam", "RAdam"];

const calls: Calls = {
  ...Object.fromEntries(optimizers.map((name) => [name, () => [parameters(), {}]])),
  ...Object.fromEntries(Object.entries(rates).map(([name, options]) => [name, () => [0.1, options]])),
  clipByGlobalNorm: () => [gradients(), 1, {}],
  clipByNorm: () => [gradients(), 1, {}],
  clipByValue: () => [gradients(), 1],
  constantRate: () => [0.1],
  globalNorm: () => [gradients(), {}],
  Plateau: () => [0.1, {}],
  warmUp: () => [0.1, 3],
  "adam.step": () => {
    const x = new Parameter([1, 2]);
    const adam = new optim.Adam([["x", x]]);
    return [
      (...args: never[]) => (adam.step as (...args: unknown[]) => void).call(adam, ...args),
      backward(x.sum()),
    ];
  },
  "sgd.restore": () => {
    const sgd = new optim.SGD(parameters());
    return [
      (...args: never[]) => (sgd.restore as (...args: unknown[]) => void).call(sgd, ...args),
      sgd.state(),
    ];
  },
  "plateau.observe": () => {
    const plateau = new optim.Plateau(0.1);
    return [
      (...args: never[]) => (plateau.observe as (...args: unknown[]) => void).call(plateau, ...args),
      1,
    ];
  },
};

const rule: optim.OptimizerRule<optim.Hyperparameters> = {
  name: "Plain",
  defaults: {
    torch: { learningRate: 0.1, weightDecay: 0, decoupledWeightDecay: false },
    keras: { learningRate: 0.1, weightDecay: 0, decoupledWeightDecay: false },
  },
  ranges: { learningRate: optim.rate, weightDecay: ranges.nonNegative, decoupledWeightDecay: ranges.flag },
  slots: () => ["m"],
  update: () => {},
};
const authors: Calls = {
  descend: () => [parameters(), new Map(parameters().map(([, x]) => [x, x])), 0.1],
  Optimizer: () => [rule, parameters(), {}],
  "rate.step": () => [
    (value: never) => {
      const x = new Parameter([1, 2]);
      new optim.SGD([["x", x]], { learningRate: () => value }).step(backward(x.sum()));
      return x;
    },
    0.1,
  ],
  "ruleUpdate.step": () => [
    (update: never) => {
      const x = new Parameter([1, 2]);
      new optim.Optimizer({ ...rule, update }, [["x", x]]).step(backward(x.sum()));
      return x;
    },
    () => {},
  ],
  "ruleSlots.step": () => [
    (slots: never) => {
      const x = new Parameter([1, 2]);
      new optim.Optimizer({ ...rule, slots: () => slots }, [["x", x]]).step(backward(x.sum()));
      return x;
    },
    ["m"],
  ],
  "gradient.step": () => [
    (value: never) => {
      const x = new Parameter([1, 2]);
      new optim.SGD([["x", x]]).step(new Map([[x, value]]));
      return x;
    },
    new Parameter([1, 2]),
  ],
};
const typed =
  "for authors of optimizers, whom TypeScript tells: the parts of a rule are there (the Optimizer checks it), but not what they hold";
describeHostile(optim, { ...calls, ...authors }, [
  [/^Optimizer, (name|ranges|slots)$/, typed],
  [/^rule(Slots|Update)\.step/, typed],
]);

describeExtraArguments(optim, calls, {
  descend: "of the heart, which is kept short",
  Optimizer: "for authors of optimizers",
});
