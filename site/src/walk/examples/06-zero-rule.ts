// √0 has the slope ∞, but where() does not take that value: 0 · ∞ counts as 0 in a gradient rule.
import { backward, tensor, variable, where } from "gradus";

const x = variable(tensor([0, 1, 4]));
const root = x.sqrt();
const y = where(x.greater(0), root, 0);
const sum = y.sum();
backward(sum);
