/** Runs a program under `watch`, and checks its gradient rules by difference quotients. */
import * as core from "@gradus/core";
import { type RuleEvent, type TraceData, watch } from "@gradus/core/watch";
import * as nn from "@gradus/nn";
import * as optim from "@gradus/optim";
import { type Callable, type Quotient, quotientsOf } from "./difference.ts";
import { withNamedLayers } from "./name-layers.ts";
import { type Program, runProgram } from "./program.ts";

/** What a page needs of a program that has run. */
export interface Recording {
  readonly trace: TraceData;
  /** By the id of a rule's event: the quotients of the elements of its input. */
  readonly quotients: Readonly<Record<number, readonly Quotient[]>>;
  /** The trace as a table of text. */
  readonly text: string;
}

/**
 * Watches a program.
 *
 * @param console takes the place of the global one.
 * @throws what the program throws; ArgumentError over the limits of `watch`.
 */
export function record(program: Program, console: object): Recording {
  const gradus = { ...core, ...nn, ...optim };
  const modules = {
    gradus,
    "@gradus/core": core,
    "@gradus/nn": nn,
    "@gradus/optim": optim,
  };
  const seen = watch((watcher) => {
    withNamedLayers(nn, watcher, () => {
      runProgram(program, modules, console, (given, value) => {
        if (value instanceof core.Tensor) watcher.name(value, given);
        else if (isNet(value)) {
          for (const [path, parameter] of nn.namedParameters(value)) watcher.name(parameter, path);
        }
      });
    });
  });
  // As JSON has it: a page may get it from a file or from a worker.
  const trace: TraceData = seen.toJSON();
  return { trace, quotients: checked(trace), text: String(seen) };
}

function isNet(value: unknown): value is nn.Layer {
  return typeof (value as { forward?: unknown } | null)?.forward === "function";
}

function checked(trace: TraceData): Record<number, readonly Quotient[]> {
  const ops = { ...core.ops, ...nn.layerOps } as unknown as Readonly<Record<string, Callable>>;
  const rules = trace.events.filter(
    (event): event is RuleEvent => event.kind === "rule" && event.within === null,
  );
  return Object.fromEntries(
    rules.flatMap((rule) => {
      const quotients = quotientsOf(trace, rule, ops);
      return quotients === null ? [] : [[rule.id, quotients]];
    }),
  );
}
