/** Trains the programs of the page in this browser, in each way of computing. */
import { hashesOf, type Made } from "./program.ts";
import type { Hashed } from "./protocol.ts";

const programs = import.meta.glob<{ make(): Made }>("./programs/*.ts", { eager: true });

self.onmessage = ({ data: name }: MessageEvent<string>): void => {
  const answer = (): Hashed => {
    try {
      const [, program] = Object.entries(programs).find(([file]) => file.endsWith(`-${name}.ts`)) ?? [];
      if (program === undefined) throw new Error(`there is no program ${name}`);
      return { name, hashes: hashesOf(program.make) };
    } catch (error) {
      return { name, error: (error as Error).message };
    }
  };
  postMessage(answer());
};
