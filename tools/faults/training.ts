/**
 * The training that is killed: `training.ts FOLDER` resumes from the checkpoints in the folder and prints the digest of its
 * weights at the end. Ctrl-C saves. It saves after every third step, so that many kills come during a save.
 */
import { createRng, crossEntropy, GradusError, hashTensors } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { AlphaDropout, BatchNorm, Dense, namedParameters, namedTensors, SELU, Sequential } from "@gradus/nn";
import { Adam } from "@gradus/optim";
import { fit } from "@gradus/train";

const SAMPLES = 4000;

async function main(dir: string): Promise<void> {
  const rng = createRng("faults");
  const inputs = rng.split("points").normal([SAMPLES, 20]);
  const targets = Uint8Array.from(
    { length: SAMPLES },
    (_, i) => +(inputs.data[20 * i] > inputs.data[20 * i + 1]),
  );
  const weights = rng.split("weights");
  const net = new Sequential(
    new Dense(20, 100, { rng: weights.split("one") }),
    new BatchNorm(100),
    new SELU(),
    new AlphaDropout(0.1),
    new Dense(100, 2, { rng: weights.split("two") }),
  );
  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort(new Error("interrupted")));
  console.log("begun");
  const history = await fit(net, new Dataset({ inputs, targets, classes: 2 }), {
    optimizer: new Adam(namedParameters(net)),
    loss: crossEntropy,
    epochs: 3,
    batchSize: 20,
    rng: rng.split("training"),
    checkpoint: { dir, every: { steps: 3 } },
    resume: true,
    signal: interrupt.signal,
  });
  console.log(`${history.epochs.length} epochs`);
  console.log(hashTensors(namedTensors(net)));
}

try {
  await main(process.argv[2]);
} catch (error) {
  if ((error as Error).message === "interrupted") process.exitCode = 130;
  else {
    console.error(error instanceof GradusError ? `${error.name}: ${error.message}` : error);
    process.exitCode = 1;
  }
}
