// What @gradus/train uses for its checkpoints. It may change in any release: programs do not import it.

export { assignTensors, type GivenTensors, KIND } from "./weights.ts";
