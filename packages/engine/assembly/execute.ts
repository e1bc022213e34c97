import {
  ADD,
  BERNOULLI,
  COPY,
  GEMM,
  LOG_SOFTMAX,
  SGD,
  SOFTMAX,
  SUM,
  UNIFORM,
  WHERE,
} from "../src/wasm/opcodes";
import { binary } from "./binary";
import { gemm } from "./gemm";
import { random } from "./random";
import { sum } from "./reduce";
import { softmax } from "./softmax";
import { unary } from "./unary";
import { update } from "./updates";
import { where } from "./where";

/** Does the share of thread number `thread` of `threads` in one instruction. */
export function execute(instruction: usize, thread: i32, threads: i32): void {
  const opcode = load<i32>(instruction);
  if (opcode >= WHERE) where(instruction, thread, threads);
  else if (opcode >= ADD) binary(instruction, thread, threads);
  else if (opcode >= COPY) unary(instruction, thread, threads);
  else if (opcode >= SGD) update(instruction, thread, threads);
  else {
    switch (opcode) {
      case GEMM:
        gemm(instruction, thread, threads);
        break;
      case SUM:
        sum(instruction, thread, threads);
        break;
      case SOFTMAX:
      case LOG_SOFTMAX:
        softmax(instruction, thread, threads);
        break;
      case BERNOULLI:
      case UNIFORM:
        random(instruction, thread, threads);
        break;
      default:
        unreachable();
    }
  }
}
