export { loadMnist, type Mnist, type MnistOptions } from "./mnist.ts";
export { readIdxFile } from "./read-idx-file.ts";
