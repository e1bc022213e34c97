/** `structuredClone` and `postMessage` refuse symbols, and show this text; a layer without tensors would lose its methods. */
export const NOT_CLONED: symbol = Symbol("a layer (make it there, with the same options)");
