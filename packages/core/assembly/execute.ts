import {
  ADAM,
  ADD,
  AMSGRAD,
  BERNOULLI,
  COPY,
  GEMM,
  LOG_SOFTMAX,
  PREPARE_GRADIENT,
  RMSPROP,
  RMSPROP_MOMENTUM,
  SGD,
  SGD_MOMENTUM,
  SHRINK,
  SOFTMAX,
  SUM,
  UNIFORM,
  WHERE,
} from "../src/kernels/wasm/opcodes";
import { binary } from "./binary";
import { gemm } from "./gemm";
import { bernoulli, uniform } from "./random";
import { sum } from "./reduce";
import { logSoftmax, softmax } from "./softmax";
import { unary } from "./unary";
import {
  adam,
  amsgrad,
  prepareGradient,
  rmsprop,
  rmspropMomentum,
  sgd,
  sgdMomentum,
  shrink,
} from "./updates";
import { where } from "./where";

/** Does the share of thread number `thread` of `threads` in one instruction. */
export function execute(instruction: usize, thread: i32, threads: i32): void {
  const opcode = load<i32>(instruction);
  if (opcode >= WHERE) where(instruction, thread, threads);
  else if (opcode >= ADD) binary(instruction, thread, threads);
  else if (opcode >= COPY) unary(instruction, thread, threads);
  else {
    switch (opcode) {
      case GEMM:
        gemm(instruction, thread, threads);
        break;
      case SUM:
        sum(instruction, thread, threads);
        break;
      case SOFTMAX:
        softmax(instruction, thread, threads);
        break;
      case LOG_SOFTMAX:
        logSoftmax(instruction, thread, threads);
        break;
      case BERNOULLI:
        bernoulli(instruction, thread, threads);
        break;
      case UNIFORM:
        uniform(instruction, thread, threads);
        break;
      case SGD:
        sgd(instruction, thread, threads);
        break;
      case SGD_MOMENTUM:
        sgdMomentum(instruction, thread, threads);
        break;
      case RMSPROP:
        rmsprop(instruction, thread, threads);
        break;
      case RMSPROP_MOMENTUM:
        rmspropMomentum(instruction, thread, threads);
        break;
      case ADAM:
        adam(instruction, thread, threads);
        break;
      case AMSGRAD:
        amsgrad(instruction, thread, threads);
        break;
      case PREPARE_GRADIENT:
        prepareGradient(instruction, thread, threads);
        break;
      case SHRINK:
        shrink(instruction, thread, threads);
        break;
      default:
        unreachable();
    }
  }
}
