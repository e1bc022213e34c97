import { checks } from "./descend.ts";
import { gradientsFor } from "./gradients-for.ts";

// The effect of importing optim.

checks.gradients = gradientsFor;
