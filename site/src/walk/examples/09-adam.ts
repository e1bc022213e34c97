// One step of Adam (Kingma & Ba 2015, algorithm 1): it keeps means m of the gradient and v of its square.
import { Adam, backward, Parameter, tensor } from "gradus";

const weight = new Parameter([1, -2]);
const adam = new Adam([["weight", weight]], { learningRate: 0.1 });
const loss = weight
  .sub(tensor([3, 0]))
  .square()
  .sum();
adam.step(backward(loss));
