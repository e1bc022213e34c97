import { blockedProduct } from "./blocked.ts";
import { checkGiven } from "./check-given.ts";
import { useMessages } from "./errors.ts";
import { useTakeGiven } from "./given.ts";
import { readable, show } from "./messages.ts";
import { nearestName } from "./nearest-name.ts";
import { useProduct } from "./product.ts";

// The effects of importing core, besides the methods of tensors (fluent.ts, conversions.ts) and gradients (accumulate.ts).

useProduct(blockedProduct);
useTakeGiven(checkGiven);
useMessages({ show, nearest: nearestName, readable });
