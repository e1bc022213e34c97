// The expression of micrograd's README (Karpathy 2020): g = 24.7041, dg/da = 138.8338, dg/db = 645.5773.
import { backward, tensor, variable } from "gradus";

const a = variable(tensor(-4));
const b = variable(tensor(2));
let c = a.add(b);
let d = a.mul(b).add(b.pow(3));
c = c.add(c).add(1);
c = c.add(c).add(1).sub(a);
d = d.add(d.mul(2)).add(b.add(a).relu());
d = d.add(d.mul(3)).add(b.sub(a).relu());
const e = c.sub(d);
const f = e.pow(2);
const g = f.div(2).add(f.reciprocal().mul(10));
backward(g);
