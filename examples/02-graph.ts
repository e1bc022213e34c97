/**
 * 02: the recorded graph.
 *
 * Every result that a gradient can flow through has a record of its op and its inputs. These records are the graph:
 * `backward` walks it from the result to the inputs. This example walks it and prints it.
 */
import { backward, createRng, Parameter, type Tensor, tensor } from "@gradus/core";

/** The graph of x as text: one line for each tensor, inputs indented below their result. */
function draw(x: Tensor, names: ReadonlyMap<Tensor, string>, depth = 0): string[] {
  const what = x.record ? x.record.op.name : (names.get(x) ?? "constant");
  const line = `${"  ".repeat(depth)}${what} [${x.shape}]`;
  return [line, ...(x.record?.inputs ?? []).flatMap((input) => draw(input, names, depth + 1))];
}

export function main(): { lines: string[] } {
  const rng = createRng("graph");
  const x = tensor([[1, 2, 3]]);
  const weight = new Parameter(rng.normal([3, 2]));
  const bias = new Parameter([0.1, 0.2]);
  const loss = x.matmul(weight).add(bias).selu().square().mean();

  const lines = draw(
    loss,
    new Map([
      [x, "x"],
      [weight, "weight"],
      [bias, "bias"],
    ]),
  );
  console.log(lines.join("\n"));

  const gradients = backward(loss);
  console.log(`\nd loss / d weight =\n${gradients.of(weight)}`);
  console.log(`d loss / d bias = ${gradients.of(bias)}`);
  console.log(`x is a constant and has none: ${gradients.get(x)}`);
  return { lines };
}
