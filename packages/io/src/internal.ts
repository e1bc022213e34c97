// Names for the checkpoints of @gradus/train. They may change in any release: programs must not import them.

export { KIND } from "./safetensors/digest.ts";
export { visible } from "./safetensors/text.ts";
export { assignTensors, type GivenTensors } from "./weights.ts";
