import { math } from "@gradus/core";

/** One direction of a panel: from values to places, and what is written beside it. @internal */
export interface Axis {
  /** Between 0 at the low end and 1 at the high end, and not beyond. */
  readonly place: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** The axis for values: logarithmic, where that is asked for, if they span more than a decade. @internal */
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
  // The small number keeps a power of ten where it is.
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

/** The next of 1, 2 and 5 times a power of ten. */
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
