/** The time that SELU takes, against ReLU: `pnpm activations --cost`. */
import {
  backward,
  createRng,
  crossEntropy,
  relu,
  selu,
  type Tensor,
  type TensorFunction,
  tensor,
  variable,
} from "@gradus/core";
import { compile } from "@gradus/engine";
import { Dense, namedParameters, Sequential } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { short, type Table } from "../../shared/table.ts";

/** The times of one work with both functions, one pair for each round. */
interface Pairs {
  readonly work: string;
  readonly pairs: readonly (readonly [relu: number, selu: number])[];
}

const BATCH = 128;

/** One call is one piece of the work. */
type Work = (f: TensorFunction) => () => void;

/** The function and its gradient, on as many values as a layer of 512 units has for a batch. */
const alone: Work = (f) => {
  const x = variable(createRng("cost").normal([BATCH, 512]));
  const step = compile((at: Tensor) => backward(f(at).sum()).of(at));
  return () => void step(x);
};

/** One training step of a net with these layers. */
const training =
  (sizes: readonly number[]): Work =>
  (f) => {
    const rng = createRng("cost");
    const last = sizes.length - 2;
    const net = new Sequential(
      ...sizes.slice(0, -1).flatMap((size, i) => {
        const dense = new Dense(size, sizes[i + 1], { rng: rng.split(i) });
        return i < last ? [dense, f] : [dense];
      }),
    );
    const sgd = new SGD(namedParameters(net), { learningRate: 0.001 });
    const x = rng.split("x").normal([BATCH, sizes[0]]);
    const classes = tensor(Array.from({ length: BATCH }, (_, i) => i % 10));
    const step = compile((inputs: Tensor, targets: Tensor) => {
      const loss = crossEntropy(net.forward(inputs), targets);
      sgd.step(backward(loss));
      return loss;
    });
    return () => void step(x, classes);
  };

/** All works, and the number of calls in a round. */
const works: readonly (readonly [name: string, work: Work, calls: number])[] = [
  [`the function and its gradient, ${BATCH} × 512 values`, alone, 200],
  ["a training step, 784-512-512-10", training([784, 512, 512, 10]), 10],
  ["a training step, 784-50 × 100-10", training([784, ...new Array<number>(50).fill(100), 10]), 10],
];

/**
 * Measures all works, in each round with both functions, in turn, so that a disturbance of the machine affects both. Times are CPU
 * times: waiting for other programs does not count.
 */
export function measureCost(rounds: number): Pairs[] {
  return works.map(([work, of, calls]) => {
    const [withRelu, withSelu] = [of(relu), of(selu)];
    const time = (run: () => void): number => {
      const begin = process.cpuUsage();
      for (let i = 0; i < calls; i++) run();
      const { user, system } = process.cpuUsage(begin);
      return (user + system) / 1000 / calls;
    };
    time(withRelu);
    time(withSelu);
    const pairs = Array.from({ length: rounds }, (_, round): [number, number] => {
      if (round % 2 === 0) return [time(withRelu), time(withSelu)];
      const second = time(withSelu);
      return [time(withRelu), second];
    });
    return { work, pairs };
  });
}

export function costTable(measured: readonly Pairs[]): Table {
  return [
    ["CPU time, batches of 128", "ReLU, ms", "SELU, ms", "SELU ÷ ReLU", "10 %–90 % of rounds"],
    ...measured.map(({ work, pairs }) => {
      const ratios = pairs.map(([base, time]) => time / base);
      return [
        work,
        short(
          quantile(
            pairs.map(([base]) => base),
            0.5,
          ),
          3,
        ),
        short(
          quantile(
            pairs.map(([, time]) => time),
            0.5,
          ),
          3,
        ),
        quantile(ratios, 0.5).toFixed(2),
        `${quantile(ratios, 0.1).toFixed(2)}–${quantile(ratios, 0.9).toFixed(2)}`,
      ];
    }),
  ];
}

/** The value below which the share `p` of the values lies. */
function quantile(values: readonly number[], p: number): number {
  return [...values].sort((a, b) => a - b)[Math.round(p * (values.length - 1))];
}
