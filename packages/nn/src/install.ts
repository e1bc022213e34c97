import {
  activationHint,
  fans,
  fixFields,
  initializerHint,
  input,
  inputs,
  net,
  object,
  tensor,
  wrappable,
  wrapped,
} from "./check-net.ts";
import { checks } from "./named-parameters.ts";

// The effects of importing nn.

Object.assign(checks, {
  activationHint,
  fans,
  fixFields,
  initializerHint,
  input,
  inputs,
  net,
  object,
  tensor,
  wrappable,
  wrapped,
});
