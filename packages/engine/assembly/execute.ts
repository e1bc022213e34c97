import { binary } from "./binary";
import { gemm } from "./gemm";
import * as op from "./instructions.generated";
import { random } from "./random";
import { sum } from "./reduce";
import { scratchAt } from "./scratch";
import { softmax } from "./softmax";
import { unary } from "./unary";
import { update } from "./updates";
import { where } from "./where";

/** Does the same in a module that comes with an op: the host knows it by the first word of the instruction. */
@external("env", "execute")
declare function executeModule(instruction: usize, thread: i32, threads: i32, scratch: usize): void;

/** Does the share of thread number `thread` of `threads` in one instruction. */
export function execute(instruction: usize, thread: i32, threads: i32): void {
  const opcode = load<i32>(instruction);
  if (opcode >= op.FIRST_BINARY) {
    if (opcode < op.FIRST_TERNARY) binary(instruction, thread, threads);
    else if (opcode < op.FIRST_WINDOW) where(instruction, thread, threads);
    else executeModule(instruction, thread, threads, scratchAt());
  } else if (opcode >= op.FIRST_UNARY) unary(instruction, thread, threads);
  else if (opcode < op.FIRST_PRODUCT) unreachable();
  else if (opcode < op.FIRST_REDUCTION) gemm(instruction, thread, threads);
  else if (opcode < op.FIRST_ROWS) sum(instruction, thread, threads);
  else if (opcode >= op.FIRST_UPDATE) update(instruction, thread, threads);
  else if (opcode >= op.FIRST_DRAW) random(instruction, thread, threads);
  else softmax(instruction, thread, threads);
}
