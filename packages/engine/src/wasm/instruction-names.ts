/** The names of all instructions, by opcode. */
const NAMES =
  "- gemm sum softmax logSoftmax bernoulli uniform sgd sgdMomentum rmsprop rmspropMomentum adam amsgrad prepareGradient shrink findNonFinite copy neg abs sign square sqrt rsqrt reciprocal exp expm1 log log1p tanh sigmoid logSigmoid softplus softsign relu clamp leakyRelu exponentialSlope elu silu mish add sub mul div chain maximum minimum equal notEqual greater greaterEqual less lessEqual where".split(
    " ",
  );

/** The opcode of an instruction, if it is one of those from `first` up to `end`; else null. */
export function opcodeOf(instruction: string, first: number, end: number): number | null {
  const opcode = NAMES.indexOf(instruction);
  return opcode >= first && opcode < end ? opcode : null;
}
