import type { KernelModule } from "@gradus/core";
import { bytes, digits } from "./bytes.ts";

// The kernels as a WebAssembly module: whether the host can run them, compiled when first needed, one instance for each thread.

/** The part of a shared `WebAssembly.Memory` that gradus uses. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

/** A `WebAssembly.Module`. */
export type CompiledModule = object;

/** The part of the `WebAssembly` object that gradus uses; the language's own library does not declare it. */
export interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => CompiledModule;
  readonly Instance: new (module: CompiledModule, imports: object) => { readonly exports: unknown };
  readonly Memory: new (limits: { initial: number; maximum: number; shared: true }) => SharedMemory;
}

/** The exports of an instance. Pointers are offsets in bytes; those beyond 2 GiB may come back negative. */
export interface KernelExports {
  /** The first byte that is not the kernels' own. */
  heapBase(): number;
  /** Where `completeLogTable()` must be written before the first instruction that needs logarithms. */
  logTable(): number;
  /** How much memory `initialize` asks for, in bytes. */
  scratchBytes(): number;
  /** Gives this instance memory that no other one uses; to be called before anything is run. */
  initialize(scratch: number): void;
  /** Does the share of thread number `thread` of `threads` in one instruction. */
  execute(instruction: number, thread: number, threads: number): void;
  /** Runs `count` instructions, one after the other, alone. */
  run(program: number, count: number): void;
  /**
   * Runs `count` instructions together with the workers that wait at `control`, as thread 0 of `threads`. Returns 0, or
   * why it gave up: the number of a thread that died, STOPPED or STALLED.
   */
  runShared(program: number, count: number, threads: number, control: number): number;
  /** Takes part as thread number `thread` in all that is run at `control`, until told to stop. */
  work(thread: number, threads: number, control: number): void;
}

/** The largest memory to ask for, in pages of 64 KiB: all that can be addressed, or half of it and so on, as the host permits. */
const MOST = 65_536;
const LEAST = 4_096;

/** The smallest module with a SIMD instruction, a shared memory and an atomic load. */
const PROBE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // the header
  ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00], // one type: () → ()
  ...[0x03, 0x02, 0x01, 0x00], // one function of it
  ...[0x05, 0x04, 0x01, 0x03, 0x01, 0x01], // a shared memory of one page
  ...[0x0a, 0x10, 0x01, 0x0e, 0x00], // the function's body, without local variables:
  ...[0x41, 0x00, 0xfd, 0x0f, 0x1a], // drop(i8x16.splat(0))
  ...[0x41, 0x00, 0xfe, 0x10, 0x02, 0x00, 0x1a, 0x0b], // drop(i32.atomic.load(0))
);

let compiled: CompiledModule | undefined;

/** The `WebAssembly` of this host, if it has one. */
export function webAssembly(): WebAssemblyApi | undefined {
  return (globalThis as unknown as { WebAssembly?: WebAssemblyApi }).WebAssembly;
}

/** Whether the kernels run here: that takes WebAssembly with SIMD, shared memories and atomics. */
export function isSupported(api?: WebAssemblyApi): boolean {
  try {
    return (api ?? webAssembly())?.validate(PROBE) === true;
  } catch {
    return false; // a host has only a part of WebAssembly, or guards it
  }
}

/** The compiled module; compiling takes some milliseconds, the first time only. */
export function kernelModule(): CompiledModule {
  compiled ??= new (webAssembly()!.Module)(decode({ digits, bytes }));
  return compiled;
}

/**
 * A memory for the kernels and all their threads. It can always be made; but only hosts that isolate the page let it be
 * sent to workers.
 *
 * @param pages how large it is to begin with, in pages of 64 KiB.
 * @throws RangeError if the host has no room.
 */
export function createMemory(pages: number = 64): SharedMemory {
  const { Memory } = webAssembly()!;
  for (let maximum = MOST; maximum >= LEAST; maximum /= 2) {
    try {
      return new Memory({ initial: pages, maximum, shared: true });
    } catch {
      // Less may still be had.
    }
  }
  return new Memory({ initial: pages, maximum: pages, shared: true });
}

/**
 * One instance of the kernels. Call `initialize` before anything else.
 *
 * @param wait called now and then while `runShared` waits for other threads; a number other than 0 makes it give up.
 */
export function createInstance(
  memory: SharedMemory,
  wait: () => number = () => 0,
  module: CompiledModule = kernelModule(),
): KernelExports {
  const { Instance } = webAssembly()!;
  return new Instance(module, { env: { memory, wait, execute: executeOf(memory) } }).exports as KernelExports;
}

type Execute = (instruction: number, ...rest: number[]) => void;

interface KernelModuleExports {
  readonly execute: Execute;
}

/** Runs instructions of modules that lie in the memory as the engine writes them; workers do the same (spawn.ts). */
function executeOf(memory: SharedMemory): Execute {
  const { Instance, Module } = webAssembly()!;
  const known: KernelModuleExports[] = [];
  return (instruction, ...rest) => {
    const words = new Int32Array(memory.buffer);
    const at = words[(instruction >>> 2) + 1] >>> 2;
    // A copy, because the code of a module may not lie in shared memory.
    known[at] ??= new Instance(new Module(new Uint8Array(memory.buffer, 4 * at + 4, words[at]).slice()), {
      env: { memory },
    }).exports as KernelModuleExports;
    known[at].execute(instruction, ...rest);
  };
}

/** The code of a module. Undoes `encode` of tools/build/build-kernels.ts. */
export function decode({ digits, bytes }: KernelModule): Uint8Array {
  const base = digits.length;
  const single = base - 2;
  const decoded: number[] = [];
  let start = 0;
  for (const character of bytes) {
    const digit = digits.indexOf(character);
    if (start === 0 && digit >= single) start = single + (digit - single) * base;
    else {
      decoded.push((start + digit - 16) & 255);
      start = 0;
    }
  }
  return Uint8Array.from(decoded);
}
