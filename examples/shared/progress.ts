import { Presets, SingleBar } from "cli-progress";

/** Told how far some work is, in whatever unit, and what is being done. */
export type Progress = (done: number, total: number, what: string) => void;

/** A bar on standard error, and nothing at all where that is no terminal. `stop` also gives the cursor back. */
export function barOnError(name: string): { progress: Progress; stop(): void } {
  if (process.stderr.isTTY !== true) return { progress: () => {}, stop: () => {} };
  const bar = new SingleBar(
    {
      format: `${name}{bar} {percentage} % {what}`,
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  bar.start(1, 0, { what: "" });
  const stop = (): void => {
    process.off("exit", stop);
    bar.stop();
  };
  process.once("exit", stop);
  return {
    progress(done, total, what) {
      bar.setTotal(total);
      bar.update(done, { what });
    },
    stop,
  };
}
