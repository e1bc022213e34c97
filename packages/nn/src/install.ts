import { net, object } from "./check-net.ts";
import { checks } from "./named-parameters.ts";

// The effects of importing nn.

Object.assign(checks, { net, object });
