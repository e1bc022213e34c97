import { ArgumentError, formatShape, type NamedParameter, Parameter, show } from "@gradus/core";
import type { Hyperparameters } from "./rule.ts";

/** Parameters with their own hyperparameters; those left out are taken from the optimizer's options. */
export type ParameterGroup<H> = { readonly parameters: readonly NamedParameter[] } & Partial<H>;

/** The parameters of an optimizer: named parameters, or groups of them. */
export type ParameterList<H> = readonly NamedParameter[] | readonly ParameterGroup<H>[];

/** A group with unchecked hyperparameters. */
export interface RawGroup {
  readonly parameters: readonly NamedParameter[];
  readonly overrides: Readonly<Record<string, unknown>>;
}

/** Checks the parameters of an optimizer; parameters without groups become one group. */
export function checkParameters<H extends Hyperparameters>(who: string, given: ParameterList<H>): RawGroup[] {
  const list: unknown = given;
  if (!Array.isArray(list)) {
    throw new ArgumentError(
      `${who}: needs a list of [name, parameter] pairs, such as namedParameters(net), or of groups { parameters, … }, ` +
        `got ${show(list)}`,
    );
  }
  if (list.length === 0) throw new ArgumentError(`${who}: the list of parameters is empty: nothing to train`);
  const grouped = list.some((item) => Object.hasOwn(Object(item), "parameters"));
  const groups = grouped
    ? Array.from(list, (group, index) => checkGroup(who, group, index))
    : [{ parameters: [...list], overrides: {} }];
  const owners = new Map<Parameter, string>();
  const names = new Set<string>();
  for (const { parameters } of groups) {
    for (const item of parameters) {
      const [name, parameter] = checkNamed(who, item);
      const owner = owners.get(parameter);
      if (owner !== undefined) {
        const both =
          owner === name ? `${show(name)} is listed` : `${show(owner)} is listed again as ${show(name)},`;
        throw new ArgumentError(`${who}: parameter ${both} twice; each must be in one group, once`);
      }
      if (names.has(name)) throw new ArgumentError(`${who}: two parameters are named ${show(name)}`);
      owners.set(parameter, name);
      names.add(name);
    }
  }
  return groups;
}

function checkGroup(who: string, group: unknown, index: number): RawGroup {
  if (typeof group !== "object" || group === null || !Object.hasOwn(group, "parameters")) {
    throw new ArgumentError(
      `${who}: group ${index} must be an object { parameters, … } as the others, got ${show(group)}`,
    );
  }
  const { parameters, ...overrides } = group as { parameters: unknown };
  if (!Array.isArray(parameters) || parameters.length === 0) {
    const got = Array.isArray(parameters) ? "an empty one" : show(parameters);
    throw new ArgumentError(`${who}: group ${index} needs a list of [name, parameter] pairs, got ${got}`);
  }
  return { parameters: [...parameters], overrides };
}

function checkNamed(who: string, item: unknown): NamedParameter {
  if (!Array.isArray(item) || item.length !== 2 || typeof item[0] !== "string") {
    const hint = item instanceof Parameter ? " without a name" : "";
    throw new ArgumentError(`${who}: each parameter is a pair [name, parameter], got ${show(item)}${hint}`);
  }
  const [name, parameter] = item;
  if (!(parameter instanceof Parameter)) {
    const shape = Array.isArray(parameter?.shape) ? ` ${formatShape(parameter.shape)}` : "";
    throw new ArgumentError(`${who}: ${show(name)} is not a Parameter but ${show(parameter)}${shape}`);
  }
  return [name, parameter];
}
