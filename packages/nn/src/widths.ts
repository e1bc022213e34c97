/**
 * For the compiler alone; nothing here runs, and the file may be skipped. A layer states what it does to the size of the
 * last axis, its width, so that `new Sequential(new Dense(784, 512, …), new Dense(256, 10, …))` is a type error under the
 * second layer. A layer that states nothing, or a width that only the run knows, fits everywhere.
 */
import type { Tensor } from "@gradus/core";
import type { Layer } from "./layer.ts";

/** What a layer does to the last axis: the size that it takes, and the size that it gives; "kept" for the same size. */
export interface Widths<Takes extends number = number, Gives extends number | "kept" = number | "kept"> {
  readonly takes: Takes;
  readonly gives: Gives;
}

/** A layer that states its {@link Widths}. The field does not exist when the program runs. */
export interface HasWidths<W extends Widths> {
  readonly "~widths"?: W;
}

/** The widths of a layer that takes every size and keeps it: activations, dropout. */
export type Kept = Widths<number, "kept">;

/** A layer, or a function that becomes one in `Sequential`. The first layer may take several inputs. */
// biome-ignore lint/suspicious/noExplicitAny: with never, `x` of a layer that is written in place would have no type
export type LayerLike = Layer<any> | ((x: Tensor) => Tensor);

/** The input of the first of several layers, and so of a `Sequential`. */
export type InputOfFirst<L extends readonly LayerLike[]> = L extends readonly [
  infer First,
  ...(readonly LayerLike[]),
]
  ? First extends Layer<infer In>
    ? In
    : Tensor
  : Tensor;

/** The layers of a `Sequential`, each with its own type; a function has become a layer. */
export type LayersOf<L extends readonly LayerLike[], Wrapped extends Layer<never>> = {
  readonly [K in keyof L]: AsLayer<L[K], Wrapped>;
};

type AsLayer<One, Wrapped> = One extends Layer<never> ? One : Wrapped;

/**
 * The layers that are given to `Sequential`. One that does not fit the layer before it gets a type that nothing has, whose
 * text is what `forward` would say.
 */
export type Fitting<L extends readonly LayerLike[], Before = Passed<L>> = {
  readonly [K in keyof L]: K extends keyof Before ? L[K] & Fits<WidthsOf<L[K]>["takes"], Before[K]> : L[K];
};

/** The widths of several layers, one after the other. */
export type Along<L extends readonly LayerLike[]> = Widths<Taken<L>, Last<Passed<L>>>;

/** Refuses a layer; `Reason` says why. */
export interface Misfit<Reason extends string> {
  readonly "~misfit": Reason;
}

type Fits<Takes extends number, Width> = Takes extends Width
  ? unknown
  : Width extends Takes | "kept"
    ? unknown
    : Misfit<`expects an input [..., ${Takes}], got [..., ${Width & number}]`>;

type WidthsOf<One> = One extends HasWidths<infer W> ? W : Widths;

/** The width in front of each layer, and the one after the last. Layers of unknown number have none. */
type Passed<
  L extends readonly LayerLike[],
  Width = "kept",
  Found extends readonly unknown[] = readonly [],
> = L extends readonly [infer First, ...infer Rest extends readonly LayerLike[]]
  ? Passed<Rest, After<WidthsOf<First>, Width>, readonly [...Found, Width]>
  : L extends readonly []
    ? readonly [...Found, Width]
    : unknown;

/** The width after one layer that gets `Width`. */
type After<W extends Widths, Width> = W["gives"] extends "kept"
  ? number extends W["takes"]
    ? Width
    : W["takes"]
  : W["gives"];

type Last<Found> = Found extends readonly [...unknown[], infer Width extends number | "kept"]
  ? Width
  : number;

/** The width that the first layer takes that does not keep any width. */
type Taken<L extends readonly LayerLike[]> = L extends readonly [
  infer First,
  ...infer Rest extends readonly LayerLike[],
]
  ? WidthsOf<First> extends Kept
    ? Taken<Rest>
    : WidthsOf<First>["takes"]
  : number;
