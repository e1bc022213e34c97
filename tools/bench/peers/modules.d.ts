// The peers are not installed with the workspace: these declarations let TypeScript accept the imports.
declare module "@jax-js/jax";
declare module "@tensorflow/tfjs-backend-cpu";
declare module "@tensorflow/tfjs-backend-wasm";
declare module "@tensorflow/tfjs-core";
declare module "@tensorflow/tfjs-layers";
declare module "brain.js/dist/browser.js";
