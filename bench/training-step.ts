import { backward, createRng, crossEntropy, useKernels } from "@gradus/core";
import { blockedKernels, referenceKernels } from "@gradus/core/kernels";
import { AlphaDropout, Dense, namedParameters, SELU, Sequential } from "@gradus/nn";
import { RMSprop } from "@gradus/optim";
import { alternate, report } from "./alternate.ts";

/** One step of 784-512-512-10 with SELU, AlphaDropout, RMSprop at batch 128, eager, on either kernels. */
export function trainingStep(): void {
  const rng = createRng("bench");
  const x = rng.normal([128, 784]);
  const labels = rng.uniform([128], { high: 10 });
  labels.assign(labels.data.map(Math.floor));
  const net = new Sequential(
    new Dense(784, 512, { rng }),
    new SELU(),
    new AlphaDropout(0.1),
    new Dense(512, 512, { rng }),
    new SELU(),
    new AlphaDropout(0.1),
    new Dense(512, 10, { rng }),
  );
  const rmsprop = new RMSprop(namedParameters(net), { preset: "keras" });
  const step = (): void => {
    rmsprop.step(backward(crossEntropy(net.forward(x, { train: true, rng }), labels)));
  };
  const contestants = [referenceKernels, blockedKernels].map((kernels) => ({
    name: kernels.name,
    run: () => {
      const before = useKernels(kernels);
      step();
      useKernels(before);
    },
  }));
  report("a training step of 784-512-512-10, batch 128", alternate(contestants, 7), {
    name: "ms",
    of: (ms) => ms,
  });
}
