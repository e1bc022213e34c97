// Names for the checkpoints of @gradus/train. They may change in any release: programs must not import them.

export { assignTensors, type GivenTensors, KIND } from "./weights.ts";
