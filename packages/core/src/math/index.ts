/* First version: replaced by own elementary functions file by file. */
export const exp = (x: number): number => Math.exp(x);
export const expm1 = (x: number): number => Math.expm1(x);
export const log = (x: number): number => Math.log(x);
export const log1p = (x: number): number => Math.log1p(x);
export const tanh = (x: number): number => Math.tanh(x);
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
export const logSigmoid = (x: number): number => -softplus(-x);
export const sin = (x: number): number => Math.sin(x);
export const cos = (x: number): number => Math.cos(x);
export const pow = (x: number, y: number): number => x ** y;

/** 1 − erf(x) by its continued fraction or series. */
export function erfc(x: number): number {
  if (x < 2) return 1 - erf(x);
  let f = 0;
  for (let k = 60; k >= 1; k--) f = k / 2 / (x + f);
  return Math.exp(-x * x) / (x + f) / 1.7724538509055160273;
}

/** 2/√π ∫₀ˣ e^(−t²) dt by its series or through erfc. */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a >= 2) return Math.sign(x) * (1 - erfc(a));
  let term = x;
  let sum = x;
  for (let k = 1; k < 60; k++) {
    term *= (-x * x) / k;
    sum += term / (2 * k + 1);
  }
  return sum * 1.1283791670955126;
}
