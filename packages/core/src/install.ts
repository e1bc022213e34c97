import { blockedProduct } from "./blocked.ts";
import {
  allocate,
  assign,
  axes,
  backward,
  broadcastTo,
  checkGiven,
  checkShape,
  checkState,
  gone,
  key,
  nearestName,
  noGradient,
  operands,
  params,
  product,
  reshape,
  tensor,
  update,
} from "./check-calls.ts";
import { checks } from "./checks.ts";
import { useMessages } from "./errors.ts";
import { readable, show } from "./messages.ts";
import { useProduct } from "./use-product.ts";

// The effects of importing core, besides the methods of tensors (fluent.ts, conversions.ts) and gradients (accumulate.ts).

useProduct(blockedProduct);
useMessages({ show, readable });
Object.assign(checks, {
  allocate,
  assign,
  axes,
  backward,
  broadcastTo,
  checkGiven,
  checkShape,
  checkState,
  nearestName,
  gone,
  key,
  noGradient,
  operands,
  params,
  product,
  reshape,
  tensor,
  update,
});
