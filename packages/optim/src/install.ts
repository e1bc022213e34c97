import { checks } from "./descend.ts";
import { checkGradients } from "./gradients-for.ts";

// The effect of importing optim.

checks.gradients = checkGradients;
