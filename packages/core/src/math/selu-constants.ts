/** λ of SELU (Klambauer et al. 2017, eq. 14). */
export const SELU_LAMBDA = 1.0507009873554805;
/**
 * λ·α rounded once, minus the value SELU tends to on the left, with α = −√(2/π) / (erfc(1/√2)·√e − 1) = 1.6732632423543772
 * (ibid.). The product of the two rounded constants is 1 ulp less.
 */
export const SELU_LAMBDA_ALPHA = 1.7580993408473768;
