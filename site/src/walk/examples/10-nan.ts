// A NaN, and where it begins: log of a negative number. Every later number that depends on it is NaN too.
import { backward, tensor, variable } from "gradus";

const p = variable(tensor([0.9, 0.3, -0.2]));
const logs = p.log();
const loss = logs.mean().neg();
backward(loss);
