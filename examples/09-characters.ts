/**
 * 09: a small causal transformer learns to write the sentences of a grammar, character by character.
 *
 * The verb agrees with the first noun: "the old cat near the red dogs sees …", which the letter before does not tell.
 */
import { backward, createRng, crossEntropy, type Rng, type Tensor, tensor, zeros } from "@gradus/core";
import { compile } from "@gradus/engine";
import * as nn from "@gradus/nn";
import { Adam, cosineDecay } from "@gradus/optim";

const LETTERS = " .abcdefghiklmnorstw";
const [TIME, SIZE] = [64, 32]; // of what the net sees: its characters, and the features of each
const WORDS = ["small old red", "cat dog bird goat hen", "see like follow"].map((words) => words.split(" "));
const [A, N, V] = WORDS.map((words) => `(?:${words.join("|")})`);
/** A sentence, with the endings of its first noun and of its verb, of which one must be an s. */
const RULE = new RegExp(`^the ${A} ${N}(s?)(?: near the ${A} ${N}s?)? ${V}(s?) the ${A} ${N}s?\\.$`);

function sentence(rng: Rng): string {
  const pick = (words: readonly string[]): string => words[Math.floor(rng.next() * words.length)];
  const thing = (ending: string): string => `the ${pick(WORDS[0])} ${pick(WORDS[1])}${ending}`;
  const ending = pick(["", "s"]);
  const place = pick(["", " near "]) && ` near ${thing(pick(["", "s"]))}`;
  return `${thing(ending)}${place} ${pick(WORDS[2])}${ending ? "" : "s"} ${thing(pick(["", "s"]))}.`;
}

const codesOf = (text: string): number[] => [...text].map((letter) => LETTERS.indexOf(letter));

/** Rows of characters: those that the net sees, and the character that follows each of them. */
function read(count: number, rng: Rng): [seen: Tensor, next: Tensor] {
  // A sentence has at least 30 characters with its blank, so that three are more than a row.
  const rows = Array.from({ length: count }, () => ` ${[0, 1, 2].map(() => sentence(rng)).join(" ")}`);
  const codes = (start: number): Tensor => tensor(rows.map((row) => codesOf(row.slice(start, start + TIME))));
  return [codes(0), codes(1).flatten()];
}

/** A sentence by the net: each character is drawn with the probability that the net gives it. */
function write(net: nn.Layer, rng: Rng): string {
  let text = " ";
  while (!text.endsWith(".") && text.length < TIME) {
    const logits = net.forward(tensor([codesOf(text)])).data.slice(-LETTERS.length);
    const below = tensor(logits).softmax({ axis: 0 }).cumsum({ axis: 0 }).lessEqual(rng.next()).sum().item();
    text += LETTERS[Math.min(below, LETTERS.length - 1)];
  }
  return text.slice(1);
}

export function main({ steps = 700, count = 20 } = {}): { losses: number[][]; right: number } {
  const rng = createRng("characters");
  const oneRowEach = (x: Tensor): Tensor => x.reshape({ shape: [-1, LETTERS.length] });
  const net = new nn.Sequential(
    new nn.Embedding(LETTERS.length, SIZE, { rng }),
    new nn.LearnedPositions(TIME, SIZE, { rng }),
    new nn.TransformerBlock(SIZE, 4, { rng, causal: true }),
    new nn.TransformerBlock(SIZE, 4, { rng, causal: true }),
    new nn.LayerNorm(SIZE),
    new nn.Dense(SIZE, LETTERS.length, { rng }),
    oneRowEach,
  );
  // For comparison, the bigram: a table of how often a letter follows another, as logits; times 20, so that it learns fast.
  const table = new nn.Embedding(LETTERS.length, LETTERS.length, { rng, init: zeros });
  const nets = [net, new nn.Sequential(table, (x) => x.mul(20), oneRowEach)];
  const adam = new Adam(nn.namedParameters(nets), { learningRate: cosineDecay(0.006, { steps }) });
  const step = compile((seen: Tensor, next: Tensor) => {
    const [loss, ofBigram] = nets.map((model) => crossEntropy(model.forward(seen), next));
    adam.step(backward(loss.add(ofBigram)));
    return [loss, ofBigram];
  });
  console.log(`By the grammar:\n  ${sentence(rng)}\nBefore training:\n  ${write(net, rng)}\n`);
  const losses = Array.from({ length: steps + 1 }, (_, i) => {
    const [loss, ofBigram] = step(...read(16, rng)).map((value) => value.item());
    if (i % 100 === 0)
      console.log(`step ${i}: loss ${loss.toFixed(2)}, of the bigram ${ofBigram.toFixed(2)}`);
    return [loss, ofBigram];
  });
  const lines = Array.from({ length: count }, () => write(net, rng));
  const right = lines.map((line) => RULE.exec(line) ?? []).filter(([, noun, verb]) => noun !== verb).length;
  console.log(`\nAfter training:\n  ${lines.slice(0, 6).join("\n  ")}\n${right} of ${count} are right.`);
  return { losses, right };
}
