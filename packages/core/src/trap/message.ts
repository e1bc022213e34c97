import type { FaultOperand, NumericsFault } from "../numerics-error.ts";
import { formatShape } from "../shape.ts";

/** The message for a fault: the op, the number it made, its operands, the layer and the calling line. */
export function faultMessage(fault: NumericsFault): string {
  const { op, inner, phase, rule, parameter, value, index, operands, layer, site } = fault;
  const call = `${inner ?? op}(${operands.map(({ shape }) => formatShape(shape)).join(", ")})`;
  const where = index.length === 0 ? "" : ` at ${formatShape(index)}`;
  const from = operands.map((x, i) => operandText(x, phase === "update" ? "operand" : "input", i));
  const finite = operands.every(
    ({ min, max }) => min > max || (Number.isFinite(min) && Number.isFinite(max)),
  );
  const given = finite ? "finite numbers" : "operands without NaN";
  const made = `made ${value}${where} of ${given}${from.length === 0 ? "" : ": "}${from.join(", ")}`;
  const of = parameter === null ? "" : ` of ${parameter}`;
  const sentence = {
    forward: inner === null ? `${call} ${made}` : `${op}: ${call} in it ${made}`,
    backward: `the ${ruleText(op, rule)}${inner === null ? "" : `: ${call}`} ${made}`,
    update: `the update ${call}${of} ${made}; what it changes may be changed already`,
  }[phase];
  return [
    sentence,
    ...(layer === null ? [] : [`in layer ${layer}`]),
    ...(site === null ? [] : [`${op} was called at ${site}`]),
  ].join("; ");
}

function ruleText(op: string, rule: NumericsFault["rule"]): string {
  if (!rule) return "";
  return `gradient rule of ${rule.op} towards input ${rule.input + 1}${rule.op === op ? "" : `, a part of ${op}`}`;
}

function operandText({ name, shape, value, min, max }: FaultOperand, kind: string, i: number): string {
  const who = name ?? `${kind} ${i + 1}`;
  if (value !== null) return `${who}${shape.length === 0 ? "" : " there"} is ${value}`;
  return max < min ? `${who} is empty` : `${who} lies in [${min}, ${max}]`;
}
