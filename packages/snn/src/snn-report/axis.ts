import { math } from "@gradus/core";

/** An axis of a panel: the places of values, and its labels. @internal */
export interface Axis {
  /** The place of a value, from 0 at the low end to 1 at the high end; limited to [0, 1]. */
  readonly place: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** The axis for values; with `logarithmic`, it is logarithmic if they span more than a decade. @internal */
export function axisFor(values: readonly number[], logarithmic: boolean): Axis {
  const finite = values.filter(Number.isFinite);
  const positive = finite.filter((value) => value > 0);
  const [low, high] = [Math.min(...positive), Math.max(...positive)];
  if (logarithmic && high > 10 * low) return logAxis(low, high);
  return linearAxis(Math.min(...finite), Math.max(...finite));
}

function linearAxis(low: number, high: number): Axis {
  const margin = high > low ? 0.06 * (high - low) : 1;
  const [from, to] = [low - margin, high + margin];
  const step = roundStep((to - from) / 5);
  const first = Math.ceil(from / step);
  const count = Math.floor(to / step) - first + 1;
  const ticks = Array.from({ length: count }, (_, i) => (first + i) * step);
  return {
    place: (value) => clamp((value - from) / (to - from)),
    ticks: ticks.map((value) => ({ value, label: String(Number(value.toPrecision(6))) })),
  };
}

function logAxis(low: number, high: number): Axis {
  // 1e-9: the logarithm of a power of ten may be rounded below a whole number.
  const from = Math.floor(log10(low) + 1e-9);
  const to = Math.ceil(log10(high) - 1e-9);
  const step = Math.ceil((to - from) / 6);
  const ticks = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
  return {
    place: (value) => (value > 0 ? clamp((log10(value) - from) / (to - from)) : 0),
    ticks: ticks.map((power) => ({ value: Number(`1e${power}`), label: powerLabel(power) })),
  };
}

function powerLabel(power: number): string {
  return power >= -3 && power <= 4 ? String(Number(`1e${power}`)) : `1e${power}`;
}

/** The smallest number ≥ `least` that is 1, 2 or 5 times a power of ten. */
function roundStep(least: number): number {
  const power = Number(`1e${Math.floor(log10(least))}`);
  const factor = [1, 2, 5].find((round) => round * power >= least) ?? 10;
  return factor * power;
}

function log10(value: number): number {
  return math.log(value) / Math.LN10;
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
