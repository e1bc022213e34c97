// Where does 3 come from? b depends on a, and c depends on a and on b.
import { backward, tensor, variable } from "gradus";

const a = variable(tensor(5));
const b = a.mul(2);
const c = a.add(b);
backward(c);
