// What an instruction may do. Read by TypeScript, which writes instructions, and by AssemblyScript, which runs them.

/** Bytes of an instruction: 16 whole numbers of 4 bytes, the first of them the opcode, then 8 doubles. */
export const INSTRUCTION_BYTES = 128;
/** Where the doubles of an instruction begin. */
export const DOUBLES_AT = 64;

export const GEMM = 1;
/** Reductions over [outer, count, inner]. */
export const SUM = 2;
export const SOFTMAX = 3;
export const LOG_SOFTMAX = 4;
/** Random numbers. */
export const BERNOULLI = 5;
export const UNIFORM = 6;
/** Optimizers, and what looks through their gradients. */
export const SGD = 7;
export const SGD_MOMENTUM = 8;
export const RMSPROP = 9;
export const RMSPROP_MOMENTUM = 10;
export const ADAM = 11;
export const AMSGRAD = 12;
export const PREPARE_GRADIENT = 13;
export const SHRINK = 14;
export const FIND_NON_FINITE = 15;

/** Element-wise, one input: all from here to ADD. */
export const COPY = 16;
export const NEG = 17;
export const ABS = 18;
export const SIGN = 19;
export const SQUARE = 20;
export const SQRT = 21;
export const RSQRT = 22;
export const RECIPROCAL = 23;
export const EXP = 24;
export const EXPM1 = 25;
export const LOG = 26;
export const LOG1P = 27;
export const TANH = 28;
export const SIGMOID = 29;
export const LOG_SIGMOID = 30;
export const SOFTPLUS = 31;
export const SOFTSIGN = 32;
export const RELU = 33;
export const CLAMP = 34;
export const LEAKY_RELU = 35;
export const EXPONENTIAL_SLOPE = 36;
export const ELU = 37;
export const SILU = 38;
export const MISH = 39;

/** Element-wise, two inputs: all from here to WHERE. */
export const ADD = 40;
export const SUB = 41;
export const MUL = 42;
export const DIV = 43;
export const CHAIN = 44;
export const MAXIMUM = 45;
export const MINIMUM = 46;
export const EQUAL = 47;
export const NOT_EQUAL = 48;
export const GREATER = 49;
export const GREATER_EQUAL = 50;
export const LESS = 51;
export const LESS_EQUAL = 52;

/** Element-wise, three inputs. */
export const WHERE = 53;
