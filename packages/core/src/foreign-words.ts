/**
 * Words of PyTorch, Keras, TensorFlow.js, JAX, scikit-learn and pandas, for "did you mean". All are in lower case without `_`
 * and `-`.
 */

/** Groups of names for the same thing. The one that a function of gradus knows is suggested for the others. */
export const SYNONYMS: readonly (readonly string[])[] = [
  "learningrate lr eta initiallr learningrateinit",
  "weightdecay wd l2",
  "slope alpha negativeslope",
  "axis axes dim dims",
  "std stdev stddev sigma scale",
  "low lower min minval minvalue",
  "high upper max maxval maxvalue",
  "delimiter separator sep",
  "rng shuffle seed randomstate generator",
  "factor gamma decayrate",
  "every stepsize decaysteps",
  "steps totalsteps decaysteps tmax maxsteps",
  "minimum etamin minlr minlearningrate endlearningrate",
  "at milestones boundaries",
  "risefraction pctstart",
  "startdivisor divfactor",
  "enddivisor finaldivfactor",
  "onnan numerics detectanomaly terminateonnan",
  "init kernelinitializer weightinit embeddingsinitializer initializer",
  "biasinit biasinitializer",
  "inputs x xs features xtrain",
  "targets y ys labels target ytrain",
  "classes numclasses nclasses depth",
  "order ord p",
  "loss criterion lossfn lossfunction",
  "optimizer solver optim",
  "epochs iterations iter maxiter numiterations maxepochs numepochs nepochs",
  "startepoch initialepoch",
  "droplast dropremainder",
  "direction mode",
  "differentiable creategraph",
  "cotangent gradient gradtensors",
  "bias usebias fitintercept",
  "positiveweight posweight scaleposweight",
  "beta1 betas",
  "epsilon eps",
  // Losses, activations and initializers, whose names other frameworks take as text.
  "crossentropy categoricalcrossentropy sparsecategoricalcrossentropy softmaxcrossentropy crossentropyloss",
  "bcewithlogits binarycrossentropy bcewithlogitsloss sigmoidcrossentropy logloss",
  "mse meansquarederror mseloss squarederror",
  "l1 mae meanabsoluteerror l1loss absoluteerror",
  "bce bceloss",
  "huber huberloss",
  "smoothl1 smoothl1loss",
  "kldiv kldivergence kullbackleiblerdivergence kldivloss kld",
  "nll nllloss",
  "silu swish",
  "glorotuniform xavieruniform xavier glorot",
  "glorotnormal xaviernormal",
  "heuniform kaiminguniform",
  "henormal kaimingnormal he kaiming",
  "constantinit constant",
].map((names) => names.split(" "));

/** What gradus has in place of options that it does not have; if there is a third word, only where that option is known. */
const WAYS: readonly (readonly [words: string, way: string, besides?: string])[] = [
  [
    "validationsplit validationfraction valsplit testsize",
    "dataset.split(0.8, rng) gives training data and data for the option validation of fit",
  ],
  ["verbose progress silent yieldevery", "for progress pass callbacks: [progressBar()] to fit"],
  [
    "learningrate lr eta",
    "the learning rate is an option of the optimizer: new Adam(namedParameters(net), { learningRate: 0.001 })",
    "optimizer",
  ],
  ["momentum nesterov dampening", "it is an option of the optimizer SGD"],
  ["beta1 beta2 betas amsgrad", "it is an option of the optimizers Adam and AdamW"],
  ["weightdecay wd l2 decay kernelregularizer regularizer", "pass weightDecay to the optimizer", "optimizer"],
  [
    "clipnorm clipvalue clipgradnorm gradientclipval",
    "pass clip: { globalNorm: 1 } to the optimizer",
    "optimizer",
  ],
  ["epochs batchsize validation callbacks", "it is an option of fit"],
  ["earlystopping patience earlystop", "pass callbacks: [earlyStopping({ patience: 5 })] to fit"],
  [
    "classweight classweights",
    "class weights are a param of the loss: crossEntropy(output, y, { classWeights })",
  ],
  [
    "sampleweight sampleweights",
    "weights of samples are an option of the data: new Dataset({ inputs, targets, weights })",
  ],
  ["unbiased ddof", "set correction: 0 to divide by n, 1 to divide by n − 1", "correction"],
  ["reduction", "it is a param of the loss"],
  ["activation", "put a function such as selu after this layer in Sequential"],
  ["units outputdim outfeatures", "sizes are arguments: new Dense(inputs, outputs, { rng })"],
  ["inputdim inputshape infeatures", "sizes are arguments: new Dense(inputs, outputs, { rng })"],
  ["stepsperepoch", "an epoch goes through the data once; dataset.take(n) is a part of them"],
  ["retaingraph", "leave it out: gradients can be taken again as long as their tensors are there"],
  ["requiresgrad", "make it variable(x) or new Parameter(x)"],
  ["inplace", "leave it out: no layer changes its input"],
  ["device cuda", "leave it out: there is one device, the CPU"],
  ["dtype", "leave it out: all numbers are float64"],
  ["format", "leave it out: the format is safetensors"],
];

/**
 * The way to do what an option of another framework does, as the end of a sentence; undefined for any other name.
 *
 * @param known the options of the called function.
 */
export function wayOf(name: string, known: readonly string[]): string | undefined {
  const found = WAYS.find(([words, , besides]) => {
    return words.split(" ").includes(plain(name)) && (besides === undefined || known.includes(besides));
  });
  return found?.[1];
}

/** A name in lower case without `_` and `-`. */
export function plain(name: string): string {
  return name.replace(/[_-]/g, "").toLowerCase();
}
