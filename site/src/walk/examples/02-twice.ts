// One tensor used twice in one op, and once more: its gradients add up.
import { backward, tensor, variable } from "gradus";

const a = variable(tensor(3));
const b = a.add(a);
const c = b.mul(a);
backward(c);
