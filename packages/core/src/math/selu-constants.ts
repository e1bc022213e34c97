/** λ of SELU (Klambauer et al. 2017, eq. 14). */
export const SELU_LAMBDA = 1.0507009873554805;
/** α of SELU, −√(2/π) / (erfc(1/√2)·√e − 1) (ibid.). */
export const SELU_ALPHA = 1.6732632423543772;
/**
 * λ·α rounded once: SELU tends to −λα for x → −∞. The product of the two rounded constants, `SELU_LAMBDA * SELU_ALPHA`, is
 * 1 ulp less.
 */
export const SELU_LAMBDA_ALPHA = 1.7580993408473768;
