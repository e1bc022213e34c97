import { backward, variable } from "@gradus/core";

const a = variable(3);
const b = a.add(a); // 6
const c = b.mul(a); // 18

// c = 2a², so its derivative at 3 is 4·3.
export const slope: number = backward(c).of(a).item(); // 12
