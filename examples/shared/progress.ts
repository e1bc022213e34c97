import { Presets, SingleBar } from "cli-progress";

/** Receives the progress of some work, in any unit, and the name of the current part. */
export type Progress = (done: number, total: number, what: string) => void;

/** A progress bar on standard error, if that is a terminal; else nothing. `stop` also shows the cursor again. */
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
